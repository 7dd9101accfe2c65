// Whether programs that an attack brought are copies of schedulers' own: a copy of cron launches jobs as cron does.

import type { ProgramCopy } from '../../model/inventory.ts';
import { daemonPrograms } from '../../schedulers/index.ts';
import type { Target } from '../ports.ts';

/** Against what hangs. */
const compareLimitMs = 60_000;

/**
 * Holds the content of programs against that of the daemons that are installed.
 * @param programs by path, with the pid of a process of each that is still there: its file may be gone by now
 * @param isPackages whether a daemon's file is what its package brought
 * @throws as `Target.exec`
 */
export async function findCopies(
  target: Target,
  programs: ReadonlyMap<string, number | null>,
  isPackages: (path: string) => boolean,
): Promise<ProgramCopy[]> {
  const daemons = daemonPrograms.filter(isPackages);
  // What a process executes is what counts, but that of another account's is for nobody's eyes (ptrace(2)).
  const own = [...programs].map(([path, pid]) => ({
    path,
    places: pid === null ? [path] : [`/proc/${pid}/exe`, path],
  }));
  const files = [...daemons, ...own.flatMap(({ places }) => places)];
  const { stdout } = await target.exec(['sha256sum', '--', ...files], { timeoutMs: compareLimitMs });
  const sums = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [, sum = '', path = ''] = /^([0-9a-f]{64}) [ *](.*)$/.exec(line) ?? [];
    if (sum !== '') sums.set(path, sum);
  }
  return own.flatMap(({ path, places }) => {
    const sum = places.map((place) => sums.get(place)).find((one) => one !== undefined);
    const program = sum && daemons.find((daemon) => sums.get(daemon) === sum);
    return program ? [{ path, program }] : [];
  });
}
