// What judging and merging share about rules that stay silent on a technique they name.

import type { Silence } from './run-record.ts';

/** A technique takes its sub-techniques along: T1053 has T1053.003 within. */
export const isWithin = (technique: string, claimed: string): boolean =>
  technique === claimed || technique.startsWith(`${claimed}.`);

/** For sorting: what came closest to matching first, what had no event at all last. */
export const byCloseness = (a: Silence['nearest'], b: Silence['nearest']): number =>
  distanceOf(a) - distanceOf(b);

/** Finite, so that two of them can be subtracted. */
const distanceOf = ({ distance }: Silence['nearest']): number => distance ?? Number.MAX_VALUE;
