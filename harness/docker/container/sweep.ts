// Removes what a harness left behind that could not clean up after itself (kill -9, power loss, an engine that died).

import { connect } from '../host/connection.ts';
import { ownerLabel, ownerOf, runLabel } from './labels.ts';
import { isDead } from './owner.ts';
import { removeNetwork } from './private-network.ts';
import { removeContainer } from './remove.ts';
import { isAbandoned } from './remove-run.ts';

/**
 * Removes every container and network of ours whose owner is dead, or whose run is given up; those of live owners and of other machines stay.
 * @returns the names of what was removed
 */
export async function sweep(): Promise<string[]> {
  const { docker } = await connect();
  const ours = await docker.listContainers({ all: true, filters: { label: [ownerLabel] } });
  const orphans = ours.filter(({ Labels }) => isOrphan(Labels));
  const removed = await Promise.all(
    orphans.map(async ({ Id, Names }) =>
      (await removeContainer(docker.getContainer(Id))) ? [Names[0]?.replace(/^\//, '') ?? Id] : [],
    ),
  );
  // After their containers.
  const networks = await docker.listNetworks({ filters: { label: [ownerLabel] } });
  const cut = networks.filter(({ Labels }) => isOrphan(Labels ?? {})).map(({ Name }) => Name);
  await Promise.all(cut.map(removeNetwork));
  return [...removed.flat(), ...cut];
}

function isOrphan(labels: Readonly<Record<string, string>>): boolean {
  const owner = ownerOf(labels);
  return (owner !== undefined && isDead(owner)) || isAbandoned(labels[runLabel]);
}
