// All schedulers, and all their places. The only list of them.

import { anacron } from './anacron.ts';
import { at } from './at.ts';
import { cron } from './cron.ts';
import type { Place } from './place.ts';
import { runPartsPlaces } from './run-parts.ts';
import type { Scheduler } from './scheduler.ts';
import { systemd } from './systemd.ts';

export const schedulers: readonly Scheduler[] = [at, cron, anacron, systemd];

/** The more exact first: at's spool lies in cron's. */
export const allPlaces: readonly Place[] = [...schedulers.flatMap(({ places }) => places), ...runPartsPlaces];
