// Thirty viewers of a target that floods: real sockets, a third of which take nothing; memory stays bounded, and what a
// viewer gets and what it is told it did not get are together all there was.

import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LabMessage } from '../../../harness/lab/message.ts';
import { LabServer } from '../../../harness/lab/server.ts';
import { Session } from '../../../harness/lab/session.ts';
import type { RunEvent } from '../../../harness/model/run-event.ts';

const viewers = 30;
const stuck = 10;
const events = 6_000;
const id = 'flood@debian12';
/** As large as one of the kernel sensor's. */
const padding = 'x'.repeat(2_000);

const at = new Date().toISOString();
const offered = {
  name: '',
  technique: '',
  kind: 'attack',
  description: '',
  command: '',
  user: null,
} as const;
const offer = {
  targets: [{ name: 'debian12', title: '' }],
  users: [],
  atomics: [{ ...offered, slug: 'flood', targets: ['debian12'] }],
  mitigations: [],
  lessons: [],
  rules: {},
};

/** What a run says that is flooded: more than anybody can follow, as fast as the process can say it. */
const session = new Session(
  { offer, bears: 1, rules: [], atomics: [], out: null },
  { signal: new AbortController().signal, env: {} },
  async (_, __, tell) => {
    for (let each = 0; each < events; each++) {
      tell({ at, kind: 'event', case: id, sentence: `${each} ${padding}` } as unknown as RunEvent);
      if (each % 100 === 0) await turn();
    }
    tell({ at, kind: 'case-finished', case: id, observation: 'executed', ms: 1 });
    throw new RangeError('the flood is over');
  },
);
let server: LabServer;
beforeAll(async () => {
  server = await LabServer.listen(session, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What cannot be let go of, in bytes. */
function held(): number {
  collect();
  const { external, heapUsed } = process.memoryUsage();
  return external + heapUsed;
}

class Viewer {
  readonly socket: WebSocket;
  got = 0;
  leftOut = 0;
  hasEnd = false;

  constructor(url: URL, takes: boolean) {
    this.socket = new WebSocket(`ws://${url.host}/live`, {
      headers: {
        Origin: url.origin,
        Cookie: `atomclock-lab-${url.port}=${url.searchParams.get('token') ?? ''}`,
      },
    });
    this.socket.on('error', () => {});
    if (takes) this.socket.on('message', (data) => this.#take(JSON.parse(String(data)) as LabMessage));
  }

  #take(message: LabMessage): void {
    if (message.say === 'left-out') this.leftOut += message.count;
    if (message.say !== 'facts') return;
    for (const { kind } of message.facts) {
      if (kind === 'case-finished') this.hasEnd = true;
      else this.got += 1;
    }
  }
}

it('bounds what it keeps, and tells every viewer what it was not sent', async () => {
  const url = new URL(server.urlOf('viewer'));
  const all = Array.from({ length: viewers }, (_, each) => new Viewer(url, each >= stuck));
  await Promise.all(all.map(({ socket }) => once(socket, 'open')));
  for (const { socket } of all.slice(0, stuck)) socket.pause();
  const before = held();
  let most = 0;
  const detonation = { atomic: 'flood', target: 'debian12', mitigation: null, user: null, isStepping: false };
  session.do({ ask: 'detonate', ...detonation });
  for (let turns = 0; session.runs[0]?.state === 'running'; turns++) {
    if (turns % 10 === 0) most = Math.max(most, held() - before);
    await turn();
  }
  const reading = all.slice(stuck);
  await expect.poll(() => reading.every(({ hasEnd }) => hasEnd), { timeout: 120_000 }).toBe(true);
  await expect
    .poll(() => reading.map(({ got, leftOut }) => got + leftOut), { timeout: 120_000 })
    .toEqual(reading.map(() => events));
  expect(reading.map(({ got }) => got).filter((got) => got === 0)).toEqual([]);
  // All of it for all of them is 360 MiB; what is kept for one viewer at most 4.
  expect(most).toBeLessThan(viewers * 4 * 1024 * 1024);
  process.stderr.write(
    `flood: ${events} events of 2 kB for ${viewers} viewers; at most ${Math.round(most / 2 ** 20)} MiB more, ${reading[0]?.got} sent, ${reading[0]?.leftOut} left out\n`,
  );
  for (const { socket } of all) socket.terminate();
});
