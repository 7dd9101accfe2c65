// The engine's end is noticed at once, its silence is not taken for it, and an error is told with its true reason.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rejectedBy, watchEngine } from '../../../harness/docker/host/engine-watch.ts';
import {
  addressOf,
  type EngineStreams,
  settleRequests,
} from '../../../harness/docker/host/settled-requests.ts';

let folder: string;
let server: Server;
/** The answers to those who watch: they go on. */
let watched: ServerResponse[];
let isSilent: boolean;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atomclock-watch-'));
  watched = [];
  isSilent = false;
  server = createServer((request, response) => {
    if (isSilent) return;
    if (!request.url?.startsWith('/events')) return response.end('OK');
    response.flushHeaders();
    watched.push(response);
    server.emit('watched');
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'engine.sock'), resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function watch(streams?: EngineStreams, docker = client()) {
  const known = settleRequests(docker);
  return watchEngine({ docker, address: addressOf(docker), streams: streams ?? known });
}
const client = (): Docker => new Docker({ socketPath: join(folder, 'engine.sock') });

const kill = (): void => {
  server.close();
  server.closeAllConnections();
};
const other = new RangeError('something else');
const loss = { code: 'lab/engine-gone', message: expect.stringContaining('engine.sock has gone away') };

describe('an engine', () => {
  it('that dies is gone, for whoever waits', async () => {
    await using engine = await watch();
    const gone = rejectedBy(engine.gone);
    kill();
    await expect(gone).rejects.toMatchObject(loss);
    expect(await engine.reasonOf(other)).toMatchObject(loss);
  });

  it('that dies is the reason of what fails in the same moment', async () => {
    await using engine = await watch();
    kill();
    expect(await engine.reasonOf(other)).toMatchObject(loss);
  });

  it.each([
    ['at once', 0],
    // As where other processes have the processor.
    ['late', 1_500],
  ])(
    'that died is gone also when it is up again, looked at %s: what ran in it has ended with its connections',
    async (_, lateMs) => {
      const streams = { open: 1, closedAt: Number.NEGATIVE_INFINITY };
      const docker = client();
      const { getEvents } = docker;
      const opened = Promise.withResolvers<NodeJS.ReadableStream>();
      Object.assign(docker, {
        getEvents: async (options: Docker.GetEventsOptions) => {
          const connection = await getEvents.call(docker, options);
          opened.resolve(connection);
          return connection;
        },
      });
      await using engine = await watch(streams, docker);
      const connection = await opened.promise;
      const closed = new Promise<void>((resolve) => {
        connection.once('close', () => {
          Object.assign(streams, { open: 0, closedAt: performance.now() });
          const until = performance.now() + lateMs;
          while (performance.now() < until);
          resolve();
        });
      });
      watched[0]?.destroy();
      await closed;
      expect(await engine.reasonOf(other)).toMatchObject(loss);
    },
  );

  it.each([
    ['others go on', { open: 1, closedAt: performance.now() }],
    ['none was open', { open: 0, closedAt: Number.NEGATIVE_INFINITY }],
  ])('that lets go of one idle connection is watched on another: %s', async (_, streams) => {
    await using engine = await watch(streams);
    const again = once(server, 'watched');
    watched[0]?.destroy();
    await again;
    expect(engine.gone.aborted).toBe(false);
    expect(await engine.reasonOf(other)).toBe(other);
    kill();
    await once(engine.gone, 'abort');
  });

  it('that is silent is not gone, and does not answer', async () => {
    await using engine = await watch();
    isSilent = true;
    expect(await engine.answers()).toBe(false);
    expect(await engine.reasonOf(other)).toBe(other);
    expect(engine.gone.aborted).toBe(false);
  });

  it('that dies after its watch has ended concerns nobody', async () => {
    const engine = await watch();
    await engine[Symbol.asyncDispose]();
    kill();
    await engine.answers();
    expect(engine.gone.aborted).toBe(false);
  });
});
