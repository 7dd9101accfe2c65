// What an atomic added to, changed in or removed from the schedules of a target.

import type { Inventory, Schedule, ScheduleFile } from '../model/inventory.ts';

export interface ScheduleDiff {
  /** Schedules that are new or that differ in when, who, what or where. */
  added: Schedule[];
  removed: Schedule[];
  /** Files that are new or have other content, mode, owner or link target. */
  files: ScheduleFile[];
}

export function diffSchedules(before: Inventory, after: Inventory): ScheduleDiff {
  const known = new Map(before.schedules.map((schedule) => [schedule.id, identity(schedule)]));
  const files = new Map(before.files.map((file) => [file.path, fileIdentity(file)]));
  const kept = new Set(after.schedules.map(({ id }) => id));
  return {
    added: after.schedules.filter((schedule) => known.get(schedule.id) !== identity(schedule)),
    removed: before.schedules.filter(({ id }) => !kept.has(id)),
    files: after.files.filter((file) => files.get(file.path) !== fileIdentity(file)),
  };
}

const identity = ({ user, when, command, file, unit, inert }: Schedule): string =>
  JSON.stringify([user, when, command, file, unit?.timer, unit?.activates, unit?.active, inert]);

const fileIdentity = ({ sha256, mode, owner, target }: ScheduleFile): string =>
  JSON.stringify([sha256, mode, owner, target]);
