// A log file as events: journal entries, syslog lines, audit records and Sysmon's events, mixed as they come, since
// one may carry the other.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import { AuditLogReader } from './audit/index.ts';
import {
  auditLineOf,
  field,
  type JournalEntry,
  journalEvent,
  readSyslogLine,
  withMoreText,
} from './journal/index.ts';
import { baseName } from './path-fields.ts';
import { sysmonEvent } from './sysmon.ts';
import { offsetBetween, offsetClock, offsetText, type WallClock } from './wall-clock.ts';

/** An event, and the line on which it begins. */
export interface LogEvent {
  readonly line: number;
  readonly event: object;
}

/** More lines than this belong to no message: the file has become something else. */
const longestMessage = 1000;

interface Held {
  readonly text: string;
  readonly line: number;
  readonly written: string | undefined;
}

/** So many lines wait for a record that tells the zone; a longer file without one is read as UTC. */
const mostHeld = 20_000;

export interface LogFileOptions {
  /** The clock of the machine that wrote times without a zone; absent: told by the audit records, else UTC. */
  readonly clock?: WallClock | undefined;
}

/** Reads one file; pure but for the year that syslog leaves out. */
export class LogFileReader {
  readonly #file: string;
  #now: Date;
  readonly #audit = new AuditLogReader();
  /** A message that the next line may go on with. */
  #open: { readonly line: number; entry: JournalEntry; lines: number } | undefined;
  #isKnown = false;
  #passedOver = 0;
  #firstPassedOver = 0;
  /** Whether a zone need not be looked for any more. */
  #isZoneSettled: boolean;
  #clock: WallClock;
  #held: Held[] = [];
  /** For the notes: the first line with a time of no zone, and what told the zone. */
  #firstWithoutZone = 0;
  #toldBy: { readonly line: number; readonly offset: number } | undefined;
  /** The clock time of the line before, where it has no zone. */
  #clockBefore: number | undefined;
  #lastMs: number | undefined;

  /** @param file its name, for problems */
  constructor(file: string, now: Date, { clock }: LogFileOptions = {}) {
    this.#file = file;
    this.#now = now;
    this.#clock = clock ?? offsetClock(0);
    this.#isZoneSettled = clock !== undefined;
  }

  /**
   * The events that are complete with this line of text.
   * @param written when, where a collector tells: such a line is an event whatever it says
   * @throws AtomclockError `replay/unknown-format` when the first line is of no log that is known here
   */
  push(text: string, line: number, written?: string): LogEvent[] {
    const held = { text, line, written };
    if (this.#isZoneSettled) return this.#read(held);
    const offset = this.#offsetToldBy(text, line);
    if (offset !== undefined) {
      this.#clock = offsetClock(offset);
      this.#toldBy = { line, offset };
    }
    if (this.#held.length === 0 && this.#firstWithoutZone === 0) return this.#read(held);
    this.#held.push(held);
    return offset !== undefined || this.#held.length >= mostHeld ? this.#settle() : [];
  }

  /** No zone will be told any more: what waited for it is read. */
  #settle(): LogEvent[] {
    this.#isZoneSettled = true;
    const held = this.#held;
    this.#held = [];
    return held.flatMap((line) => this.#read(line));
  }

  /**
   * The offset from UTC of the clock that wrote the lines without a zone: the time of an audit record is an instant,
   * and the line that carries it, or stands beside it, was written at that time.
   */
  #offsetToldBy(text: string, line: number): number | undefined {
    const stamp = /\baudit\((\d{9,10})\.(\d{3}):\d+\)/.exec(text);
    const instantMs = stamp ? Number(stamp[1]) * 1000 + Number(stamp[2]) : undefined;
    // The year that the lines leave out is that of the record.
    const now = instantMs === undefined ? this.#now : new Date(instantMs + 86_400_000);
    const time = readSyslogLine(text, now)?.time;
    const before = this.#clockBefore;
    if (time?.kind === 'clock') {
      this.#firstWithoutZone ||= line;
      this.#clockBefore = time.ms;
    }
    if (instantMs === undefined) return undefined;
    const clockMs = time?.kind === 'clock' ? time.ms : before;
    const offset = clockMs === undefined ? undefined : offsetBetween(inYearOf(clockMs, instantMs), instantMs);
    if (offset !== undefined) this.#now = new Date(instantMs + 86_400_000);
    return offset;
  }

  #read({ text, line, written }: Held): LogEvent[] {
    // It has the time of a log's line, and would be read as one whose message says nothing.
    if (!this.#isKnown && verboseEntry.test(text)) throw unknownFormat(`${this.#file}:${line}:1`, text);
    const records = this.#audit.push(text, line);
    const entry = records ? undefined : (this.#entryOf(text) ?? bareSysmonEntry(text));
    if (!records && !entry) {
      if (text.trim() === '' || (this.#open && this.#goesOn(this.#open, text))) return [];
      // What is not understood is no part of the message before it, and what follows it is no part of that either.
      const before = this.#finish();
      if (written !== undefined) this.#begin(collectedEntry(text, written), line);
      else if (!separators.test(text)) this.#passOver(text, line);
      return before;
    }
    this.#isKnown = true;
    const before = this.#finish();
    if (entry) this.#begin(entry, line);
    return records ? [...before, ...records] : before;
  }

  #begin(entry: JournalEntry, line: number): void {
    this.#isKnown = true;
    this.#open = { line, entry, lines: 1 };
  }

  #entryOf(text: string): JournalEntry | undefined {
    const read = readSyslogLine(text, this.#now);
    if (read === undefined) return undefined;
    const { time } = read;
    if (time.kind !== 'nil') this.#lastMs = time.kind === 'clock' ? this.#clock(time.ms) : time.ms;
    return read.entryAt(this.#lastMs);
  }

  /** A message goes on with lines that are indented, as journalctl and most programs write them, or that end its XML. */
  #goesOn(open: { entry: JournalEntry; lines: number }, text: string): boolean {
    const isPart = /^\s/.test(text) || isUnfinishedXml(field(open.entry, 'MESSAGE') ?? '');
    if (!isPart || open.lines >= longestMessage) return false;
    open.entry = withMoreText(open.entry, text);
    open.lines += 1;
    return true;
  }

  /** The events that are complete with this entry of a journal. */
  take(entry: JournalEntry, line: number): LogEvent[] {
    const record = auditLineOf(entry);
    const records =
      record === undefined ? undefined : this.#audit.push(record, line, field(entry, '_HOSTNAME'));
    if (records) return records;
    const isSysmon = baseName(field(entry, 'SYSLOG_IDENTIFIER') ?? 'sysmon') === 'sysmon';
    const event = isSysmon ? sysmonEvent(field(entry, 'MESSAGE') ?? '') : undefined;
    return [...this.#audit.pass(), { line, event: event ?? journalEvent(entry, line) }];
  }

  /** The events that are complete with an event of Laurel's. */
  takeAudit(value: object, line: number): LogEvent[] {
    return [...this.#audit.pass(), ...(this.#audit.take(value, line) ?? [])];
  }

  /** What was still open. */
  end(): LogEvent[] {
    return [...this.#settle(), ...this.#finish(), ...this.#audit.end()];
  }

  /** What was said of lines that belong to nothing; undefined when there were none. */
  get note(): string | undefined {
    return this.#passedOver === 0
      ? undefined
      : `${this.#file}:${this.#firstPassedOver}:1: neither an audit record nor a syslog line, passed over (${this.#passedOver} such lines)`;
  }

  /** How times without a zone were read, where nobody has said it; undefined when there were none. */
  get zoneNote(): string | undefined {
    if (this.#firstWithoutZone === 0) return undefined;
    const place = `${this.#file}:${this.#firstWithoutZone}:1`;
    return this.#toldBy
      ? `note: ${place}: times without a zone are read as UTC${offsetText(this.#toldBy.offset)}, as the audit record of line ${this.#toldBy.line} tells; --zone AREA/CITY overrules`
      : `note: ${place}: times without a zone are read as UTC; --zone AREA/CITY says where the log was written`;
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

const isUnfinishedXml = (message: string): boolean =>
  message.startsWith('<Event>') && !message.includes('</Event>');

/** The same day and time in the year that is closest to the instant. */
function inYearOf(clockMs: number, instantMs: number): number {
  const years = [-1, 0, 1].map((step) => {
    const date = new Date(clockMs);
    return date.setUTCFullYear(new Date(instantMs).getUTCFullYear() + step);
  });
  return years.reduce((a, b) => (Math.abs(b - instantMs) < Math.abs(a - instantMs) ? b : a));
}

/** What a program has written by itself, as its collector has it. */
function collectedEntry(text: string, written: string): JournalEntry {
  const ms = Date.parse(written);
  const time: [string, string][] = Number.isNaN(ms) ? [] : [['__REALTIME_TIMESTAMP', `${ms}000`]];
  return { fields: new Map([...time, ['MESSAGE', text]]) };
}

/** Sysmon's event as tools cut it out of syslog: it may go on with the next line, too. */
const bareSysmonEntry = (text: string): JournalEntry | undefined =>
  text.startsWith('<Event><System><Provider Name="Linux-Sysmon"')
    ? { fields: new Map([['MESSAGE', text]]) }
    : undefined;

/** What ausearch and journalctl print between events. */
const separators = /^(?:----$|time->|-- )/;

/** The head of an entry as `journalctl -o verbose` prints it: the time, and the cursor in brackets. */
const verboseEntry = /^\S.* \[s=[0-9a-f]+;i=[0-9a-f]+;.*\]$/;

/** Listings that cannot be read back, by how they begin. */
const refused: readonly (readonly [form: RegExp, what: string])[] = [
  [
    /^(?:node=\S+ )?type=\S+ msg=audit\(\S+ \S+\) ?:/,
    'a log with its values interpreted (ausearch -i), which does not keep them whole; use ausearch --raw',
  ],
  [
    /^(?:At \d\d:\d\d:\d\d \S+ |(?:NODE,)?EVENT,DATE,TIME,|[A-Z][\w /-]* (?:Report|Summary)$)/,
    'a report of ausearch or aureport, which has parts of the records; use ausearch --raw',
  ],
  [
    /^\d\d:\d\d:\d\d\.\d{9}: (?:Emergency|Alert|Critical|Error|Warning|Notice|Informational|Debug) /,
    'what rules of Falco have found, as text; have it written as JSON (json_output: true in falco.yaml), with the fields that are asked for in the outputs of its rules',
  ],
  [
    /^__(?:CURSOR|REALTIME_TIMESTAMP|MONOTONIC_TIMESTAMP|SEQNUM|SEQNUM_ID)=/,
    'the journal export format; use journalctl -o json',
  ],
  [verboseEntry, 'journalctl -o verbose, whose entries are listings; use journalctl -o json'],
  [
    /^\s*<(?:\?xml|Events?[\s>])/,
    'XML; export the events as JSON, one a line (a Windows event log: evtx_dump -o jsonl, or Get-WinEvent | ConvertTo-Json -Compress), or have each event of Sysmon for Linux on one line, as it writes them to syslog',
  ],
  [/^(?:CEF:\d|LEEF:\d)/, 'CEF or LEEF, which has the fields of its maker; give the log that it was made of'],
  [/^"?[\w.@ -]+"?(?:[,;\t]"?[\w.@ -]+"?)+$/, 'a table (CSV); export its rows as JSON, one object a line'],
  [
    /^(?!type=)\w[\w.]*=\S* \w[\w.]*=/,
    'pairs of names and values (logfmt); export them as JSON, one object a line',
  ],
];

function unknownFormat(place: string, text: string): AtomclockError {
  const known = refused.find(([form]) => form.test(text))?.[1];
  return new AtomclockError(
    'replay/unknown-format',
    known
      ? `${place}: this is ${known}`
      : `${place}: expected JSON objects, journalctl -o json, an audit log, syslog, the log of a container runtime or Sysmon for Linux, got ${JSON.stringify(text.slice(0, 60))}`,
    { exitCode: exitCodes.badInput },
  );
}
