// A request settles whatever becomes of its connection.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isEngineLoss } from '../../../harness/docker/host/engine-loss.ts';
import { addressOf, settleRequests } from '../../../harness/docker/host/settled-requests.ts';

let folder: string;
let server: Server;
let answer: (response: ServerResponse) => void;
let docker: Docker;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atomclock-requests-'));
  const socketPath = join(folder, 'engine.sock');
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  docker = new Docker({ socketPath });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const cutBefore = (response: ServerResponse): void => void response.socket?.destroy();
/** As `wait` is when the engine dies: the headers have come long ago. */
const cutInside = (response: ServerResponse): void => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.write('{"Status', () => response.socket?.destroy());
};

describe('a request', () => {
  it.each([
    ['cut before it is answered', cutBefore, 'it closed the connection (ECONNRESET)'],
    ['cut in the middle of its answer', cutInside, 'it closed the connection in the middle'],
  ])('%s fails with the loss of the engine', async (_, reaction, detail) => {
    settleRequests(docker);
    answer = reaction;
    const failure = await docker
      .getContainer('one')
      .wait()
      .catch((error: unknown) => error);
    expect(isEngineLoss(failure)).toBe(true);
    expect(failure).toMatchObject({
      exitCode: 3,
      message: `the container engine at unix://${folder}/engine.sock has gone away: ${detail}`,
    });
  });

  it('to a socket without an engine fails with its loss', async () => {
    settleRequests(docker);
    await new Promise((resolve) => server.close(resolve));
    await expect(docker.ping()).rejects.toMatchObject({
      code: 'lab/engine-gone',
      message: expect.stringContaining('does not take connections (ENOENT)'),
    });
  });

  it('that the engine refuses keeps its status', async () => {
    settleRequests(docker);
    answer = (response) => response.writeHead(404).end('{"message":"No such container"}');
    await expect(docker.getContainer('one').inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it('that is answered has its answer', async () => {
    settleRequests(docker);
    answer = (response) => response.end('{"StatusCode":7}');
    expect(await docker.getContainer('one').wait()).toEqual({ StatusCode: 7 });
  });
});

it('counts the streams that are open', async () => {
  const streams = settleRequests(docker);
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.on('data', () => socket.destroy());
  });
  const attach = { stream: true, hijack: true, stdin: true, stdout: true };
  const stream = (await docker.getContainer('one').attach(attach)) as Duplex;
  expect(streams.open).toBe(1);
  const before = performance.now();
  stream.write('end');
  await new Promise((resolve) => stream.once('close', resolve));
  expect(streams.open).toBe(0);
  expect(streams.closedAt).toBeGreaterThanOrEqual(before);
});

it.each([
  [{ socketPath: '/run/some.sock' }, 'unix:///run/some.sock'],
  [{ host: 'lab', port: 2375, protocol: 'http' as const }, 'tcp://lab:2375'],
  [{ host: 'lab', port: 2376, protocol: 'https' as const }, 'tcp://lab:2376'],
])('an engine of %j is named %s', (options, address) => {
  expect(addressOf(new Docker(options))).toBe(address);
});
