// Removes all that one run has started: what an interrupt does instead of waiting for every case.

import { connect } from '../host/connection.ts';
import { runLabel } from './labels.ts';
import { removeContainer } from './remove.ts';

/** Removes every container of the run; those that are gone already are no error. */
export async function removeRun(run: string): Promise<void> {
  const { docker } = await connect();
  const ours = await docker.listContainers({ all: true, filters: { label: [`${runLabel}=${run}`] } });
  await Promise.all(ours.map(({ Id }) => removeContainer(docker.getContainer(Id))));
}
