// What a test needs of the machine, asked for by name: where it is not there the test is skipped, with that reason.

import { execFileSync } from 'node:child_process';
import { beforeEach, type TestContext } from 'vitest';
import { type KernelFeature, kernelFeatures, lacking } from '../harness/docker/doctor/checks/kernel.ts';

export type Need = KernelFeature | 'x86-64' | 'root' | 'a mount namespace';

/**
 * Skips the test that it is called in unless the machine has all of it.
 * @param what probed by doing it, once per process
 */
export function needs({ skip }: TestContext, ...what: readonly Need[]): void {
  const reason = what.map(reasonOf).find((one) => one !== undefined);
  skip(reason !== undefined, reason);
}

/** The same for every test of the file, or of the `describe` that it is called in. */
export function allNeed(...what: readonly Need[]): void {
  beforeEach((context) => needs(context, ...what));
}

const reasons = new Map<Need, string | undefined>();

function reasonOf(need: Need): string | undefined {
  if (!reasons.has(need)) {
    const reason = probe(need);
    reasons.set(need, reason === undefined ? undefined : `needs ${need}: ${reason}`);
  }
  return reasons.get(need);
}

const isKernelFeature = (need: Need): need is KernelFeature =>
  kernelFeatures.some((feature) => feature === need);

function probe(need: Need): string | undefined {
  if (isKernelFeature(need)) return lacking(need);
  switch (need) {
    case 'x86-64':
      return process.arch === 'x64' ? undefined : `this is ${process.arch}`;
    case 'root':
      return process.getuid?.() === 0 ? undefined : `this is user ${process.getuid?.()}`;
    case 'a mount namespace':
      return complaint('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/run']);
  }
}

/** What the command says when it fails. */
function complaint(command: string, args: readonly string[]): string | undefined {
  try {
    execFileSync(command, args, { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer };
    return String(stderr ?? '').trim() || message;
  }
}
