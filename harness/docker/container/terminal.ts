// A process with a terminal in a container, started by the engine: what somebody who sits there types and sees.

import type { Duplex } from 'node:stream';
import type { Container, Exec } from 'dockerode';
import type { Target, TerminalSession, TerminalSize } from '../../engine/ports.ts';
import { statusOf } from '../host/status.ts';
import { isOfEnd } from './alive.ts';
import { ContainerExec, targetGone } from './container-exec.ts';

/**
 * Starts it.
 * @throws AtomclockError `lab/target-gone` when the container has ended
 * @source Docker Engine API, ContainerExec with Tty: one raw stream, no frames
 */
export async function openTerminal(
  container: Container,
  argv: readonly string[],
  { user = 'root', env = {}, workingDirectory, size }: Parameters<Target['openTerminal']>[1],
): Promise<TerminalSession> {
  try {
    const exec = await container.exec({
      Cmd: [...argv],
      User: user,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ...(workingDirectory !== undefined && { WorkingDir: workingDirectory }),
      Tty: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
    const session = new DockerTerminal(container, exec, stream);
    await session.resize(size);
    return session;
  } catch (error) {
    throw (await isOfEnd(error, container)) ? targetGone(container, error) : error;
  }
}

class DockerTerminal implements TerminalSession {
  readonly output: AsyncIterable<Uint8Array>;
  readonly #container: Container;
  readonly #exec: Exec;
  readonly #stream: Duplex;

  constructor(container: Container, exec: Exec, stream: Duplex) {
    this.#container = container;
    this.#exec = exec;
    this.#stream = stream;
    this.output = untilClosed(stream);
    // What is typed while it ends goes nowhere; the output tells of the end.
    stream.on('error', () => {});
  }

  write(bytes: Uint8Array): void {
    if (this.#stream.writable) this.#stream.write(bytes);
  }

  /** One that has ended has no size. */
  async resize({ columns, rows }: TerminalSize): Promise<void> {
    try {
      await this.#exec.resize({ w: columns, h: rows });
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
    }
  }

  exitCode(): Promise<number | null> {
    return new ContainerExec(this.#container).exitCode(this.#exec);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.destroy();
  }
}

/** A stream that is destroyed has ended. */
async function* untilClosed(stream: Duplex): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const bytes of stream) yield bytes as Uint8Array;
  } catch (error) {
    if (!stream.destroyed) throw error;
  }
}
