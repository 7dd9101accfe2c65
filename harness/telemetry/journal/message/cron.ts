// The lines of cron daemons and of crontab: `(alice) CMD (touch /tmp/x)` in vixie cron's and cronie's forms, BusyBox's own.

import { cronRefusals, systemTableNamed } from '../../../schedulers/cron.ts';
import type { JobFields, Meaning } from './meaning.ts';

/**
 * Reads a line of cron, crond, crontab or anacron.
 * @returns undefined for lines that have no form known here
 */
export function cronMeaning(message: string): Meaning | undefined {
  const spoken =
    /^\((?<who>[^)]*)\) (?<verb>[A-Z][A-Z' ]*?)(?: > 1)? ?\((?<what>[\s\S]*)\)(?:: [A-Z][\w ]*)?$/.exec(
      message,
    )?.groups;
  if (spoken) return verbMeaning(spoken.who ?? '', spoken.verb ?? '', spoken.what ?? '');
  // @source BusyBox, miscutils/crond.c, start_one_job: "USER %s pid %3d cmd %s"
  const busybox = /^USER (?<user>\S+) pid +\d+ cmd (?<command>[\s\S]+)$/.exec(message)?.groups;
  if (busybox) return verbMeaning(busybox.user ?? '', 'CMD', busybox.command ?? '');
  const syntax = /^Error: [\s\S]*?; while reading (?:(?<file>\/[\s\S]*)|crontab for user (?<user>\S+))$/.exec(
    message,
  )?.groups;
  if (syntax) {
    const { file, user } = syntax;
    return rejected({
      scheduler: 'cron',
      verb: 'ERROR',
      ...(file ? { file } : {}),
      ...(user ? { user } : {}),
    });
  }
  // cronie: `(CRON) bad minute (/etc/cron.d/x)`; users' tables by their path, too.
  const bad = /^\(CRON\) (?:bad [a-z -]+|missing newline before EOF) \((?<file>\/.*)\)$/.exec(
    message,
  )?.groups;
  if (bad?.file) return rejected({ scheduler: 'cron', verb: 'ERROR', file: bad.file });
  const anacron = /^Job `(?<job>[^']*)' (?<verb>started|terminated)/.exec(message)?.groups;
  if (anacron)
    return {
      category: ['process'],
      type: ['info'],
      action: `anacron-job-${anacron.verb}`,
      job: { scheduler: 'anacron', verb: anacron.verb ?? '', command: anacron.job ?? '' },
    };
  return undefined;
}

type Reading = Pick<Meaning, 'category' | 'type' | 'action' | 'outcome'>;

/** Closed by intent: a verb that is not here leaves the line without a meaning, never with a wrong one. */
const verbs: Readonly<Record<string, Reading>> = {
  CMD: { category: ['process'], type: ['info'], action: 'cron-cmd' },
  CMDEND: { category: ['process'], type: ['info'], action: 'cron-cmd-end' },
  CMDOUT: { category: ['process'], type: ['info'], action: 'cron-cmd-output' },
  LIST: { category: ['configuration'], type: ['access'], action: 'crontab-list', outcome: 'success' },
  REPLACE: { category: ['configuration'], type: ['change'], action: 'crontab-replace', outcome: 'success' },
  DELETE: { category: ['configuration'], type: ['deletion'], action: 'crontab-delete', outcome: 'success' },
  'BEGIN EDIT': { category: ['configuration'], type: ['access'], action: 'crontab-edit-begin' },
  'END EDIT': { category: ['configuration'], type: ['change'], action: 'crontab-edit-end' },
  RELOAD: { category: ['configuration'], type: ['change'], action: 'cron-reload' },
  AUTH: {
    category: ['configuration'],
    type: ['denied'],
    action: 'crontab-denied',
    outcome: 'failure',
  },
};

function verbMeaning(who: string, verb: string, told: string): Meaning | undefined {
  // `INSECURE MODE (mode 0600 expected) (crontabs/alice)`: the file stands last.
  const what = cronRefusals.has(verb) ? told.replace(/^[^()]*\) \(/, '') : told;
  const job: JobFields = { scheduler: 'cron', verb };
  const system = systemTableNamed(who);
  if (system !== undefined) job.file = system;
  else if (who !== 'CRON') job.user = who;
  if (what.startsWith('/') && verb !== 'CMD') job.file = what;
  if (verb.startsWith('CMD')) job.command = what;
  if (isTableVerb(verb)) job.user = what;
  const user = system === undefined && who !== 'CRON' ? { user: { name: who } } : {};
  if (cronRefusals.has(verb)) return { ...rejected(job), ...user };
  const reading = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  return reading && { ...reading, ...user, job };
}

/** Where crontab says whose table it handled; the actor stands first. */
const isTableVerb = (verb: string): boolean =>
  verb === 'LIST' || verb === 'REPLACE' || verb === 'DELETE' || verb.endsWith('EDIT');

const rejected = (job: JobFields): Meaning => ({
  category: ['configuration'],
  type: ['error'],
  action: `cron-${job.verb.toLowerCase().replaceAll("'", '').replaceAll(' ', '-')}`,
  outcome: 'failure',
  job,
});
