// Ends a container for good, whatever state it is in.

import type { Container } from 'dockerode';
import { isEngineLoss } from '../host/engine-loss.ts';
import { ignoreMissing, statusOf } from '../host/status.ts';

/**
 * Kills and removes; a container that is gone, or on its way out, is what was asked for.
 * @returns whether the engine had it; one that was killed itself goes on listing some that it has no more
 * @throws the engine's error when it fails again and again
 */
export async function removeContainer(container: Pick<Container, 'remove' | 'wait'>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await removeOnce(container);
    } catch (error) {
      // A busy engine misses the end of what it kills, or finds its file system still mounted: not so the next time.
      if (statusOf(error) !== 500 || attempt === mostAttempts) throw error;
    }
  }
}

/**
 * As `removeContainer`, at the end of what used it. Where the engine is gone that is for the run to tell, once: the next
 * start sweeps what is left.
 */
export async function disposeContainer(container: Pick<Container, 'remove' | 'wait'>): Promise<void> {
  try {
    await removeContainer(container);
  } catch (error) {
    if (!isEngineLoss(error)) throw error;
  }
}

const mostAttempts = 3;

async function removeOnce(container: Pick<Container, 'remove' | 'wait'>): Promise<boolean> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return false;
    // AutoRemove was quicker: wait until it is done, so that "removed" means removed.
    if (status === 409) await container.wait({ condition: 'removed' }).catch(ignoreMissing);
    else throw error;
  }
  return true;
}
