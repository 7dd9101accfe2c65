// A network for a pair alone: its two containers reach one another, and nothing else.

import { randomBytes } from 'node:crypto';
import { connect } from '../host/connection.ts';
import { isEngineLoss } from '../host/engine-loss.ts';
import { statusOf } from '../host/status.ts';
import { labelsFor } from './labels.ts';

export interface PrivateNetwork extends AsyncDisposable {
  readonly name: string;
}

/** Makes one; disposing of it, after its containers, removes it. @throws the engine's error */
export async function createPrivateNetwork(of: { run: string; case: string }): Promise<PrivateNetwork> {
  const { docker } = await connect();
  const name = `atomclock-${randomBytes(6).toString('hex')}`;
  // Internal: no route to the outside, and none to the machine that the engine runs on but its own address there.
  await docker.createNetwork({
    Name: name,
    Driver: 'bridge',
    Internal: true,
    Labels: labelsFor({ role: 'target', ...of }),
  });
  return { name, [Symbol.asyncDispose]: () => removeNetwork(name) };
}

/** Removes a network that may be gone already; where the engine is gone the next sweep does. */
export async function removeNetwork(name: string): Promise<void> {
  const { docker } = await connect();
  try {
    await docker.getNetwork(name).remove();
  } catch (error) {
    if (statusOf(error) !== 404 && !isEngineLoss(error)) throw error;
  }
}
