// Whether a container lives: the engine learns of the death of its PID 1 up to ten seconds late, and fails in odd ways
// until then.

import { setTimeout } from 'node:timers/promises';
import type { Container } from 'dockerode';
import { withinLimit } from '../host/deadline.ts';
import { ignoreMissing, statusOf } from '../host/status.ts';

/** What `top` gives, in the columns that it was asked for; null for a container without processes. */
interface ProcessTable {
  Processes: string[][] | null;
}

/**
 * Whether a container's PID 1 is alive, by the process table of the engine's machine.
 *
 * The engine answers 500, for many reasons, where a cgroup or a process goes while it walks the container's: a service
 * that stops, or a container that ends. It is asked again then, until it knows of the end or has an answer.
 *
 * @throws the engine's error: any but a 500 at once, that one when it stays
 */
export async function isAlive(container: Pick<Container, 'inspect' | 'top'>): Promise<boolean> {
  const giveUp = performance.now() + giveUpMs;
  for (;;) {
    const { State } = await container.inspect();
    if (!State.Running) return false;
    try {
      const { Processes }: ProcessTable = await container.top({ ps_args: '-eo pid,stat' });
      return (Processes ?? []).some(([pid, stat]) => Number(pid) === State.Pid && !stat?.startsWith('Z'));
    } catch (error) {
      if (statusOf(error) !== 500 || performance.now() > giveUp) throw error;
    }
    await setTimeout(pauseMs);
  }
}

/** Whether it is the container's end of which an error of the engine comes. */
export async function isOfEnd(error: unknown, container: Pick<Container, 'wait'>): Promise<boolean> {
  const status = statusOf(error);
  if (status === 404 || status === 409) return true;
  return status === 500 && (await withinLimit(container.wait().catch(ignoreMissing), giveUpMs));
}

/** The engine has learnt of an end by then. */
const giveUpMs = 30_000;
const pauseMs = 20;
