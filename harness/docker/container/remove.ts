// Ends a container for good, whatever state it is in.

import type { Container } from 'dockerode';
import { withinLimit } from '../host/deadline.ts';
import { isEngineLoss } from '../host/engine-loss.ts';
import { ignoreMissing, statusOf } from '../host/status.ts';

type Removable = Pick<Container, 'remove' | 'wait' | 'inspect'>;

/**
 * Kills and removes; a container that is gone, or on its way out, is what was asked for.
 * @returns whether the engine had it; one that was killed itself goes on listing some that it has no more
 * @throws the engine's error when it fails again and again
 */
export async function removeContainer(container: Removable): Promise<boolean> {
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
export async function disposeContainer(container: Removable): Promise<void> {
  try {
    await removeContainer(container);
  } catch (error) {
    if (!isEngineLoss(error)) throw error;
  }
}

const mostAttempts = 3;

async function removeOnce(container: Removable): Promise<boolean> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return false;
    // AutoRemove was quicker: wait until it is done, so that "removed" means removed.
    if (status === 409) await untilRemoved(container);
    else throw error;
  }
  return true;
}

/**
 * Waits until the engine has removed a container that is on its way out. The engine never answers who begins to wait in the
 * moment in which the removal ends: so how it stands is asked as well. Where the engine has given up removing it, since
 * something else had its file system mounted (an upload), it is removed here.
 * @throws as `removeContainer`
 */
async function untilRemoved(container: Removable): Promise<void> {
  const given = new AbortController();
  const removed = container
    .wait({ condition: 'removed', abortSignal: given.signal })
    .catch((error: unknown) => given.signal.aborted || ignoreMissing(error));
  try {
    while (!(await withinLimit(removed, lookMs))) {
      const status = await stateOf(container);
      if (status === null) return;
      if (leftovers.has(status)) await removeContainer(container);
    }
  } finally {
    given.abort();
  }
}

/** Where a container stands that has ended and that nobody removes: before the engine tried, and after it failed. */
const leftovers: ReadonlySet<string> = new Set(['exited', 'dead']);

/** How it stands with a container; null where the engine has it no more. */
async function stateOf(container: Pick<Container, 'inspect'>): Promise<string | null> {
  try {
    return (await container.inspect()).State.Status;
  } catch (error) {
    ignoreMissing(error);
    return null;
  }
}

const lookMs = 1000;
