// Who gets into a lab: real requests and sockets against a real server; what is not let in sees nothing.

import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ownHosts, reachableHost } from '../../../harness/lab/addresses.ts';
import type { LabMessage } from '../../../harness/lab/message.ts';
import { LabServer } from '../../../harness/lab/server.ts';
import { Session } from '../../../harness/lab/session.ts';
import type { LabOffer } from '../../../harness/main/lab-offer.ts';

const offer: LabOffer = {
  targets: [{ name: 'debian12', title: 'Debian 12' }],
  users: ['root', 'alice', 'bob'],
  atomics: [
    {
      slug: 'at-stdin',
      name: 'at',
      technique: 'T1053.002',
      kind: 'attack',
      description: '',
      command: '',
      user: null,
      targets: ['debian12'],
    },
  ],
  mitigations: [],
  lessons: [],
  rules: {},
};
const world = { signal: new AbortController().signal, env: {} };

/** No test here lets a run begin: what would be asked for is written down. */
const begun: string[] = [];
const session = new Session(
  { offer, bears: 2, rules: [], atomics: [], out: null },
  world,
  (asked, { signal }) =>
    new Promise((_, reject) => {
      begun.push(asked.selectors.join());
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
);
let server: LabServer;
let port: number;
let tokens: { trainer: string; viewer: string };

beforeAll(async () => {
  server = await LabServer.listen(session, { host: '127.0.0.1', port: 0 });
  const url = new URL(server.urlOf('trainer'));
  port = Number(url.port);
  tokens = {
    trainer: url.searchParams.get('token') ?? '',
    viewer: new URL(server.urlOf('viewer')).searchParams.get('token') ?? '',
  };
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    asked.on('error', reject).end();
  });

const own = () => ({ Cookie: `atomclock-lab-${port}=${tokens.trainer}` });

/** Everything that a page is made of. */
const paths = [
  '/',
  '/lab/page/main.js',
  '/lab/page/lab.css',
  '/report/style.css',
  '/report/html/client/dom.js',
  '/xterm/xterm.mjs',
  '/runs/1/report.html',
  '/nowhere',
];

describe('a request', () => {
  it('with the token is let in, and gets a cookie that no script and no other site can use', async () => {
    const { status, headers, text } = await get(`/?token=${tokens.viewer}`);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['set-cookie']).toEqual([
      `atomclock-lab-${port}=${tokens.viewer}; Path=/; HttpOnly; SameSite=Strict`,
    ]);
    expect(text).not.toContain(tokens.viewer);
  });

  it.each(paths.slice(0, 6))('with the cookie alone gets %s, under a strict policy', async (path) => {
    const { status, headers } = await get(path, own());
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  it.each(paths)('for %s is refused without a token, and with one that is nearly right', async (path) => {
    const nearly = `${tokens.trainer.slice(0, -1)}${tokens.trainer.endsWith('A') ? 'B' : 'A'}`;
    for (const headers of [
      {},
      { Cookie: `atomclock-lab-${port}=${nearly}` },
      { Cookie: 'atomclock-lab-1=x' },
    ]) {
      const { status, text, headers: told } = await get(path, headers);
      expect([status, text]).toEqual([
        401,
        'this needs the address with its token, as atomclock lab printed it\n',
      ]);
      expect(told['set-cookie']).toBeUndefined();
    }
    expect((await get(`${path}?token=${nearly}`, own())).status).toBe(401);
  });

  it.each([
    'evil.example',
    `evil.example:PORT`,
    'localhost.evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1:PORT.evil.example',
    '[::2]:PORT',
  ])('for another host is refused, whatever token it has: %s', async (host) => {
    const headers = { ...own(), Host: host.replace('PORT', `${port}`) };
    expect((await get(`/?token=${tokens.trainer}`, headers)).status).toBeOneOf([400, 421]);
  });

  it.each(['127.0.0.1:PORT', 'localhost:PORT', 'LOCALHOST:PORT', '[::1]:PORT'])(
    'for an own name is let in: %s',
    async (host) => {
      expect((await get('/', { ...own(), Host: host.replace('PORT', `${port}`) })).status).toBe(200);
    },
  );

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1:PORT', ''])(
    'from another page is refused, whatever token it has: %s',
    async (origin) => {
      const headers = { ...own(), Origin: origin.replace('PORT', `${port}`) };
      expect((await get('/', headers)).status).toBe(403);
    },
  );

  it.each([
    ['/nowhere', 404],
    ['/lab/page/../server.ts', 404],
    ['/lab/page/%2e%2e/server.ts', 404],
    ['/runs/1/report.html', 404],
    ['/runs/__proto__/report.html', 404],
    ['/live', 404],
  ])('for %s leads nowhere', async (path, status) => {
    expect((await get(path, own())).status).toBe(status);
  });

  it('that would change something is refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await get('/', own(), method)).status).toBe(405);
  });
});

/** Opens a socket and says something on it. @returns the status where it was refused, else what came back */
const socket = (
  headers: Record<string, string>,
  says: readonly unknown[] = [],
  isEnough: (messages: readonly LabMessage[]) => boolean = (messages) => messages.length > 0,
): Promise<number | LabMessage[]> =>
  new Promise((resolve) => {
    const opened = new WebSocket(`ws://127.0.0.1:${port}/live`, { headers });
    const got: LabMessage[] = [];
    opened.on('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0));
    opened.on('error', () => resolve(0));
    opened.on('open', () => {
      for (const each of says) opened.send(typeof each === 'string' ? each : JSON.stringify(each));
    });
    opened.on('message', (data) => {
      got.push(JSON.parse(String(data)) as LabMessage);
      if (!isEnough(got)) return;
      opened.close();
      resolve(got);
    });
  });

const ownOrigin = () => ({ Origin: `http://127.0.0.1:${port}` });
const cookieOf = (role: 'trainer' | 'viewer') => ({ Cookie: `atomclock-lab-${port}=${tokens[role]}` });
const isRefused = (messages: readonly LabMessage[]) => messages.some(({ say }) => say === 'refused');
const refusals = (messages: number | LabMessage[]) =>
  typeof messages === 'number'
    ? messages
    : messages.flatMap((each) => (each.say === 'refused' ? each.why : []));

const detonation = {
  ask: 'detonate',
  atomic: 'at-stdin',
  target: 'debian12',
  mitigation: null,
  user: null,
  isStepping: false,
};

describe('a socket', () => {
  it.each([
    ['without a token', () => ownOrigin(), 401],
    ['with the token of another lab', () => ({ ...ownOrigin(), Cookie: `atomclock-lab-${port}=x` }), 401],
    ['that says not where from', () => cookieOf('trainer'), 403],
    ['from another page', () => ({ ...cookieOf('trainer'), Origin: 'http://evil.example' }), 403],
    [
      'for another host',
      () => ({ ...cookieOf('trainer'), Origin: `http://evil.example:${port}`, Host: `evil.example:${port}` }),
      421,
    ],
  ])('%s is refused', async (_, headers, status) => {
    expect(await socket(headers())).toBe(status);
  });

  it.each(['trainer', 'viewer'] as const)('of a %s is told its role', async (role) => {
    const [hello] = (await socket({ ...cookieOf(role), ...ownOrigin() })) as LabMessage[];
    expect(hello).toMatchObject({ say: 'hello', role, bears: 2 });
  });

  it.each([
    detonation,
    { ask: 'next' },
    { ask: 'release' },
    { ask: 'stop' },
    { ask: 'show', lesson: null, target: null, stage: 0 },
  ])('of a viewer starts nothing: $ask', async (asked) => {
    const said = await socket({ ...cookieOf('viewer'), ...ownOrigin() }, [asked], isRefused);
    expect(refusals(said)).toEqual(['viewers may only look']);
    expect([begun, session.runs]).toEqual([[], []]);
  });

  it.each(['no JSON', '[]', { ask: 'delete' }, { ...detonation, atomic: 7 }, { ...detonation, more: true }])(
    'that asks for what is not known is told so: %j',
    async (asked) => {
      const said = await socket({ ...cookieOf('trainer'), ...ownOrigin() }, [asked], isRefused);
      expect(refusals(said)).toEqual(['this lab does not know what is asked for']);
    },
  );

  it.each([
    [{ ...detonation, atomic: 'at-*' }, 'there is no atomic at-*'],
    [{ ...detonation, target: 'host' }, 'this lab has no target host'],
    [{ ...detonation, mitigation: 'all' }, 'there is no mitigation all'],
    [{ ...detonation, user: 'mallory' }, 'there is no user mallory'],
  ])('of the trainer that asks for what is not offered is told why', async (asked, why) => {
    const said = await socket({ ...cookieOf('trainer'), ...ownOrigin() }, [asked], isRefused);
    expect(refusals(said)).toEqual([why]);
    expect(begun).toEqual([]);
  });

  it('of the trainer starts one run at a time, and stops it', async () => {
    const said = await socket(
      { ...cookieOf('trainer'), ...ownOrigin() },
      [detonation, detonation, { ask: 'stop' }],
      (messages) => messages.some((each) => each.say === 'run' && each.run.state === 'failed'),
    );
    expect(begun).toEqual(['at-stdin']);
    expect(refusals(said)).toEqual(['a run is under way']);
    expect(session.runs).toMatchObject([
      { number: 1, state: 'failed', sentence: 'It was stopped.', folder: null },
    ]);
  });
});

describe('the names of this machine', () => {
  it('are those of its loopback where nobody else is to reach it', () => {
    expect(ownHosts('127.0.0.1')).toEqual(['127.0.0.1', 'localhost', '[::1]']);
  });

  it('are its addresses too where it listens on all of them, and the one address where it has one', () => {
    expect(ownHosts('0.0.0.0')).toEqual(expect.arrayContaining(['127.0.0.1', 'localhost', '[::1]']));
    expect(ownHosts('192.0.2.7')).toEqual(['127.0.0.1', 'localhost', '[::1]', '192.0.2.7']);
    expect(ownHosts('2001:db8::7')).toContain('[2001:db8::7]');
  });
});

it('tells others an address that they can reach, and that is let in', () => {
  expect(reachableHost('192.0.2.7')).toBe('192.0.2.7');
  expect(reachableHost('::1')).toBe('[::1]');
  const told = reachableHost('0.0.0.0');
  expect(told).not.toMatch(/^(127\.|0\.|\[::\]?)/);
  expect(ownHosts('0.0.0.0')).toContain(told);
});

it('cannot listen where somebody listens already, and says what to do', async () => {
  await expect(LabServer.listen(session, { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'lab/port',
    hint: expect.stringContaining('--port'),
  });
});
