// Containers of ours on the engine, as docker's own listing shows them.

import type { Container } from 'dockerode';
import { ownerLabel, ownerOf, runLabel } from '../../harness/docker/container/labels.ts';
import { isDead } from '../../harness/docker/container/owner.ts';
import { connect } from '../../harness/docker/host/connection.ts';

/** Containers of one run, or of runs whose owner is dead. */
export async function leftBehind(run?: string): Promise<string[]> {
  const { docker } = await connect();
  const ours = await docker.listContainers({ all: true, filters: { label: [ownerLabel] } });
  return ours
    .filter(({ Labels }) => {
      const owner = ownerOf(Labels);
      return run ? Labels[runLabel] === run : owner !== undefined && isDead(owner);
    })
    .map(({ Names }) => Names[0] ?? '');
}

/** The sensor's container of the process with this pid; undefined while it has none. */
export async function sensorOf(pid: number): Promise<Container | undefined> {
  const { docker } = await connect();
  const ours = await docker.listContainers({ filters: { label: [ownerLabel] } });
  const sidecar = ours.find(
    ({ Labels }) => ownerOf(Labels)?.pid === pid && Object.values(Labels).includes('sidecar'),
  );
  return sidecar && docker.getContainer(sidecar.Id);
}

/** Kills the sensor of the process with this pid; false while it has none. */
export async function killSensorOf(pid: number): Promise<boolean> {
  const sidecar = await sensorOf(pid);
  await sidecar?.kill();
  return sidecar !== undefined;
}
