// The container beside a target in which attacks are run: no machine, a process that waits, with folders of the machine.

import type { Container } from 'dockerode';
import type { BesideRequest } from '../../engine/ports.ts';
import { machineName, type PrivilegeProfile } from '../../model/target.ts';
import { connect } from '../host/connection.ts';
import { labelsFor } from './labels.ts';
import { disposeContainer } from './remove.ts';

export interface ActorSpec {
  image: string;
  profile: PrivilegeProfile;
  run: string;
  case: string;
  lifetimeSeconds: number;
  /** The container whose volumes, as far as it has any, it has mounted at the same places. */
  machine: string;
  /** The network that both are in, and the machine's address there; null: neither is in any. */
  network: { name: string; address: string } | null;
  beside: BesideRequest;
}

/**
 * Starts it.
 * @throws the engine's error, when it has removed what it created
 */
export async function startActor(spec: ActorSpec): Promise<Container> {
  const { docker } = await connect();
  const { profile, network, beside } = spec;
  const lifetime = String(spec.lifetimeSeconds);
  const memory = profile.memoryMiB * 1024 * 1024;
  const container = await docker.createContainer({
    Image: spec.image,
    // It ends by itself, also when nobody is left to end it.
    Cmd: beside.command ? ['timeout', lifetime, ...beside.command] : ['sleep', lifetime],
    // Where nobody acts as root in it, nothing in it is root's but the agent, which is started from outside.
    ...(profile.user !== undefined && { User: profile.user }),
    Labels: labelsFor({
      role: 'target',
      run: spec.run,
      case: spec.case,
      ...(beside.isOfProcedure && { standsFor: 'attack' }),
    }),
    HostConfig: {
      AutoRemove: true,
      NetworkMode: network?.name ?? 'none',
      ...(network && { ExtraHosts: [`${machineName}:${network.address}`] }),
      // Whoever is left behind by what an attack ends is taken in.
      Init: true,
      VolumesFrom: [beside.readOnly ? `${spec.machine}:ro` : spec.machine],
      CapAdd: profile.capabilities,
      ...(profile.noNewPrivileges && { SecurityOpt: ['no-new-privileges'] }),
      Tmpfs: { '/tmp': 'exec' },
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: profile.pids,
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  try {
    await container.start();
    if (beside.exec) await enter(container, beside.exec);
    return container;
  } catch (error) {
    await disposeContainer(container);
    throw error;
  }
}

/**
 * Creates a container that is given folders of the engine's machine, and does not start it: the engine mounts nothing, and
 * makes no folder that there is not, before that.
 */
export async function createGiven(
  { image, run, case: caseId, beside }: Pick<ActorSpec, 'image' | 'run' | 'case' | 'beside'>,
  folders: readonly string[],
): Promise<Container> {
  const { docker } = await connect();
  return docker.createContainer({
    Image: image,
    Cmd: ['true'],
    Labels: labelsFor({
      role: 'target',
      run,
      case: caseId,
      ...(beside.isOfProcedure && { standsFor: 'attack' }),
    }),
    HostConfig: { NetworkMode: 'none', Binds: [...folders] },
  });
}

/** As somebody does who has the engine execute a program and does not wait for its end: `docker exec --detach`. */
async function enter(container: Container, words: readonly string[]): Promise<void> {
  const entry = await container.exec({ Cmd: [...words], User: 'root' });
  await entry.start({ Detach: true });
}
