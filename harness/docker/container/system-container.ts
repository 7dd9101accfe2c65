// A container with systemd as PID 1 and nothing it does not need: testcontainers has no methods for most of this.

import { posix } from 'node:path';
import type { HostConfig } from 'dockerode';
import { GenericContainer } from 'testcontainers';
import type { Pair, PrivilegeProfile } from '../../model/target.ts';

/** One that is started: its machine may not be up yet. */
const startedIsEnough = {
  waitUntilReady: async (): Promise<void> => {},
  withStartupTimeout: () => startedIsEnough,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

export interface SystemContainerOptions {
  pair?: Pair | undefined;
  /**
   * Of the engine's: `none`, or one by its name. null: it gives none at all, which halves the time that a start takes. There
   * is a loopback all the same, but nothing in /etc/hosts.
   */
  network: string | null;
}

export class SystemContainer extends GenericContainer {
  constructor(
    image: string,
    profile: PrivilegeProfile,
    cgroupVersion: 1 | 2,
    { pair, network }: SystemContainerOptions,
  ) {
    super(image);
    this.withNetworkMode(network ?? 'none').withWaitStrategy(startedIsEnough);
    if (network === null) this.createOpts.NetworkDisabled = true;
    const hostConfig: HostConfig & { CgroupnsMode: 'host' } = {
      ...this.hostConfig,
      // testcontainers' own withAutoRemove removes from here, when we stop it; this one is the engine's.
      AutoRemove: true,
      // systemd must see its own place in the cgroup tree. Version 1: its hierarchy is mounted below this bind and
      // stays writable. Version 2: one hierarchy, so the bind itself must be; with a private namespace systemd would
      // take the host's root cgroup for its own.
      CgroupnsMode: 'host',
      Binds: [`/sys/fs/cgroup:/sys/fs/cgroup:${cgroupVersion === 2 ? 'rw' : 'ro'}`],
      // Without a source: a volume of its own, with what the image has there, that is removed with it.
      ...(pair && { Mounts: pair.shares.map((folder) => ({ Type: 'volume', Source: '', Target: folder })) }),
      CapAdd: profile.capabilities,
      CapDrop: profile.withoutCapabilities,
      ...(profile.noNewPrivileges && { SecurityOpt: ['no-new-privileges'] }),
      Tmpfs: profile.tmpfs,
      ReadonlyRootfs: profile.readOnlyRoot,
      Memory: profile.memoryMiB * mebibyte,
      // The same figure: no swap on top of it.
      MemorySwap: profile.memoryMiB * mebibyte,
      PidsLimit: profile.pids,
      LogConfig: { Type: 'none', Config: {} },
    };
    this.hostConfig = hostConfig;
  }

  /** Known as soon as there is something to remove: a container that could not be started stays otherwise. */
  createdId: string | undefined;

  protected override async containerCreated(id: string): Promise<void> {
    this.createdId = id;
  }
}

const mebibyte = 1024 * 1024;

/** Whether a path lies on a tmpfs of the profile, where the engine's archive upload cannot reach. */
export function onTmpfs(path: string, { tmpfs }: PrivilegeProfile): boolean {
  // Both are links on every systemd distribution; the upload would follow them below the mount.
  const real = posix
    .normalize(path)
    .replace(/^\/var\/run(?=\/|$)/, '/run')
    .replace(/^\/var\/lock(?=\/|$)/, '/run/lock');
  return Object.keys(tmpfs).some((mount) => !posix.relative(mount, real).startsWith('..'));
}
