// The journal sensor: a target's own log as ECS events, live from a target or from a saved file.

import type { EcsEvent } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';
import { journalEvent } from './ecs.ts';
import { parseEntry } from './entry.ts';

export { auditLineOf } from './audit-line.ts';
export { journalEvent } from './ecs.ts';
export { field, type JournalEntry, journalEntryOf, withMoreText } from './entry.ts';
export { startJournalSensor } from './sensor.ts';
export { parseSyslogLine, readSyslogLine } from './syslog-line.ts';

/**
 * One line of `journalctl -o json` as an event; pure, so that saved journals can be judged like live ones.
 * @param number position of the line in its file, from 1
 * @throws AtomclockError `journal/not-json`
 */
export function parseJournalJson(line: string, number: number, accounts: Accounts = noAccounts): EcsEvent {
  return journalEvent(parseEntry(line), number, accounts);
}
