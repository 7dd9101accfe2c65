// Why a job that was scheduled will never run, in the words of the system itself.

import type { EcsEvent } from '../model/event.ts';
import type { Schedule } from '../model/inventory.ts';
import type { ScheduleDiff } from './schedule-diff.ts';

export interface InertReason {
  /** What it is about: a schedule's command or a file. */
  about: string;
  /** The evidence: a log line, or what the inventory saw. */
  because: string;
}

/** What cron says of tables that it will not use (cron(8), crontab(5); cronie says BAD FILE MODE and WRONG FILE OWNER). */
const refusals =
  /\b(?:Error: .*while reading|ORPHAN|BAD (?:MINUTE|HOUR|FILE MODE)|bad (?:minute|hour|day|month|command|username|file mode)|INSECURE MODE|WRONG (?:FILE OWNER|INODE)|CAN'T OPEN|SYMLINK|NUMBER OF HARD LINKS|Syntax error)\b/;

/** Every reason known so far; several may concern one schedule. */
export function inertReasons(diff: ScheduleDiff, events: readonly EcsEvent[]): InertReason[] {
  const reasons = [...fromInventory(diff.added), ...fromLog(diff, events)];
  // The inventory may have read the very line that the log has.
  return [...new Map(reasons.map((reason) => [`${reason.about}\n${reason.because}`, reason])).values()];
}

const fromInventory = (added: readonly Schedule[]): InertReason[] =>
  added.flatMap(({ inert, file, command }) => (inert ? [{ about: file ?? command, because: inert }] : []));

/** Log lines that refuse a table and name one of the files that are new or changed, or its base name. */
function fromLog({ added, files }: ScheduleDiff, events: readonly EcsEvent[]): InertReason[] {
  const paths = new Set([...added.flatMap(({ file }) => file ?? []), ...files.map(({ path }) => path)]);
  const reasons: InertReason[] = [];
  for (const { message } of events) {
    if (!message || !refusals.test(message)) continue;
    for (const path of paths) {
      const mentions = message.includes(path) || message.includes(`(${baseName(path)})`);
      if (mentions) reasons.push({ about: path, because: message });
    }
  }
  return reasons;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether nothing that was added can ever run, as far as is known. */
export function isHopeless({ added }: ScheduleDiff, reasons: readonly InertReason[]): boolean {
  const dead = new Set(reasons.map(({ about }) => about));
  return added.length > 0 && added.every(({ file, command, inert }) => inert || dead.has(file ?? command));
}
