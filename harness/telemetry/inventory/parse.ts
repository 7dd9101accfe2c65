// From what a look found to the inventory: schedules of every kind, and the files that decide about them.

import type { Inventory, ScheduleFile } from '../../model/inventory.ts';
import { cronTableOf } from '../../schedulers/cron.ts';
import { anacronSchedules } from './anacron.ts';
import { atSchedules } from './at.ts';
import { cronDaemon, cronSchedules, cronZone } from './cron.ts';
import type { Dump, DumpedFile } from './dump.ts';
import { runPartsSchedules } from './run-parts.ts';
import { timerSchedules } from './timers.ts';

/**
 * Makes an inventory of what a look found; pure.
 * @param earlier the inventory before an attack: a daemon that runs since then may keep the zone that it had
 */
export function readInventory(dump: Dump, earlier?: Inventory): Inventory {
  const zone = cronZone(dump, earlier);
  const tables = [...cronSchedules(dump, zone), ...anacronSchedules(dump)];
  return {
    takenAt: new Date(dump.nowMs).toISOString(),
    schedules: [
      ...atSchedules(dump),
      ...tables,
      ...runPartsSchedules(dump, tables),
      ...timerSchedules(dump),
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    files: dump.files.map(scheduleFile),
    // cronie is told of changes by the kernel; of other daemons it is not known by what they see them.
    ...(dump.sections.has('table-folders') && cronDaemon(dump) === 'vixie'
      ? { folders: dump.tableFolders.map(({ path, mtime }) => ({ path, mtime: isoTime(mtime) })) }
      : {}),
    ...(zone ? { zones: [zone.told] } : {}),
    problems: [...dump.problems],
  };
}

const scheduleFile = ({ path, mode, owner, content, sha256, target, mtime }: DumpedFile): ScheduleFile => ({
  path,
  mode,
  owner,
  content,
  sha256,
  ...(target === undefined ? {} : { target }),
  ...(cronTableOf(path) && mtime > 0 ? { mtime: isoTime(mtime) } : {}),
});

/** Whole seconds: the daemons compare no more of it. */
const isoTime = (seconds: number): string =>
  new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');
