// What changed between two inventories: each schedule and each file that is new, different or gone.

import type { Inventory, Schedule, ScheduleFile } from '../model/inventory.ts';
import { isDaemonNote } from './index.ts';

export type InventoryChange =
  | { readonly subject: 'schedule'; readonly change: 'added'; readonly after: Schedule }
  | {
      readonly subject: 'schedule';
      readonly change: 'changed';
      readonly before: Schedule;
      readonly after: Schedule;
    }
  | { readonly subject: 'schedule'; readonly change: 'removed'; readonly before: Schedule }
  | { readonly subject: 'file'; readonly change: 'added'; readonly after: ScheduleFile }
  | {
      readonly subject: 'file';
      readonly change: 'changed';
      readonly before: ScheduleFile;
      readonly after: ScheduleFile;
    }
  | { readonly subject: 'file'; readonly change: 'removed'; readonly before: ScheduleFile };

/**
 * Compares two inventories of one target. That a schedule came nearer or was run is no change;
 * notes that daemons keep for themselves (at's job counter, anacron's days) are none either.
 */
export function diffInventory(before: Inventory, after: Inventory): InventoryChange[] {
  const schedules = compare(
    before.schedules,
    after.schedules,
    ({ id }) => id,
    (schedule, of) => scheduleIdentity(schedule, of === 'before' ? before : after),
  );
  const isNote = ({ path }: ScheduleFile): boolean => isDaemonNote(path);
  const files = compare(
    before.files.filter((file) => !isNote(file)),
    after.files.filter((file) => !isNote(file)),
    ({ path }) => path,
    fileIdentity,
  );
  return [
    ...schedules.map((change) => ({ subject: 'schedule' as const, ...change })),
    ...files.map((change) => ({ subject: 'file' as const, ...change })),
  ];
}

/** Schedules that are new or changed: what may be launched now and could not before. */
export const newSchedules = (changes: readonly InventoryChange[]): Schedule[] =>
  changes.flatMap((change) =>
    change.subject === 'schedule' && change.change !== 'removed' && !isSwitchedOff(change)
      ? [change.after]
      : [],
  );

/** Schedules of an earlier inventory that are as they were. */
export function keptSchedules(before: Inventory, changes: readonly InventoryChange[]): Schedule[] {
  const touched = new Set(
    changes.flatMap((change) =>
      change.subject === 'schedule' && change.change !== 'added' ? [change.before.id] : [],
    ),
  );
  return before.schedules.filter(({ id }) => !touched.has(id));
}

/** Schedules by what became of them; a changed one is among the gone, as it was, and among the new, as it is. */
export interface ScheduleNews {
  readonly added: readonly Schedule[];
  readonly kept: readonly Schedule[];
  readonly gone: readonly Schedule[];
}

export const scheduleNews = (before: Inventory, changes: readonly InventoryChange[]): ScheduleNews => ({
  added: newSchedules(changes),
  kept: keptSchedules(before, changes),
  gone: changes.flatMap((change) =>
    change.subject === 'schedule' && change.change !== 'added' ? [change.before] : [],
  ),
});

/** An old schedule that only stopped, because its timer or its daemon was stopped. */
function isSwitchedOff(change: Extract<InventoryChange, { subject: 'schedule' }>): boolean {
  if (change.change !== 'changed') return false;
  const { before, after } = change;
  return (
    before.inert === undefined &&
    after.inert !== undefined &&
    // What is masked has no settings left to compare.
    (after.when === '' ||
      (before.when === after.when && before.user === after.user && before.command === after.command))
  );
}

type Change<T> =
  | { readonly change: 'added'; readonly after: T }
  | { readonly change: 'changed'; readonly before: T; readonly after: T }
  | { readonly change: 'removed'; readonly before: T };

function compare<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => string,
  identity: (item: T, of: 'before' | 'after') => string,
): Change<T>[] {
  const known = new Map(before.map((item) => [key(item), item]));
  const kept = new Set(after.map(key));
  const changes: Change<T>[] = [];
  for (const item of after) {
    const old = known.get(key(item));
    if (old === undefined) changes.push({ change: 'added', after: item });
    else if (identity(old, 'before') !== identity(item, 'after'))
      changes.push({ change: 'changed', before: old, after: item });
  }
  for (const item of before) if (!kept.has(key(item))) changes.push({ change: 'removed', before: item });
  return changes;
}

function scheduleIdentity(schedule: Schedule, { files }: Inventory): string {
  const { kind, user, when, command, stdin, environment, file, unit, inert } = schedule;
  // A script is the job itself: with another text it is another job.
  const script = kind === 'run-parts' ? files.find(({ path }) => path === file)?.sha256 : undefined;
  const timer = [unit?.activates, unit?.active];
  return JSON.stringify([user, when, command, stdin, environment, file, script, ...timer, inert]);
}

const fileIdentity = ({ mode, owner, sha256, target }: ScheduleFile): string =>
  JSON.stringify([mode, owner, sha256, target]);
