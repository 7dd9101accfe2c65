// Commands that the engine starts in a running container: what the agent cannot do, starting it first of all.

import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Container, Exec } from 'dockerode';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { statusOf } from '../host/status.ts';
import { isAlive, isOfEnd } from './alive.ts';
import { readFrames } from './frames.ts';

/** Runs commands in one container, as root. */
export class ContainerExec {
  readonly #container: Container;

  constructor(container: Container) {
    this.#container = container;
  }

  /**
   * Starts a command; its standard streams are one, in Docker's frames.
   * @throws AtomclockError `lab/target-gone` when the container has ended
   */
  async open(argv: readonly string[]): Promise<{ exec: Exec; stream: Duplex }> {
    try {
      const exec = await this.#container.exec({
        Cmd: [...argv],
        User: 'root',
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
      });
      return { exec, stream: await exec.start({ hijack: true, stdin: true }) };
    } catch (error) {
      throw (await isOfEnd(error, this.#container)) ? targetGone(this.#container, error) : error;
    }
  }

  /**
   * Runs a command that ends by itself, without input.
   * @throws AtomclockError `lab/target-gone` when the container has ended, before or meanwhile
   */
  async run(argv: readonly string[]): Promise<number | null> {
    const { exec, stream } = await this.open(argv);
    try {
      stream.end();
      await readFrames(stream, { stdout: () => {}, stderr: () => {} });
    } finally {
      stream.destroy();
    }
    return this.exitCode(exec);
  }

  /**
   * What a command ended with whose streams are closed; null where it runs on all the same.
   * @throws AtomclockError `lab/target-gone` when it ended with its container
   */
  async exitCode(exec: Exec): Promise<number | null> {
    const giveUp = performance.now() + endLimitMs;
    try {
      for (;;) {
        const { Running, ExitCode } = await exec.inspect();
        if (!Running && ExitCode !== null) {
          if (!codesOfEnd.has(ExitCode) || (await isAlive(this.#container))) return ExitCode;
          break;
        }
        if (performance.now() > giveUp) return null;
        // The engine tells nobody when it learns of the end: there is nothing to wait for but the next look.
        await setTimeout(lookMs);
      }
    } catch (error) {
      throw (await isOfEnd(error, this.#container)) ? targetGone(this.#container, error) : error;
    }
    throw targetGone(this.#container);
  }
}

/**
 * The error for whoever asks something of a target that is no more. That the engine does not know it any more tells no
 * other reason: it removes a target as soon as that has ended.
 */
export function targetGone({ id }: Pick<Container, 'id'>, cause?: unknown): AtomclockError {
  const removed = statusOf(cause) === 404 ? ', and is removed' : '';
  const why = `it powered off, rebooted or was killed${removed}`;
  return new AtomclockError('lab/target-gone', `target ${id.slice(0, 12)} has ended: ${why}`, {
    exitCode: exitCodes.labUnavailable,
    cause,
  });
}

/** What a command ends with when its container ends: not started any more (126, 127), killed, or told to terminate. */
const codesOfEnd: ReadonlySet<number> = new Set([126, 127, 137, 143]);

const endLimitMs = 10_000;
const lookMs = 20;
