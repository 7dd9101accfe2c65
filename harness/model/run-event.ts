// What a run says while it runs: one protocol for the terminal, a page, a watcher, and the file progress.ndjson.

import type { Problem } from './errors.ts';
import type { Observation } from './expectation.ts';
import type { CaseRecord, Proof, RunRecord, Step } from './run-record.ts';

/** What a case is doing, in the order in which it does it; a case may go without some, and cleans up after each use. */
export const casePhases = [
  'boot',
  'mitigation',
  'inventory',
  'prerequisites',
  'attack',
  'wait',
  'cleanup',
  'legitimate',
] as const;
export type CasePhase = (typeof casePhases)[number];

/** What is said, before whoever keeps the clock adds the time. */
export type RunFact =
  /** Something for people that belongs to no case: an image is built, a container of a dead run was removed. */
  | { readonly kind: 'note'; readonly message: string }
  /** Content that cannot be used, or that somebody should look at. */
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** Images and sensors are there; the cases begin. */
  | {
      readonly kind: 'run-started';
      readonly run: string;
      readonly folder: string;
      readonly sensors: readonly string[];
      readonly clock: 'fast' | 'real';
      readonly cases: number;
    }
  /** Once for each case, before the first of them begins. */
  | {
      readonly kind: 'case-planned';
      readonly case: string;
      /** `idle` is the control that does nothing. */
      readonly of: 'attack' | 'benign' | 'idle';
      readonly title: string;
      readonly technique: string | null;
      readonly user: string;
      readonly target: string;
      readonly mitigation: string | null;
    }
  | { readonly kind: 'case-started'; readonly case: string }
  | { readonly kind: 'phase'; readonly case: string; readonly phase: CasePhase }
  /** A command of the case that has ended, with its answer. */
  | ({ readonly kind: 'step'; readonly case: string } & Step)
  /** A scheduler has launched the payload of the attack, or of legitimate use under a mitigation. */
  | {
      readonly kind: 'launched';
      readonly case: string;
      readonly of: 'attack' | 'legitimate';
      readonly proof: Proof;
    }
  /** A rule matched events of the attack itself. */
  | {
      readonly kind: 'matched';
      readonly case: string;
      readonly rule: string;
      readonly eventIds: readonly string[];
    }
  /** Its target is gone, and its evidence kept. */
  | {
      readonly kind: 'case-finished';
      readonly case: string;
      readonly observation: Observation | null;
      readonly ms: number;
    }
  /** Its verdict is final: under a mitigation, once its control is in too. The idle control has none. */
  | {
      readonly kind: 'case-judged';
      readonly case: string;
      readonly verdict: CaseRecord['verdict'];
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'run-finished'; readonly summary: RunRecord['summary'] };

/** One fact, with the time at which it was said (ISO 8601, UTC). */
export type RunEvent = { readonly at: string } & RunFact;

export type OnRunEvent = (event: RunEvent) => void;
export type OnRunFact = (fact: RunFact) => void;
