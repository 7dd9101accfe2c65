// The checks on the machine itself: Node, kernel type information, capabilities, disk.

import { existsSync, readFileSync, statfsSync } from 'node:fs';
import type { EngineFacts } from '../../host/connection.ts';
import { isLocal } from '../../host/room.ts';
import type { Check } from './check.ts';

export function checkNode(version: string = process.versions.node): Check {
  const needed = 24;
  const found = `Node ${version}`;
  if (Number(version.split('.')[0]) >= needed) return { name: 'node', state: 'ok', found };
  return {
    name: 'node',
    state: 'failed',
    found,
    wrong: `Node ${needed} or newer is needed`,
    mend: 'npm install --save-dev node@24',
  };
}

/** The sensor is built once for all kernels: it needs the kernel's own description of its types. */
export function checkBtf(facts: EngineFacts, file = '/sys/kernel/btf/vmlinux'): Check {
  if (!isLocal(facts)) return elsewhere('btf', facts);
  if (existsSync(file)) return { name: 'btf', state: 'ok', found: `${file} of ${facts.kernel}` };
  return {
    name: 'btf',
    state: 'failed',
    found: `no ${file}`,
    wrong: 'the eBPF sensor needs a kernel built with CONFIG_DEBUG_INFO_BTF',
    mend: 'boot a kernel of the distribution (Debian, Ubuntu and Fedora all have it)',
  };
}

/** The sensor loads its programs with CAP_SYS_ADMIN, which the engine must be able to give. */
export function checkCapabilities(facts: EngineFacts, status = readStatus()): Check {
  if (facts.rootless) {
    return {
      name: 'capabilities',
      state: 'failed',
      found: 'a rootless engine',
      wrong: 'the eBPF sensor needs CAP_SYS_ADMIN of the machine, which a rootless engine does not have',
      mend: 'docker context use default (a rootful engine)',
    };
  }
  if (!isLocal(facts)) return elsewhere('capabilities', facts);
  const set = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const found = `bounding set ${set.toString(16)}`;
  const missing = Object.entries(neededCapabilities).filter(([, bit]) => (set & (1n << bit)) === 0n);
  if (missing.length === 0)
    return { name: 'capabilities', state: 'ok', found: `${found}: CAP_SYS_ADMIN is in it` };
  return {
    name: 'capabilities',
    state: 'failed',
    found,
    wrong: `without ${missing.map(([name]) => name).join(', ')} the eBPF sensor cannot load`,
    mend: 'run on a machine, or in a virtual machine, that does not take it away',
  };
}

const neededCapabilities: Readonly<Record<string, bigint>> = { CAP_SYS_ADMIN: 21n };

const readStatus = (): string =>
  existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';

const neededBytes = 2 * 1024 ** 3;

export function checkDisk(facts: EngineFacts): Check {
  if (!isLocal(facts) || !existsSync(facts.rootDirectory)) return elsewhere('disk', facts);
  const { bavail, bsize } = statfsSync(facts.rootDirectory);
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${facts.rootDirectory}`;
  if (free >= neededBytes) return { name: 'disk', state: 'ok', found };
  return {
    name: 'disk',
    state: 'failed',
    found,
    wrong: `${neededBytes / 1024 ** 3} GiB are needed for images and containers`,
    mend: 'docker system prune',
  };
}

/** The row of a check that only the engine's own machine could answer. */
export const elsewhere = (name: Check['name'], { chosenBy, kernel }: EngineFacts): Check => ({
  name,
  state: 'skipped',
  found: `the engine (${chosenBy}) is on another machine, kernel ${kernel}`,
});
