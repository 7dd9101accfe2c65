// A sensor's container: locked down, without a network, driven over its standard streams.

import type { Duplex } from 'node:stream';
import type { Container, ContainerCreateOptions } from 'dockerode';
import type { Sidecar, SidecarSpec } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { connect } from '../host/connection.ts';
import { withinLimit } from '../host/deadline.ts';
import { isEngineLoss } from '../host/engine-loss.ts';
import { readFrames } from './frames.ts';
import { labelsFor } from './labels.ts';
import { LineReader } from './lines.ts';
import { disposeContainer } from './remove.ts';
import { Tail } from './tail.ts';

/**
 * Starts a sidecar. It is attached before it starts, so that no line is missed.
 * @throws AtomclockError `lab/no-engine`; `lab/sidecar-failed` when the engine refuses it
 */
export async function startSidecar(spec: SidecarSpec, { run }: { run: string }): Promise<Sidecar> {
  const { docker } = await connect();
  let container: Container | undefined;
  try {
    container = await docker.createContainer(createOptions(spec, run));
    const stream = (await container.attach({
      stream: true,
      hijack: true,
      stdin: true,
      stdout: true,
      stderr: true,
    })) as Duplex;
    const output = readOutput(stream);
    await container.start();
    return new DockerSidecar(container, stream, output);
  } catch (cause) {
    if (container) await disposeContainer(container);
    if (isEngineLoss(cause)) throw cause;
    throw new AtomclockError(
      'lab/sidecar-failed',
      `the engine does not start ${spec.image}: ${String(cause)}`,
      {
        exitCode: exitCodes.labUnavailable,
        hint: 'atomclock doctor',
        cause,
      },
    );
  }
}

const defaultMemoryBytes = 512 * 1024 * 1024;

function createOptions(spec: SidecarSpec, run: string): ContainerCreateOptions {
  const memory = spec.memoryBytes ?? defaultMemoryBytes;
  return {
    Image: spec.image,
    ...(spec.command && { Cmd: [...spec.command] }),
    Labels: labelsFor({ role: 'sidecar', run }),
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      AutoRemove: true,
      CapDrop: ['ALL'],
      CapAdd: [...spec.capAdd],
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: 64,
      // Its output goes to us alone; the engine's own copy would be written to disk for nobody.
      LogConfig: { Type: 'none', Config: {} },
      ...(spec.binds && { Binds: [...spec.binds] }),
      ...(spec.pidMode && { PidMode: spec.pidMode }),
    },
  };
}

interface Output {
  lines: LineReader;
  stderr: Tail;
  /** When the stream has ended. */
  drained: Promise<void>;
}

function readOutput(stream: Duplex): Output {
  const lines = new LineReader(stream);
  const stderr = new Tail();
  const drained = readFrames(stream, {
    stdout: (data) => lines.push(data),
    stderr: (data) => stderr.push(data),
  }).then(() => lines.end());
  return { lines, stderr, drained };
}

class DockerSidecar implements Sidecar {
  readonly lines: AsyncIterable<string>;
  readonly exited: Promise<{ exitCode: number | null; stderr: string }>;
  readonly #container: Container;
  readonly #stream: Duplex;

  constructor(container: Container, stream: Duplex, { lines, stderr, drained }: Output) {
    this.#container = container;
    this.#stream = stream;
    this.lines = lines;
    this.exited = exitCodeOf(container).then(async (exitCode) => {
      // The last words come behind the lines: they are not to be had while nobody reads those.
      await withinLimit(drained, lastWordsMs);
      return { exitCode, stderr: stderr.text() };
    });
  }

  send(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(`${line}\n`, (error) => {
        if (!error) resolve();
        else {
          reject(
            new AtomclockError('lab/sidecar-gone', `the sidecar has ended and does not take "${line}"`, {
              exitCode: exitCodes.labUnavailable,
              cause: error,
            }),
          );
        }
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await disposeContainer(this.#container);
    } finally {
      this.#stream.destroy();
    }
  }
}

const lastWordsMs = 1000;

/** null when nobody can tell: the container was removed before the engine could be asked, or the engine is gone. */
async function exitCodeOf(container: Container): Promise<number | null> {
  try {
    return ((await container.wait()) as { StatusCode: number }).StatusCode;
  } catch {
    return null;
  }
}
