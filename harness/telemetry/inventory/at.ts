// The at queue from its spool: every job with its time, its owner and its commands, and why atd would not run it.

import type { Schedule } from '../../model/inventory.ts';
import { isBatchQueue, parseJobName, spooledName } from '../../schedulers/at.ts';
import type { Dump, DumpedFile } from './dump.ts';
import { unitNamed } from './units.ts';

/** What at writes first; atd takes the account from here and insists that it owns the file. */
const header = /^#!\/bin\/sh\n# atrun uid=(?<uid>\d+) gid=\d+\n/;

/** The jobs in a target's spool. A job that is running is listed once, under its own name where that is left. */
export function atSchedules(dump: Dump): Schedule[] {
  const jobs = new Map<string, Schedule>();
  for (const file of dump.files) {
    const name = spooledName(file.path);
    if (name === undefined) continue;
    const job = atJob(dump, file, name);
    const known = jobs.get(job.id);
    if (!known || known.file?.includes('/=')) jobs.set(job.id, job);
  }
  return [...jobs.values()];
}

function atJob(dump: Dump, file: DumpedFile, name: string): Schedule {
  const parts = parseJobName(name);
  const uid = header.exec(file.content ?? '')?.groups?.uid;
  const time = parts ? new Date(parts.minutes * 60_000).toISOString() : '';
  const inert = whyNever(dump, file, name, uid);
  // In a queue of batch's, the time is only the earliest.
  const isBatch = parts !== undefined && isBatchQueue(parts.queue);
  return {
    kind: 'at',
    id: parts ? `at:${parts.number}` : `at:${file.path}`,
    user:
      (uid === undefined ? undefined : dump.accounts.users.get(uid)) ??
      dump.accounts.users.get(file.uid) ??
      null,
    when: isBatch ? `${time}, once the load average is below atd's limit (1.5 by default)` : time,
    command: atCommands(file.content ?? ''),
    file: file.path,
    ...(time ? { nextRun: time } : {}),
    ...(inert ? { inert } : {}),
  };
}

/**
 * The commands of a job without what at put before them: the caller's environment and its working directory.
 * Text that at did not write is given whole.
 */
function atCommands(content: string): string {
  const body = content.replace(header, '');
  const block = /^cd [\s\S]*?\n}\n/m.exec(body);
  const start = block ? block.index + block[0].length : 0;
  const commands = body.slice(start);
  // Debian's at hands the commands to the caller's shell through a here-document.
  const here = /^\$\{SHELL:-\/bin\/sh\} << '(?<mark>[^']+)'\n(?<text>[\s\S]*?)\n\k<mark>\n?$/.exec(
    commands,
  )?.groups;
  return (here?.text ?? commands).trim();
}

/** What atd (at 3.2.5) checks before it runs a file, in its own order; measured, each one. */
function whyNever(dump: Dump, file: DumpedFile, name: string, uid: string | undefined): string | undefined {
  if (!parseJobName(name)) return `${name} is not a job's name: atd passes over it`;
  if (file.type === 'symlink') return `${name} is a symbolic link: atd could not lock job`;
  if (file.type !== 'file' && file.type !== 'hardlink') return `${name} is not a regular file`;
  if ((file.permissions & 0o100) === 0)
    return `mode ${file.mode}: atd takes a job that its owner may not execute for unfinished`;
  if (file.links && !name.startsWith('=') && !isRunning(dump, file))
    return `${name} has more than one hard link: atd takes it for running`;
  if (!dump.accounts.users.has(file.uid)) return `Userid ${file.uid} not found - aborting job`;
  if (file.content !== null && uid === undefined) return `File ${name} is in wrong format - aborting`;
  if (uid !== undefined && uid !== file.uid) return `userid ${uid} does not match file uid ${file.uid}`;
  const daemon = unitNamed(dump.sections.get('system-units') ?? '', 'atd.service');
  if (daemon && daemon.ActiveState === 'inactive' && daemon.LoadState !== 'not-found')
    return `atd.service is ${daemon.LoadState === 'masked' ? 'masked and ' : ''}inactive: nobody reads the queue`;
  return undefined;
}

/** atd links a job to `=…` while it runs it. */
const isRunning = (dump: Dump, { path }: DumpedFile): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const running = `${path.slice(0, path.lastIndexOf('/'))}/=${name.slice(1)}`;
  return dump.files.some((file) => file.path === running);
};
