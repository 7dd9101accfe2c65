// The at queue from its spool: every job with its time, its owner and its commands, and why atd would not run it.

import type { Schedule } from '../../model/inventory.ts';
import {
  at,
  batchWait,
  isBatchJob,
  isRunningName,
  parseJobName,
  runningName,
  spooledName,
} from '../../schedulers/at.ts';
import { jobHeader, jobRefusal } from '../../schedulers/at-refusal.ts';
import type { Dump, DumpedFile } from './dump.ts';
import { whyNoneRuns } from './units.ts';

/** The jobs in a target's spool. A job that is running is listed once, under its own name where that is left. */
export function atSchedules(dump: Dump): Schedule[] {
  const jobs = new Map<string, Schedule>();
  for (const file of dump.files) {
    const name = spooledName(file.path);
    if (name === undefined) continue;
    const job = atJob(dump, file, name);
    const known = jobs.get(job.id);
    if (!known || isRunningName(known.file ?? '')) jobs.set(job.id, job);
  }
  return [...jobs.values()];
}

function atJob(dump: Dump, file: DumpedFile, name: string): Schedule {
  const parts = parseJobName(name);
  const uid = jobHeader.exec(file.content ?? '')?.groups?.uid;
  const time = parts ? new Date(parts.minutes * 60_000).toISOString() : '';
  const inert = whyNever(dump, file, name);
  return {
    kind: 'at',
    id: parts ? `at:${parts.number}` : `at:${file.path}`,
    user:
      (uid === undefined ? undefined : dump.accounts.users.get(uid)) ??
      dump.accounts.users.get(file.uid) ??
      null,
    // In a queue of batch's, the time is only the earliest.
    when: isBatchJob(file.path) ? `${time}, ${batchWait}` : time,
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
  const body = content.replace(jobHeader, '');
  const block = /^cd [\s\S]*?\n}\n/m.exec(body);
  const start = block ? block.index + block[0].length : 0;
  const commands = body.slice(start);
  // Debian's at hands the commands to the caller's shell through a here-document.
  const here = /^\$\{SHELL:-\/bin\/sh\} << '(?<mark>[^']+)'\n(?<text>[\s\S]*?)\n\k<mark>\n?$/.exec(
    commands,
  )?.groups;
  return (here?.text ?? commands).trim();
}

function whyNever(dump: Dump, file: DumpedFile, name: string): string | undefined {
  const isAccount = (uid: string): boolean => dump.accounts.users.has(uid);
  const refusal = jobRefusal(name, file, isAccount, isRunning(dump, file));
  if (refusal) return refusal;
  if (dump.running.has(at.name)) return undefined;
  const down = whyNoneRuns(dump.sections.get('system-units') ?? '', at.units);
  return down && `${down}: nobody reads the queue`;
}

/** atd links a job to another name while it runs it. */
const isRunning = (dump: Dump, { path }: DumpedFile): boolean =>
  dump.files.some((file) => file.path === runningName(path));
