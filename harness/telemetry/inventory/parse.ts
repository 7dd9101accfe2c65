// From what the script printed to the inventory: schedules of every kind, and the files that decide about them.

import type { Inventory, ScheduleFile } from '../../model/inventory.ts';
import { anacronSchedules } from './anacron.ts';
import { atSchedules } from './at.ts';
import { cronSchedules } from './cron.ts';
import { type DumpedFile, unpackDump } from './dump.ts';
import { runPartsSchedules } from './run-parts.ts';
import { timerSchedules } from './timers.ts';

/**
 * Reads the output of the inventory script; pure.
 * @throws AtomclockError `inventory/unreadable`
 */
export function parseInventory(output: string): Inventory {
  const dump = unpackDump(output);
  const tables = [...cronSchedules(dump), ...anacronSchedules(dump)];
  return {
    takenAt: new Date(dump.nowMs).toISOString(),
    schedules: [
      ...atSchedules(dump),
      ...tables,
      ...runPartsSchedules(dump, tables),
      ...timerSchedules(dump),
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    files: dump.files.map(scheduleFile),
    problems: [...dump.problems],
  };
}

const scheduleFile = ({ path, mode, owner, content, sha256, target }: DumpedFile): ScheduleFile => ({
  path,
  mode,
  owner,
  content,
  sha256,
  ...(target === undefined ? {} : { target }),
});
