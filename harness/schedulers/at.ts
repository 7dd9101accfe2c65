// at and batch: atd, its spool by distribution, the form of a job's name, and its refusals in the log.

import { atClock } from './at-clock.ts';
import { type Place, placeFinder } from './place.ts';
import type { Scheduler } from './scheduler.ts';

/** Debian; Red Hat; SUSE; Alpine. */
const spools = ['/var/spool/cron/atjobs', '/var/spool/at', '/var/spool/atjobs', '/var/spool/atd'] as const;

const outputs: readonly Place[] = ['/var/spool/cron/atspool/*', '/var/spool/at/spool/*'].map((path) => ({
  path,
  role: 'output',
}));
const outputOf = placeFinder(outputs);
const isOutput = (path: string): boolean => outputOf(path) !== undefined;

const units = ['atd.service'];

export const at: Scheduler = {
  name: 'atd',
  daemons: [{ program: '/usr/sbin/atd' }],
  units,
  places: [
    ...spools.map((spool) => ({ path: `${spool}/.SEQ`, role: 'note' as const })),
    ...outputs,
    ...spools.map((spool) => ({ path: `${spool}/*`, role: 'job' as const })),
    { path: '/etc/at.allow', role: 'access' },
    { path: '/etc/at.deny', role: 'access' },
  ],
  logNames: ['atd'],
  isJobInput: true,
  pamServices: ['atd'],
  clock: atClock(units, ({ file }) => isBatchJob(file ?? '')),
};

/** The name of a file in at's spool; undefined for every other path, and for what at keeps there for itself. */
export function spooledName(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const isSpool = (spools as readonly string[]).includes(path.slice(0, slash));
  return isSpool && name !== '' && !name.startsWith('.') ? name : undefined;
}

export interface AtJobName {
  /** A letter; `=` while the job runs. */
  queue: string;
  number: number;
  /** Minutes since the epoch. */
  minutes: number;
}

/**
 * Reads the name of a job: queue, job number in five hex digits, minutes since the epoch in eight.
 * @source at 3.2.5, at.c
 */
export function parseJobName(name: string): AtJobName | undefined {
  const { queue, number, minutes } =
    /^(?<queue>[a-zA-Z=])(?<number>[0-9a-f]{5})(?<minutes>[0-9a-f]{8})$/.exec(name)?.groups ?? {};
  if (queue === undefined || number === undefined || minutes === undefined) return undefined;
  return { queue, number: Number.parseInt(number, 16), minutes: Number.parseInt(minutes, 16) };
}

/** The name under which atd keeps a job while it runs it: another link, or the only one. */
export const runningName = (path: string): string => path.replace(/[^/]([^/]*)$/, '=$1');

export const isRunningName = (path: string): boolean => /(?:^|\/)=[^/]*$/.test(path);

/** Whether atd removes it itself when the job that it runs has ended: its spool file, and the file of its output. */
export function isClearedUp(path: string): boolean {
  const name = spooledName(path);
  return name === undefined ? isOutput(path) : isRunningName(name);
}

/** Whether two names are of one job: atd renames a job's first letter to `=` while it runs. */
export const isSameJob = (a: string, b: string): boolean => a.slice(1) === b.slice(1);

/** What a job in a queue of batch's waits for besides its time. */
export const batchWait = "once the load average is below atd's limit (1.5 by default)";

/** Whether a file in the spool is a job in a queue of batch's: these wait for the load to sink, too (at(1), -q). */
export const isBatchJob = (path: string): boolean =>
  /^[bA-Z]$/.test(parseJobName(spooledName(path) ?? '')?.queue ?? '');

/** The lines in which atd refuses a job, each with the file's name in the spool. Of jobs that run it says nothing. */
export const atRefusals: readonly (readonly [verb: string, form: RegExp])[] = [
  ['WRONG FORMAT', /^File (?<file>\S+) is in wrong format - aborting/],
  ['NO USER', /^Userid \d+ not found - aborting job\s+\d+ \((?<file>[^)]+)\)/],
  ['WRONG USER', /^Job\s+\d+ \((?<file>[^)]+)\) - userid \d+ does not match file uid \d+/],
  ['CANNOT OPEN', /^(?:Cannot open|open of) (?:input file )?(?<file>[a-zA-Z=][0-9a-f]{13})\b/],
];
