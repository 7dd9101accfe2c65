// The check on what the kernel can do beyond what a run needs: what is not there is noted, as some attacks need it.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instancesPerTarget } from '../../host/bearable-jobs.ts';
import type { EngineFacts } from '../../host/connection.ts';
import { freeInstances, isLocal, processes, read } from '../../host/room.ts';
import type { Check } from './check.ts';
import { elsewhere } from './machine.ts';

/** What a kernel may be built or started without. */
export const kernelFeatures = ['32-bit programs', 'io_uring', 'audit', 'IPv6', 'inotify'] as const;
export type KernelFeature = (typeof kernelFeatures)[number];

/** A row that is never `failed`: the bundled run needs none of it. */
export function checkKernel(facts: EngineFacts, lack: typeof lacking = lacking): Check {
  if (!isLocal(facts)) return elsewhere('kernel', facts);
  const missing = kernelFeatures.flatMap((feature) => {
    const reason = lack(feature);
    return reason === undefined ? [] : [{ feature, reason }];
  });
  const there = kernelFeatures.filter((feature) => !missing.some((one) => one.feature === feature));
  const found = there.join(', ') || 'none of what some attacks need';
  if (missing.length === 0) return { name: 'kernel', state: 'ok', found };
  return {
    name: 'kernel',
    state: 'note',
    found,
    wrong: missing.map(({ feature, reason }) => `${feature}: ${reason}`).join('\n'),
  };
}

/** Why this machine's kernel has not got it; undefined where it has, and where that cannot be told from here. */
export function lacking(feature: KernelFeature): string | undefined {
  switch (feature) {
    case '32-bit programs':
      return no32BitPrograms();
    case 'io_uring':
      return read('/proc/sys/kernel/io_uring_disabled') === '2'
        ? 'switched off (kernel.io_uring_disabled = 2)'
        : undefined;
    case 'audit':
      return noAudit();
    case 'IPv6':
      return noIpv6();
    case 'inotify':
      return tooFewInstances();
  }
}

/** By starting one: a kernel that was built with them may have been started without. */
function no32BitPrograms(): string | undefined {
  if (process.arch !== 'x64') return 'the processor is no x86-64';
  const folder = mkdtempSync(join(tmpdir(), 'atomclock-32-bit-'));
  try {
    const program = join(folder, 'exit');
    writeFileSync(program, smallestProgram(), { mode: 0o755 });
    const { status, error } = spawnSync(program);
    // What the kernel does not start is handed to a shell by execvp(3), which can make nothing of it.
    if (status === 0 || error) return undefined;
    return 'the kernel starts none (Exec format error)';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * An i386 program that ends with 0.
 * @source elf(5): the header, one loadable segment, and seven bytes of code
 */
function smallestProgram(): Uint8Array {
  const [base, headers] = [0x08048000, 52 + 32];
  // xor eax, eax; inc eax (1: exit); xor ebx, ebx; int 0x80
  const code = [0x31, 0xc0, 0x40, 0x31, 0xdb, 0xcd, 0x80];
  const size = headers + code.length;
  const elf = Buffer.alloc(size);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]).copy(elf);
  // Type EXEC, machine 386, version.
  elf.writeUInt16LE(2, 16);
  elf.writeUInt16LE(3, 18);
  elf.writeUInt32LE(1, 20);
  // Entry, place of the program headers, size of this header, of a program header, and how many there are.
  elf.writeUInt32LE(base + headers, 24);
  elf.writeUInt32LE(52, 28);
  elf.writeUInt16LE(52, 40);
  elf.writeUInt16LE(32, 42);
  elf.writeUInt16LE(1, 44);
  // LOAD from 0 to the base, this many bytes, readable and executable, by pages.
  [1, 0, base, base, size, size, 5, 0x1000].forEach((word, index) => {
    elf.writeUInt32LE(word, 52 + 4 * index);
  });
  Buffer.from(code).copy(elf, headers);
  return elf;
}

function noAudit(): string | undefined {
  if (!existsSync('/proc/self/loginuid')) return 'the kernel was built without it';
  if (/(?:^|\s)audit=(?:0|off)(?:\s|$)/.test(read('/proc/cmdline') ?? ''))
    return 'the kernel was started with audit=0';
  const owner = processes().find((pid) => read(`/proc/${pid}/comm`) === 'auditd');
  return owner === undefined ? undefined : `auditd (pid ${owner}) has it, and it has one reader per machine`;
}

function noIpv6(): string | undefined {
  if (!existsSync('/proc/net/if_inet6')) return 'the kernel has none';
  return read('/proc/sys/net/ipv6/conf/all/disable_ipv6') === '1'
    ? 'switched off (net.ipv6.conf.all.disable_ipv6 = 1)'
    : undefined;
}

/** Some runs have this many targets at a time. */
const mostTargets = 8;

/** All targets are root's: they share one limit with each other and with root's own programs. */
function tooFewInstances(): string | undefined {
  const { free, limit } = freeInstances() ?? { free: Number.POSITIVE_INFINITY, limit: 0 };
  if (free >= mostTargets * instancesPerTarget) return undefined;
  return `${free} of root's ${limit} instances are free; targets that find none do not boot (sysctl fs.inotify.max_user_instances=1024, or fewer --jobs)`;
}
