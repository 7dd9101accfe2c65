// What the inventory script printed, unpacked: sections of text, and the files with their contents.

import { createHash } from 'node:crypto';
import { constants, gunzipSync } from 'node:zlib';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { ScheduleFile } from '../../model/inventory.ts';
import { type Accounts, parseAccounts } from '../accounts.ts';
import { type CronProcess, type Localtime, readCronDaemons, readLocaltime } from './dumped-zone.ts';
import { readTar, type TarEntry } from './tar.ts';

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
  /** Folders of cron's tables, with their time of modification in seconds since the epoch. */
  readonly tableFolders: readonly { readonly path: string; readonly mtime: number }[];
  readonly accounts: Accounts;
  /** Scheduler programs that are installed, with what they link to. */
  readonly programs: ReadonlyMap<string, string>;
  /** Raw sections by name: `system-units`, `user-units/alice`. */
  readonly sections: ReadonlyMap<string, string>;
  readonly files: readonly DumpedFile[];
  readonly problems: readonly string[];
}

/** A file as found, with what a scheduler looks at besides its content. */
export interface DumpedFile extends Omit<ScheduleFile, 'mtime'> {
  readonly type: TarEntry['type'];
  readonly permissions: number;
  readonly uid: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** Has more than one name. */
  readonly links: boolean;
}

/** Unpacked size that no honest target reaches: a dump that grows beyond it is not read further. */
const largestDump = 256 * 1024 * 1024;

/**
 * Unpacks the script's output.
 * @throws AtomclockError `inventory/unreadable` when it is not what the script prints
 */
export function unpackDump(output: string): Dump {
  const { bytes, isCut } = unzip(output);
  const sections = new Map<string, string>();
  let offset = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, offset);
    if (end < 0) throw unreadable('it ends before the files');
    const [, name = '', length = ''] = /^(\S+)(?: (\d+))?$/.exec(bytes.toString('utf8', offset, end)) ?? [];
    offset = end + 1;
    if (name === 'files') break;
    if (length === '') throw unreadable(`expected a section at byte ${offset}`);
    sections.set(name, bytes.toString('utf8', offset, offset + Number(length)));
    offset += Number(length) + 1;
  }
  const text = (name: string): string => sections.get(name) ?? '';
  const accounts = parseAccounts(text('passwd'), text('group'));
  const odd = oddFiles(text('odd'), accounts);
  const uptime = Number.parseFloat(text('uptime')) || 0;
  return {
    nowMs: Math.round(Number.parseFloat(text('now').replace(/[^\d.].*$/, '')) * 1000),
    uptimeMs: Math.round(uptime * 1000),
    offsetMinutes: offsetOf(text('zone')),
    localtime: readLocaltime(sections.get('localtime')),
    cronDaemons: readCronDaemons(text('cron-daemons')),
    tableFolders: lines(text('table-folders')).flatMap((line) => {
      const [, mtime = '', path = ''] = /^(\d+) (\/.*)$/.exec(line) ?? [];
      return path === '' ? [] : [{ path, mtime: Number(mtime) }];
    }),
    accounts,
    programs: new Map(lines(text('programs')).map((line) => line.split(' ') as [string, string])),
    sections,
    files: [...smallFiles(bytes.subarray(offset), accounts, odd.linked), ...odd.large].sort((a, b) =>
      a.path < b.path ? -1 : 1,
    ),
    problems: [
      ...lines(text('problems')),
      ...(isCut ? ['there is more than can be read: files are missing from this inventory'] : []),
    ],
  };
}

/** `+0530`; UTC where nothing is told. */
function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone.trim()) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** The first line is the dump; a second one says that there was too much of it. */
function unzip(output: string): { bytes: Buffer; isCut: boolean } {
  const [dump = '', ...more] = output.trim().split('\n');
  const isCut = more.length > 0;
  try {
    const options = {
      maxOutputLength: largestDump,
      finishFlush: isCut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH,
    };
    return { bytes: gunzipSync(Buffer.from(dump, 'base64'), options), isCut };
  } catch (cause) {
    throw unreadable('it is not a gzip stream in base64', cause);
  }
}

/** The archives hold symbolic links twice: as links, and as what they lead to where that is a file. */
function smallFiles(archives: Uint8Array, accounts: Accounts, linked: ReadonlySet<string>): DumpedFile[] {
  const files = new Map<string, DumpedFile>();
  for (const entry of readTar(archives)) {
    if (entry.type === 'dir') continue;
    const path = absolute(entry.path);
    const known = files.get(path);
    if (known?.type === 'symlink' && entry.type !== 'symlink')
      files.set(path, { ...dumped(entry, accounts, files), type: 'symlink', ...targetOf(known) });
    else if (!known) files.set(path, { ...dumped(entry, accounts, files), links: linked.has(path) });
  }
  return [...files.values()];
}

function dumped(entry: TarEntry, accounts: Accounts, files: ReadonlyMap<string, DumpedFile>): DumpedFile {
  // A hard link's own entry has no content: it has its first name's.
  const first = entry.type === 'hardlink' ? files.get(absolute(entry.link)) : undefined;
  const isLink = entry.type === 'symlink';
  return {
    path: absolute(entry.path),
    type: entry.type,
    mode: octal(entry.mode),
    permissions: entry.mode,
    owner: accounts.users.get(String(entry.uid)) ?? String(entry.uid),
    uid: String(entry.uid),
    mtime: entry.mtime,
    links: false,
    content: first ? first.content : isLink ? null : textOf(entry.content),
    sha256: first ? first.sha256 : isLink ? '' : createHash('sha256').update(entry.content).digest('hex'),
    ...(isLink ? { target: entry.link } : {}),
  };
}

const absolute = (path: string): string => `/${path.replace(/^(\.?\/)+/, '')}`;
const targetOf = ({ target }: DumpedFile) => (target === undefined ? {} : { target });

/** Lines of `stat -c '%a %u %g %s %Y %n'` and of `sha256sum` for large files, bare paths for linked ones, mixed. */
function oddFiles(section: string, accounts: Accounts): { large: DumpedFile[]; linked: ReadonlySet<string> } {
  const sums = new Map<string, string>();
  const large: DumpedFile[] = [];
  const linked = new Set<string>();
  for (const line of lines(section)) {
    if (line.startsWith('/')) linked.add(line);
    const sum = /^([0-9a-f]{64}) [ *](.*)$/.exec(line);
    if (sum) sums.set(sum[2] ?? '', sum[1] ?? '');
    const stat = /^([0-7]+) (\d+) \d+ \d+ (\d+) (\/.*)$/.exec(line);
    if (!stat) continue;
    const [, mode = '', uid = '', mtime = '', path = ''] = stat;
    large.push({
      path,
      type: 'file',
      mode: octal(Number.parseInt(mode, 8)),
      permissions: Number.parseInt(mode, 8),
      owner: accounts.users.get(uid) ?? uid,
      uid,
      mtime: Number(mtime),
      links: false,
      content: null,
      sha256: '',
    });
  }
  return { large: large.map((file) => ({ ...file, sha256: sums.get(file.path) ?? '' })), linked };
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

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

const unreadable = (why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('inventory/unreadable', `The inventory of the target cannot be read: ${why}.`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'The target needs sh, find, tar, gzip and base64 (coreutils or busybox).',
    cause,
  });
