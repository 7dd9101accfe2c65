// The check on how many cases the machine bears at the same time.

import { bearableJobs, type TargetNeeds } from '../../host/bearable-jobs.ts';
import type { EngineFacts } from '../../host/connection.ts';
import { type Room, roomOf } from '../../host/room.ts';
import type { Check } from './check.ts';

/** A row that is never `failed`: a run then has fewer at a time. */
export function checkJobs(
  facts: EngineFacts,
  targets: readonly TargetNeeds[],
  room: Room = roomOf(facts),
): Check {
  const { jobs, because } = bearableJobs(room, targets);
  const cpus = `${room.cpus} ${room.cpus === 1 ? 'CPU' : 'CPUs'}`;
  const found = `${jobs} ${jobs === 1 ? 'case' : 'cases'} at the same time (${cpus})`;
  if (because.length === 0) return { name: 'jobs', state: 'ok', found };
  return { name: 'jobs', state: 'note', found, wrong: because.join('\n') };
}
