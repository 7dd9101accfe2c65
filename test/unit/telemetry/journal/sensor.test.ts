// The sensor without a container: the follower lags, the barrier fetches the rest, nothing comes twice, gaps count.

import { expect, it } from 'vitest';
import type { ExecResult, Target } from '../../../../harness/engine/ports.ts';
import { AtomclockError } from '../../../../harness/model/errors.ts';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { startJournalSensor } from '../../../../harness/telemetry/journal/index.ts';

const entry = (number: number, message: string, more: Record<string, string> = {}): string =>
  JSON.stringify({ __CURSOR: `s=abc;i=${number.toString(16)};b=1`, MESSAGE: message, ...more });

interface Script {
  /** What is just written is not in the journal. */
  silent?: boolean;
  cut?: number;
  /** What journald says when it is asked to take in what was sent to it; unless given, nobody listens. */
  answer?: string;
  /** The follower brings what journald takes in after that. */
  follows?: boolean;
}

/** A target whose journal is a list: `followed` lines come by the follower, the others only when fetched. */
function scripted(journal: string[], followed: number, options: Script = {}) {
  const asked: string[] = [];
  const datagrams: string[] = [];
  const arrived = Promise.withResolvers<string>();
  let written = '';
  let nextNumber = journal.length + 1;
  const result = (stdout: string, exitCode = 0): ExecResult => ({
    exitCode,
    stdout,
    stderr: '',
    startedAt: '',
    ms: 0,
  });
  const target: Target = {
    id: 'target',
    pidNamespace: 1,
    accounts: [{ name: 'alice', uid: 1000, gid: 1000, home: '/home/alice' }],
    async exec(argv) {
      const [, , , , mark = '', cursor = ''] = argv;
      asked.push(cursor);
      if (mark && !options.silent)
        journal.push(entry(nextNumber++, mark, { SYSLOG_IDENTIFIER: 'atomclock' }));
      const from = journal.findIndex((line) => line.includes(`"${cursor}"`)) + 1;
      const rest = journal.slice(from);
      const shown = options.cut ? rest.slice(0, options.cut) : rest;
      const half = rest.length > shown.length ? (rest[shown.length] ?? '').slice(0, 10) : '';
      return result(shown.map((line) => `${line}\n`).join('') + half);
    },
    async follow() {
      const lines = (async function* () {
        yield* journal.slice(0, followed);
        if (options.follows) yield await arrived.promise;
      })();
      return { lines, async [Symbol.asyncDispose]() {} };
    },
    openTerminal: () => Promise.reject(new TypeError('not used')),
    async advanceClock() {},
    look: async () => ({ found: [], isCut: false }),
    async talk(path, words) {
      expect(path).toBe('/run/systemd/journal/io.systemd.journal');
      expect(words).toBe('{"method":"io.systemd.Journal.Synchronize","parameters":{}}\0');
      if (options.answer === undefined) throw new AtomclockError('lab/socket', 'nobody', { exitCode: 3 });
      const half = Math.ceil(options.answer.length / 2);
      const halves = [options.answer.slice(0, half), options.answer.slice(half)];
      const pieces = halves.map((piece) => Buffer.from(piece));
      const say = (more: string | Uint8Array) => {
        expect(more).toBe(words);
        pieces.push(...halves.map((piece) => Buffer.from(piece)));
      };
      return { say, listen: async () => pieces.shift() ?? null, [Symbol.dispose]() {} };
    },
    async sendDatagram(path, content) {
      expect(path).toBe('/run/systemd/journal/socket');
      datagrams.push(String(content));
      const [, mark = ''] = /MESSAGE=(.*)\n$/.exec(String(content)) ?? [];
      const line = entry(nextNumber++, mark, { SYSLOG_IDENTIFIER: 'atomclock' });
      if (!options.silent) journal.push(line);
      written = line;
    },
    async wakeWatchers() {
      arrived.resolve(written);
    },
    hasFastClock: async () => true,
    async writeFile() {},
    async [Symbol.asyncDispose]() {},
  };
  return { target, asked, datagrams };
}

async function watched(target: Target) {
  const events: EcsEvent[] = [];
  const raw: string[] = [];
  const sensor = startJournalSensor({ onRaw: (_, line) => raw.push(line) });
  const watch = await sensor.watch(target, (event) => events.push(event));
  return { watch, events, raw };
}

it('has every entry once when the barrier resolves, and no line of its own', async () => {
  const { target, asked } = scripted([entry(1, 'a'), entry(2, 'b'), entry(3, 'c', { _UID: '1000' })], 2);
  const { watch, events, raw } = await watched(target);
  await new Promise(setImmediate);
  await watch.barrier();
  expect(events.map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  expect(events.map(({ event }) => event.id)).toEqual(['journal-1', 'journal-2', 'journal-3']);
  expect(events[2]?.user).toEqual({ id: '1000', name: 'alice' });
  expect(asked).toEqual(['s=abc;i=2;b=1']);
  expect(raw).toHaveLength(4);
  expect(watch.lost()).toBe(0);
  await watch.barrier();
  expect(events).toHaveLength(3);
});

it('asks again when the output was cut', async () => {
  const journal = Array.from({ length: 10 }, (_, index) => entry(index + 1, `line ${index}`));
  const { target } = scripted(journal, 0, { cut: 4 });
  const { watch, events } = await watched(target);
  await watch.barrier();
  expect(events).toHaveLength(10);
});

it('counts what journald dropped and what was rotated away before it was read', async () => {
  const suppressed = entry(2, 'Suppressed 12 messages from cron.service', {
    SYSLOG_IDENTIFIER: 'systemd-journald',
    MESSAGE_ID: 'a596d6fe7bfa4994828e72309e95d61e',
    N_DROPPED: '12',
  });
  const { target } = scripted([entry(1, 'a'), suppressed, entry(6, 'f'), '{"half'], 4);
  const { watch } = await watched(target);
  await new Promise(setImmediate);
  // The barrier's own line has the number 5, which lies in the gap.
  await watch.barrier();
  expect(watch.lost()).toBe(12 + 2);
});

it('says that the journal is silent instead of waiting for ever', async () => {
  const { target } = scripted([entry(1, 'a')], 1, { silent: true });
  const { watch } = await watched(target);
  await new Promise(setImmediate);
  await expect(watch.barrier()).rejects.toThrow(expect.objectContaining({ code: 'sensor/journal-silent' }));
});

it('starts no process where journald answers and the follower brings the line', async () => {
  const script = { answer: '{"parameters":{}}\0', follows: true };
  const { target, asked, datagrams } = scripted([entry(1, 'a'), entry(2, 'b')], 2, script);
  const { watch, events } = await watched(target);
  await watch.barrier();
  expect(events.map(({ message }) => message)).toEqual(['a', 'b']);
  expect(asked).toEqual([]);
  expect(datagrams).toEqual([
    expect.stringMatching(/^SYSLOG_IDENTIFIER=atomclock\nPRIORITY=6\nMESSAGE=atomclock barrier \S+ 1\n$/),
  ]);
});

it.each([
  { what: 'an error', answer: '{"error":"org.varlink.service.MethodNotFound"}\0' },
  { what: 'what is no JSON', answer: 'atomclock\0' },
  { what: 'no object', answer: 'null\0' },
  { what: 'half an answer', answer: '{"parameters":' },
  { what: 'more than any answer', answer: ' '.repeat(70_000) },
  { what: 'nothing', answer: '' },
  { what: 'what it should, and the follower is dead', answer: '{}\0', marked: 1 },
])('fetches what is missing where journald answers $what', async ({ answer, marked = 0 }) => {
  const { target, asked, datagrams } = scripted([entry(1, 'a'), entry(2, 'b'), entry(3, 'c')], 1, { answer });
  const { watch, events } = await watched(target);
  await new Promise(setImmediate);
  await watch.barrier();
  expect(events.map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual(['s=abc;i=1;b=1']);
  expect(datagrams).toHaveLength(marked);
});
