// Ends all containers of one run at once: what an interrupt must do before the process may go.

import { connect } from './connection.ts';
import { runLabel } from './labels.ts';
import { removeContainer } from './remove.ts';

/** Removes every container of the run, whatever it is doing. */
export async function removeRun(run: string): Promise<void> {
  const { docker } = await connect();
  const containers = await docker.listContainers({ all: true, filters: { label: [`${runLabel}=${run}`] } });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker.getContainer(Id))));
}
