// What the shell script printed with which inventories were taken before the agent looked by itself: targets were
// recorded so, and what is read of them must be what the agent's look gives.
//
// Base64 of gzip of: sections `NAME LENGTH\n` with that many bytes and a line break, then a line `files` and tar archives up
// to the end.

import { constants, gunzipSync } from 'node:zlib';
import { AtomclockError, exitCodes } from '../../../../harness/model/errors.ts';
import type { Inventory } from '../../../../harness/model/inventory.ts';
import type { SchedulerName } from '../../../../harness/schedulers/index.ts';
import { type Accounts, parseAccounts } from '../../../../harness/telemetry/accounts.ts';
import {
  contentFields,
  type Dump,
  type DumpedFile,
  octal,
} from '../../../../harness/telemetry/inventory/dump.ts';
import type { CronProcess, Localtime } from '../../../../harness/telemetry/inventory/dumped-zone.ts';
import { readInventory } from '../../../../harness/telemetry/inventory/index.ts';
import { readTar, type TarEntry } from './read-tar.ts';

/** @throws AtomclockError `inventory/unreadable` */
export const parseInventory = (output: string, earlier?: Inventory): Inventory =>
  readInventory(unpackDump(output), earlier);

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
    // It looked for no daemon but cron's, for its zone's sake.
    running: new Set(lines(text('running')) as SchedulerName[]),
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
    type: entry.type === 'dir' ? 'file' : entry.type,
    mode: octal(entry.mode),
    permissions: entry.mode,
    owner: accounts.users.get(String(entry.uid)) ?? String(entry.uid),
    uid: String(entry.uid),
    mtime: entry.mtime,
    links: false,
    ...contentOf(entry, first),
    ...(isLink ? { target: entry.link } : {}),
  };
}

function contentOf(entry: TarEntry, first: DumpedFile | undefined): Pick<DumpedFile, 'content' | 'sha256'> {
  if (first) return { content: first.content, sha256: first.sha256 };
  return entry.type === 'symlink' ? { content: null, sha256: '' } : contentFields(entry.content);
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

const unreadable = (why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('inventory/unreadable', `The inventory of the target cannot be read: ${why}.`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'The target needs sh, find, tar, gzip and base64 (coreutils or busybox).',
    cause,
  });

function readLocaltime(section: string | undefined): Localtime | undefined {
  if (section === undefined) return undefined;
  const [target = '-', changed = '', content = ''] = section.split('\n');
  return {
    target: target === '-' ? null : target,
    changedMs: Number(changed) * 1000 || 0,
    content: Buffer.from(content, 'base64'),
  };
}

/** Three lines each: the process, `=` and its TZ, the file. */
function readCronDaemons(section: string): CronProcess[] {
  const processes: CronProcess[] = [];
  const lines = section.split('\n');
  for (let index = 0; index < lines.length; index += 3) {
    const [head = '', tz = '', file = ''] = lines.slice(index, index + 3);
    const [, pid, parent, ticks, name = ''] = /^(\d+) (\d+) (\d+) (.*)$/.exec(head) ?? [];
    if (pid === undefined) continue;
    processes.push({
      pid: Number(pid),
      parent: Number(parent),
      startedAfterBootMs: Number(ticks) * tickMs,
      name,
      tz: tz.startsWith('=') ? tz.slice(1) : null,
      zoneFile: Buffer.from(file, 'base64'),
    });
  }
  return processes;
}

/** @source proc_pid_stat(5), starttime: in clock ticks, which Linux tells programs as hundredths of a second. */
const tickMs = 10;
