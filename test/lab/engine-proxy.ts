// An engine that can go away while the machine's own is left alone: what stands between the harness and the engine's
// socket, and can be cut or frozen. The containers are real, and so is the death of the connections to them.

import { link, rename, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect } from '../../harness/docker/host/connection.ts';

export interface EngineProxy extends AsyncDisposable {
  /** For the harness's environment. */
  readonly env: { DOCKER_HOST: string };
  /** What has passed since the start: requests to the engine, bytes from it. */
  readonly passed: Readonly<Record<Traffic, number>>;
  /** Resolves when that much has passed. */
  reached(traffic: Traffic, count: number): Promise<void>;
  /** As after kill -9: every connection ends, and the socket stays, with nobody behind it. */
  cut(): Promise<void>;
  /** As after kill -STOP, until `thaw`: connections are taken, and no byte passes. */
  freeze(): void;
  thaw(): void;
}

export type Traffic = 'requests' | 'bytes';

/** Listens in the folder for requests to the engine that the tests use. */
export async function engineProxy(folder: string): Promise<EngineProxy> {
  const path = join(folder, 'engine.sock');
  const { modem } = (await connect()).docker;
  const engine = modem as unknown as { socketPath?: string; host: string; port: number };
  const sockets = new Set<Socket>();
  let frozen = false;
  const passed = { requests: 0, bytes: 0 };
  const waiting: { traffic: Traffic; count: number; resolve: () => void }[] = [];

  const count = (traffic: Traffic, more: number): void => {
    passed[traffic] += more;
    for (const one of waiting) if (passed[one.traffic] >= one.count) one.resolve();
  };
  const isRequest = (chunk: Buffer): boolean =>
    /^(GET|POST|PUT|DELETE|HEAD) \//.test(chunk.subarray(0, 16).toString('latin1'));
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    if (frozen) socket.pause();
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  };
  // A command's standard input ends before its output does: each direction ends for itself.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    const far = engine.socketPath
      ? createConnection({ path: engine.socketPath, allowHalfOpen: true })
      : createConnection({ host: engine.host, port: engine.port, allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(from);
      from.on('data', (chunk: Buffer) => {
        if (from === far) count('bytes', chunk.length);
        else if (isRequest(chunk)) count('requests', 1);
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (!frozen) from.resume();
      });
      from.once('end', () => to.end());
      from.once('close', () => to.destroySoon());
    }
    if (frozen) near.pause();
    else near.resume();
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    env: { DOCKER_HOST: `unix://${path}` },
    passed,
    reached: (traffic, count) =>
      new Promise((resolve) => {
        if (passed[traffic] >= count) resolve();
        else waiting.push({ traffic, count, resolve });
      }),
    async cut() {
      // Node removes the socket that it listened on; a killed engine does not.
      await link(path, `${path}.dead`);
      await close();
      await rename(`${path}.dead`, path);
    },
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      await close();
      await rm(path, { force: true });
    },
  };
}
