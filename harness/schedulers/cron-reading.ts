// By what cron sees that a table changed: times of modification alone, so that one that is put back hides the change.

import { cronTableOf } from './cron.ts';

/** Times of modification, to the second, by path. */
export interface TableTimes {
  readonly tables: ReadonlyMap<string, string>;
  /** Of the folders of tables; empty for a daemon that is told of changes (cronie's inotify). */
  readonly folders: ReadonlyMap<string, string>;
}

/**
 * Why cron does not read a table that was written after its last reading; null where it does.
 *
 * vixie cron looks each minute whether the folder of users' tables, /etc/crontab, /etc/cron.d or a table that it knows
 * in there has another time than at its last look; if none has, it reads nothing. If one has, it reads each table whose
 * own time is not that with which it read it before. cronie does the latter, too. They ask whether times are the same,
 * not which is later: an older one is read.
 * @param known what cron saw at its last reading, tables that it could not use left out
 * @source cron 3.0pl1-162 and cronie 1.7.2, database.c, load_database and process_crontab
 */
export function whyUnread(path: string, known: TableTimes, now: TableTimes): string | null {
  const mtime = now.tables.get(path);
  if (mtime === undefined) return null;
  if (known.tables.get(path) === mtime)
    return `cron did not read ${path} again: its modification time (${mtime}) is that of cron's last reading`;
  const folder = path.slice(0, path.lastIndexOf('/'));
  const folderTime = now.folders.get(folder);
  if (folderTime === undefined || !isUntouched(known, now)) return null;
  return `cron did not read ${path}: the modification time of ${folder} (${folderTime}), by which it looks whether a table there is new, is that of its last reading`;
}

/** Whether nothing that cron looks at has another time than before. */
function isUntouched(known: TableTimes, now: TableTimes): boolean {
  const watched = [...known.tables.keys()].filter((path) => cronTableOf(path)?.kind === 'system-crontab');
  return (
    now.folders.size > 0 &&
    [...now.folders].every(([path, mtime]) => known.folders.get(path) === mtime) &&
    watched.every((path) => now.tables.get(path) === known.tables.get(path)) &&
    now.tables.get('/etc/crontab') === known.tables.get('/etc/crontab')
  );
}
