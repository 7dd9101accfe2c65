// Tables that cron never came to read: their times of modification were put back, and its log has no RELOAD of them.

import type { EcsEvent } from '../../model/event.ts';
import type { Inventory } from '../../model/inventory.ts';
import { userTableOwner } from '../../schedulers/cron.ts';
import { type TableTimes, whyUnread } from '../../schedulers/cron-reading.ts';
import { diffInventory, newSchedules } from '../../schedulers/inventory-diff.ts';
import type { InertReason } from './inert-reasons.ts';

/**
 * One reason for each new schedule of a table that cron did not read.
 * @param before the inventory before the attack, which cron has seen
 */
export function unreadTables(
  before: Inventory,
  after: Inventory,
  events: readonly EcsEvent[],
): InertReason[] {
  // A daemon that was started again reads everything.
  if (!before.folders || daemonOf(before) !== daemonOf(after)) return [];
  const known = timesOf(
    before,
    new Set(before.schedules.filter(({ inert }) => inert).map(({ file }) => file)),
  );
  const now = timesOf(after, new Set());
  return newSchedules(diffInventory(before, after)).flatMap(({ id, file }) => {
    const because =
      file === null || isReloaded(file, before.takenAt, events) ? null : whyUnread(file, known, now);
    return because === null ? [] : [{ about: id, subject: file as string, because }];
  });
}

/**
 * Tables, and folders of tables, whose time of modification is one of the time between two inventories.
 * @returns their paths
 */
export function writtenTables(before: Inventory, after: Inventory): string[] {
  const since = secondsOf(before.takenAt);
  const until = secondsOf(after.takenAt);
  return [...after.files, ...(after.folders ?? [])]
    .filter(({ mtime }) => mtime !== undefined && secondsOf(mtime) >= since && secondsOf(mtime) <= until)
    .map(({ path }) => path);
}

const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000);

const daemonOf = ({ zones }: Inventory): number | undefined => zones?.[0]?.daemon?.pid;

/** @param refused tables that cron could not use: it tries them, and with them all others, again each time */
function timesOf({ files, folders = [] }: Inventory, refused: ReadonlySet<string | null>): TableTimes {
  const tables = files.flatMap(({ path, mtime }) =>
    mtime === undefined || refused.has(path) ? [] : [[path, mtime] as const],
  );
  return {
    tables: new Map(tables),
    folders: new Map(refused.size > 0 ? [] : folders.map(({ path, mtime }) => [path, mtime])),
  };
}

function isReloaded(table: string, since: string, events: readonly EcsEvent[]): boolean {
  const owner = userTableOwner(table);
  return events.some((event) => {
    if (event.event.action !== 'cron-reload' || event['@timestamp'] < since) return false;
    const { file, user } = event.atomclock.job as { file?: string; user?: string };
    return file === table || (owner !== undefined && user === owner);
  });
}
