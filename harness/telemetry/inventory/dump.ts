// What a look at a target found, before anything is made of it: the files with their contents, what managers answered.

import { createHash } from 'node:crypto';
import type { ScheduleFile } from '../../model/inventory.ts';
import type { SchedulerName } from '../../schedulers/index.ts';
import type { Accounts } from '../accounts.ts';
import type { CronProcess, Localtime } from './dumped-zone.ts';

export interface Dump {
  /** Milliseconds since the epoch, on the target's clock. */
  readonly nowMs: number;
  /** Milliseconds since boot at that moment: what systemd's monotonic times count from. */
  readonly uptimeMs: number;
  /** The machine's zone at that moment, in minutes east of UTC. */
  readonly offsetMinutes: number;
  /** /etc/localtime; undefined in dumps taken before it was recorded. */
  readonly localtime: Localtime | undefined;
  readonly cronDaemons: readonly CronProcess[];
  /** Schedulers of which a daemon runs, whoever started it. */
  readonly running: ReadonlySet<SchedulerName>;
  /** Folders of cron's tables, with their time of modification in seconds since the epoch. */
  readonly tableFolders: readonly { readonly path: string; readonly mtime: number }[];
  readonly accounts: Accounts;
  /** Scheduler programs that are installed, with what they link to. */
  readonly programs: ReadonlyMap<string, string>;
  /** What was said, by name: `system-units`, `user-units/alice`, `debian`. */
  readonly sections: ReadonlyMap<string, string>;
  readonly files: readonly DumpedFile[];
  readonly problems: readonly string[];
}

/** A file as found, with what a scheduler looks at besides its content. */
export interface DumpedFile extends Omit<ScheduleFile, 'mtime'> {
  readonly type: 'file' | 'symlink' | 'hardlink' | 'pipe' | 'device';
  readonly permissions: number;
  readonly uid: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** Has more than one name. */
  readonly links: boolean;
}

/** What an inventory keeps of a file's content. */
export const contentFields = (bytes: Uint8Array): Pick<DumpedFile, 'content' | 'sha256'> => ({
  content: textOf(bytes),
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** Permissions as an inventory writes them. */
export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** Text when the bytes are UTF-8 without NUL; null for anything else. */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
