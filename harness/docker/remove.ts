// Ends a container for good, whatever state it is in.

import type { Container } from 'dockerode';
import { statusOf } from './status.ts';

/** Kills and removes; a container that is gone, or on its way out, is what was asked for. */
export async function removeContainer(container: Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return;
    // AutoRemove was quicker: wait until it is done, so that "removed" means removed.
    if (status === 409) await container.wait({ condition: 'removed' }).catch(ignoreMissing);
    else throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (statusOf(error) !== 404) throw error;
}
