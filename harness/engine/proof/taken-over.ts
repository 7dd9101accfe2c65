// Schedules from before a step whose program, or what its environment is read from, the step wrote: nothing new is
// scheduled, and yet what it wrote will run.

import { posix } from 'node:path';
import type { Schedule } from '../../model/inventory.ts';
import { isSchedulePlace } from '../../schedulers/index.ts';
import type { Attribution, Role } from './attribution.ts';
import { type Act, actsOf, actsOfText, matcher, merged } from './job-acts.ts';
import { isBuiltin, readsItsCode, scriptOf } from './launcher.ts';

/** A schedule that was there, and what the step wrote of that which it runs. */
export interface TakenOver {
  readonly schedule: Schedule;
  readonly paths: readonly string[];
}

/**
 * Which of these schedules run something that a step of this role wrote. What lies where schedulers look is left out:
 * an inventory tells of that.
 * @param kept schedules that are as they were before the step
 */
export function takenOver(attribution: Attribution, role: Role, kept: readonly Schedule[]): TakenOver[] {
  const written = attribution
    .putBy(role)
    .filter((path) => !isSchedulePlace(path) && attribution.files.latest(path)?.isFolder !== true);
  if (written.length === 0) return [];
  return kept
    .filter(({ inert }) => inert === undefined)
    .flatMap((schedule) => {
      const isRun = anyOf([
        ...actsOfSchedule(schedule).flatMap((act) => filesOf(act, schedule)),
        ...(schedule.unit?.reads ?? []).map((file) => matcher(merged(file), '/')),
      ]);
      const paths = written.filter((path) => isRun(merged(path)));
      return paths.length > 0 ? [{ schedule, paths }] : [];
    });
}

/** The service manager executes a unit's programs itself, everybody else hands the entry to a shell. */
function actsOfSchedule({ command, unit }: Schedule): Act[] {
  if (!unit) return actsOfText(command, false) ?? [];
  const lines = unit.programs?.map((program) => program.command) ?? [command];
  return lines.flatMap((line) => {
    const words = line.split(' ').filter((word) => word !== '');
    return actsOf({ words, isConditional: false, stdin: null, reads: null }) ?? [];
  });
}

/** Matchers of the files that a command executes or has an interpreter read. */
function filesOf(act: Act, schedule: Schedule): ((path: string) => boolean)[] {
  const [program = ''] = act.words;
  const script = scriptOf(act.words);
  const isNamed = !program.includes('/') && !program.startsWith('$') && !isBuiltin(program);
  const programs = isNamed ? searchPath(schedule).map((folder) => posix.join(folder, program)) : [program];
  const read = readsItsCode(act.words) && act.stdin !== null ? [act.stdin] : [];
  return [...programs, ...(script === null ? [] : [script]), ...read].map((word) =>
    matcher(merged(word), '/'),
  );
}

/** @source crontab(5), at(1), systemd.exec(5): where each looks for a program that is named without its folder */
function searchPath({ environment, unit }: Schedule): string[] {
  const path = environment?.PATH ?? (unit ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin' : '/usr/bin');
  return path.split(':').map(merged);
}

const anyOf =
  (tests: readonly ((path: string) => boolean)[]) =>
  (path: string): boolean =>
    tests.some((test) => test(path));
