// What every lab test needs: the bundled target's image and profile, and a run id of the test's own.

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { readTargets } from '../../harness/content/targets.ts';
import { startTarget, type TargetSpec } from '../../harness/docker/container/target.ts';
import { connect } from '../../harness/docker/host/connection.ts';
import { statusOf } from '../../harness/docker/host/status.ts';
import { ensureImage, targetImage } from '../../harness/docker/image/images.ts';
import type { Target } from '../../harness/engine/ports.ts';
import type { TargetDefinition } from '../../harness/model/target.ts';

export const runId = `test-${randomUUID().slice(0, 8)}`;

export const debian12 = readTargets().get('debian12') as TargetDefinition;

export const debian12Image = (): Promise<string> =>
  ensureImage(targetImage(debian12), (line) => process.stderr.write(`${line}\n`));

/** A booted debian12, real clock unless the test says otherwise. */
export const bootDebian12 = async (changes: Partial<TargetSpec> = {}): Promise<Target> =>
  startTarget({
    image: await debian12Image(),
    profile: debian12.profile,
    run: runId,
    case: 'test',
    clock: 'real',
    ...changes,
  });

/** What the engine itself says about a container. */
export async function inspect(id: string) {
  const { docker } = await connect();
  return docker.getContainer(id).inspect();
}

/** Resolves when the engine has removed the container by itself: nothing is done but to look. */
export async function removed(id: string): Promise<void> {
  const { docker } = await connect();
  const isKnown = async () => {
    try {
      await docker.getContainer(id).inspect();
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  };
  await expect.poll(isKnown).toBe(false);
}
