// One cron table, line by line, as the daemon reads it: environment, entries, and the first thing it chokes on.

import { type CronDialect, vixie } from '../../schedulers/cron-dialect.ts';
import { type CronError, type CronTimes, readCronTimes } from './cron-when.ts';

export interface CronEntry {
  /** From 1. */
  readonly line: number;
  /** Its time fields as written, blanks between them made one; empty when they cannot be read. */
  readonly when: string;
  readonly times: CronTimes | null;
  /** The user field of system tables; null in a user's table. */
  readonly user: string | null;
  /** What the shell gets: up to the first `%`, with `\%` made `%`. */
  readonly command: string;
  /** What the command gets as standard input: after the first `%`, further ones made line breaks. */
  readonly stdin: string | null;
  /** What the lines above it set for its job. */
  readonly environment: ReadonlyMap<string, string>;
  /** Why the daemon refuses the line, in its own words. */
  readonly error: CronError | null;
}

export interface CronTable {
  readonly entries: readonly CronEntry[];
  readonly environment: ReadonlyMap<string, string>;
  /** vixie cron reads no table whose last line is not ended, cronie leaves that line out. */
  readonly endsInNewline: boolean;
}

/**
 * Reads a table.
 * @param hasUserField true for /etc/crontab and /etc/cron.d, false for a user's own
 * @param isUser whether an account of that name exists; entries for others are refused
 */
export function parseCronTable(
  text: string,
  hasUserField: boolean,
  isUser: (name: string) => boolean,
  dialect: CronDialect = vixie,
): CronTable {
  const entries: CronEntry[] = [];
  let environment: ReadonlyMap<string, string> = new Map();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const setting = environmentSetting(line);
    if (setting) environment = new Map([...environment, setting]);
    else entries.push({ ...parseEntry(line, index + 1, hasUserField, isUser, dialect), environment });
  }
  return { entries, environment, endsInNewline: text === '' || text.endsWith('\n') };
}

function parseEntry(
  text: string,
  line: number,
  hasUserField: boolean,
  isUser: (name: string) => boolean,
  dialect: CronDialect,
): Omit<CronEntry, 'environment'> {
  const body = dialect.hasSilentEntries ? text.replace(/^-/, '') : text;
  const read = readCronTimes(body, dialect);
  if ('error' in read) return refused(line, text, read.error);
  const when = body
    .slice(0, read.length)
    .trim()
    .replace(/[ \t]+/g, ' ');
  let rest = body.slice(read.length).replace(/^[ \t]+/, '');
  let user: string | null = null;
  let error: CronError | null = null;
  if (hasUserField) {
    user = /^[^ \t]*/.exec(rest)?.[0] ?? '';
    const blanks = /^[ \t]+/.exec(rest.slice(user.length))?.[0] ?? '';
    if (blanks === '') return refused(line, text, 'bad command');
    if (dialect.needsCommand && rest.slice(user.length).trim() === '')
      return refused(line, text, 'bad command');
    rest = rest.slice(user.length + blanks.length);
    if (!isUser(user)) error = 'bad username';
  }
  if (Buffer.byteLength(rest) > dialect.longestCommand) error ??= 'command too long';
  return { line, when, times: read.times, user, ...splitCommand(rest, dialect), error };
}

const refused = (line: number, command: string, error: CronError): Omit<CronEntry, 'environment'> => ({
  line,
  when: '',
  times: null,
  user: null,
  command,
  stdin: null,
  error,
});

/**
 * crontab(5): an unescaped `%` ends the command; what follows is its input, where `%` is a line break. In the command
 * some daemons make one backslash of two as well.
 */
function splitCommand(
  text: string,
  { halvesBackslashes, hasInput }: CronDialect,
): { command: string; stdin: string | null } {
  if (!hasInput) return { command: text, stdin: null };
  const [, command = '', input] = /^((?:\\.|[^\\%])*\\?)(?:%(.*))?$/s.exec(text) ?? [];
  const escapable = halvesBackslashes ? /\\([%\\])/g : /\\(%)|\\./g;
  return {
    command: command.replace(escapable, (pair, character) => character ?? pair),
    stdin: input === undefined ? null : `${input.replace(/(?<!\\)%/g, '\n').replaceAll('\\%', '%')}\n`,
  };
}

/**
 * `NAME = value`, name and value in quotes or not, as vixie cron's load_env reads it.
 * An unquoted name ends at the first blank or `=`, so an entry is never taken for a setting.
 */
function environmentSetting(line: string): [string, string] | undefined {
  const match = /^(?:"([^"]*)"|'([^']*)'|([^\s="']+))[ \t]*=[ \t]*(?:"([^"]*)"|'([^']*)'|(.*?))[ \t]*$/.exec(
    line,
  );
  if (!match) return undefined;
  const [, quoted, single, bare, value, singleValue, bareValue] = match;
  return [quoted ?? single ?? bare ?? '', value ?? singleValue ?? bareValue ?? ''];
}
