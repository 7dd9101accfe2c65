// The processes of a container, as the engine lists them.

import type { Container } from 'dockerode';
import { statusOf } from './status.ts';

/** What `top` gives, in the columns that it was asked for; null for a container without processes. */
interface ProcessTable {
  Processes: string[][] | null;
}

/**
 * The processes of a container, seen from the engine's machine, one row each with the columns of `ps`.
 *
 * The engine walks the container's cgroups for it, and answers 500 where one of them is removed under its feet: a
 * service that stops, or a container that ends. It is asked again then; each such answer takes a cgroup with it.
 *
 * @throws the engine's error, any other one at once
 */
export async function processTable(container: Pick<Container, 'top'>, columns: string): Promise<string[][]> {
  for (let walk = 1; ; walk++) {
    try {
      const { Processes }: ProcessTable = await container.top({ ps_args: `-eo ${columns}` });
      return Processes ?? [];
    } catch (error) {
      if (walk === mostWalks || !lostCgroup(error)) throw error;
    }
  }
}

const lostCgroup = (error: unknown): boolean =>
  statusOf(error) === 500 &&
  error instanceof Error &&
  /unable to get all container pids: .*no such (file or directory|device)/.test(error.message);

/** More than a target has cgroups. */
const mostWalks = 100;
