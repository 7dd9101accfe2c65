// Removes all that one run has started: what an interrupt does instead of waiting for every case.
// A run that could not do so leaves word for the next sweep: its owner, this process, may live on.

import { connect } from '../host/connection.ts';
import { runLabel } from './labels.ts';
import { removeNetwork } from './private-network.ts';
import { removeContainer } from './remove.ts';

const abandoned = new Set<string>();

/** The run is over; whatever there is of it, the next sweep removes. */
export function abandonRun(run: string): void {
  abandoned.add(run);
}

export const isAbandoned = (run: string | undefined): boolean => run !== undefined && abandoned.has(run);

/** Removes every container and network of the run; those that are gone already are no error. */
export async function removeRun(run: string): Promise<void> {
  const { docker } = await connect();
  const filters = { label: [`${runLabel}=${run}`] };
  const ours = await docker.listContainers({ all: true, filters });
  await Promise.all(ours.map(({ Id }) => removeContainer(docker.getContainer(Id))));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Name }) => removeNetwork(Name)));
}
