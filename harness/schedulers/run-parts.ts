// run-parts: the folders that cron and anacron hand to it, and which names and modes it takes.

import type { CronDaemon } from './cron-daemon.ts';
import type { Place } from './place.ts';

/** Folders of scripts by period; yearly is cronie's and systemd-cron's. */
const runPartsFolders = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'].map(
  (period) => `/etc/cron.${period}`,
);

/** With this, Debian's packages keep the folders. */
const placeholder = '.placeholder';

export const runPartsPlaces: readonly Place[] = runPartsFolders.map((folder) => ({
  path: `${folder}/*`,
  role: 'script',
}));

/** The folder and name of a script that run-parts may be handed; undefined for every other path. */
export function runPartsScript(path: string): { folder: string; name: string } | undefined {
  const slash = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, slash), path.slice(slash + 1)];
  return runPartsFolders.includes(folder) && name !== '' && name !== placeholder
    ? { folder, name }
    : undefined;
}

export type RunPartsFlavour = 'debian' | 'redhat';

/** Whose run-parts a machine has: cronie's is a script, where Debian does not bring its own. */
export const flavourOf = (daemon: CronDaemon, isDebian: boolean): RunPartsFlavour =>
  daemon === 'cronie' && !isDebian ? 'redhat' : 'debian';

/**
 * Whether run-parts takes a script of this name: Debian's knows names by their alphabet (run-parts(8)), cronie's
 * script, Red Hat's, by what they must not end in.
 */
export const takesName = (name: string, flavour: RunPartsFlavour): boolean =>
  flavour === 'debian'
    ? /^[A-Za-z0-9_-]+$/.test(name)
    : !/^\.|~$|,|\.(?:rpmsave|rpmorig|rpmnew|swp|cfsaved)$/.test(name);
