// How many cases run at the same time: as many as were asked for, else as many as the machine bears.

import { bearableJobs } from '../docker/host/bearable-jobs.ts';
import type { EngineFacts } from '../docker/host/connection.ts';
import { roomOf } from '../docker/host/room.ts';
import type { PoolLimits } from '../engine/run/pool.ts';
import type { TargetDefinition } from '../model/target.ts';

/**
 * @param asked as `--jobs` has it; null: nobody asked
 * @param note told where the machine bears fewer than its processors, or than were asked for
 */
export function chooseJobs(
  asked: number | null,
  facts: EngineFacts,
  targets: Iterable<TargetDefinition>,
  note: (message: string) => void,
): PoolLimits {
  const room = roomOf(facts);
  const { jobs, open, because } = bearableJobs(
    room,
    [...targets].map(({ profile }) => profile),
  );
  // Who asks for so many at the same time gets no more; else those that wait for a clock are not counted.
  const limits = asked === null ? { busy: jobs, open } : { busy: asked, open: asked };
  if (because.length === 0 || (asked !== null && asked <= jobs)) return limits;
  const cases = `${jobs} ${jobs === 1 ? 'case' : 'cases'} at the same time`;
  const why = because.join('; ');
  note(
    asked === null
      ? `${cases}: this machine bears no more (${why})`
      : `--jobs ${asked}: this machine bears ${cases} (${why})`,
  );
  return limits;
}
