// A log file as events: journal entries, syslog lines, audit records and Sysmon's events, mixed as they come, since
// one may carry the other.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import { AuditLogReader } from './audit/index.ts';
import {
  auditLineOf,
  field,
  type JournalEntry,
  journalEvent,
  parseSyslogLine,
  withMoreText,
} from './journal/index.ts';
import { sysmonEvent } from './sysmon.ts';

/** An event, and the line on which it begins. */
export interface LogEvent {
  readonly line: number;
  readonly event: object;
}

/** More lines than this belong to no message: the file has become something else. */
const longestMessage = 1000;

/** Reads one file; pure but for the year that syslog leaves out. */
export class LogFileReader {
  readonly #file: string;
  readonly #now: Date;
  readonly #audit = new AuditLogReader();
  /** A message that the next line may go on with. */
  #open: { readonly line: number; entry: JournalEntry; lines: number } | undefined;
  #isKnown = false;
  #passedOver = 0;
  #firstPassedOver = 0;

  /** @param file its name, for complaints */
  constructor(file: string, now: Date) {
    this.#file = file;
    this.#now = now;
  }

  /**
   * The events that are complete with this line of text.
   * @throws AtomclockError `replay/unknown-format` when the first line is of no log that is known here
   */
  push(text: string, line: number): LogEvent[] {
    const records = this.#audit.push(text, line);
    const entry = records ? undefined : (parseSyslogLine(text, this.#now) ?? bareSysmonEntry(text));
    if (!records && !entry) {
      if (this.#open && this.#open.lines < longestMessage) {
        this.#open.entry = withMoreText(this.#open.entry, text);
        this.#open.lines += 1;
      } else if (!separators.test(text)) this.#passOver(text, line);
      return [];
    }
    this.#isKnown = true;
    const before = this.#finish();
    if (entry) this.#open = { line, entry, lines: 1 };
    return records ? [...before, ...records] : before;
  }

  /** The events that are complete with this entry of a journal. */
  take(entry: JournalEntry, line: number): LogEvent[] {
    const record = auditLineOf(entry);
    const records = record === undefined ? undefined : this.#audit.push(record, line);
    if (records) return records;
    const isSysmon = (field(entry, 'SYSLOG_IDENTIFIER') ?? 'sysmon') === 'sysmon';
    const event = isSysmon ? sysmonEvent(field(entry, 'MESSAGE') ?? '') : undefined;
    return [...this.#audit.pass(), { line, event: event ?? journalEvent(entry, line) }];
  }

  /** What was still open. */
  end(): LogEvent[] {
    return [...this.#finish(), ...this.#audit.end()];
  }

  /** What was said of lines that belong to nothing; undefined when there were none. */
  get note(): string | undefined {
    return this.#passedOver === 0
      ? undefined
      : `${this.#file}:${this.#firstPassedOver}:1: neither an audit record nor a syslog line, passed over (${this.#passedOver} such lines)`;
  }

  #finish(): LogEvent[] {
    const open = this.#open;
    this.#open = undefined;
    return open ? this.take(open.entry, open.line) : [];
  }

  #passOver(text: string, line: number): void {
    if (!this.#isKnown) throw unknownFormat(`${this.#file}:${line}:1`, text);
    this.#passedOver += 1;
    this.#firstPassedOver ||= line;
  }
}

/** Sysmon's event as tools cut it out of syslog: it may go on with the next line, too. */
const bareSysmonEntry = (text: string): JournalEntry | undefined =>
  text.startsWith('<Event><System><Provider Name="Linux-Sysmon"')
    ? { fields: new Map([['MESSAGE', text]]) }
    : undefined;

/** What ausearch and journalctl print between events. */
const separators = /^(?:----$|time->|-- )/;

/** Listings that cannot be read back, by how they begin. */
const refused: readonly (readonly [form: RegExp, what: string])[] = [
  [
    /^(?:node=\S+ )?type=\S+ msg=audit\(\S+ \S+\) ?:/,
    'a log with its values interpreted (ausearch -i), which does not keep them whole; use ausearch --raw',
  ],
  [/^__CURSOR=/, 'the journal export format; use journalctl -o json'],
];

function unknownFormat(place: string, text: string): AtomclockError {
  const known = refused.find(([form]) => form.test(text))?.[1];
  return new AtomclockError(
    'replay/unknown-format',
    known
      ? `${place}: this is ${known}`
      : `${place}: expected JSON objects, journalctl -o json, an audit log, syslog or Sysmon for Linux, got ${JSON.stringify(text.slice(0, 60))}`,
    { exitCode: exitCodes.badInput },
  );
}
