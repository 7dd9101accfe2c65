// A service manager over its own socket: what a real one said is read as systemctl shows it, and what no manager would
// say is told from it.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { assert, asyncProperty, integer, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conversation, ExecResult, Target } from '../../../../harness/engine/ports.ts';
import { AtomclockError } from '../../../../harness/model/errors.ts';
import {
  BusReader,
  encodeCall,
  type MethodCall,
  messageLength,
} from '../../../../harness/telemetry/inventory/bus-message.ts';
import { askManager } from '../../../../harness/telemetry/inventory/manager.ts';
import { ManagerBus } from '../../../../harness/telemetry/inventory/manager-bus.ts';
import { shownProperties } from '../../../../harness/telemetry/inventory/shown-properties.ts';

/**
 * A manager of systemd 252: its greeting, a list of two timers, the properties of five units, an error, in answer to
 * calls in this order; and what systemctl showed of these units.
 */
const recorded: { said: string; show: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('fixtures/manager-said.json', import.meta.url), 'utf8'),
);
const real = gunzipSync(Buffer.from(recorded.said, 'base64'));

/** A target in which something says this, in pieces: its first line, and once it is told anything the rest. */
function saying(bytes: Buffer, size = 4000): Target {
  const { promise: isTold, resolve } = Promise.withResolvers<void>();
  const line = bytes.indexOf('\r\n');
  const greeting = line < 0 ? bytes.length : line + 2;
  let at = 0;
  const talk: Conversation = {
    say: () => resolve(),
    async listen() {
      if (at >= bytes.length) return null;
      if (at >= greeting) await isTold;
      const from = at;
      at = Math.min(from + size, from < greeting ? greeting : bytes.length);
      return bytes.subarray(from, at);
    },
    [Symbol.dispose]() {},
  };
  return { talk: async () => talk } as unknown as Target;
}

const call: MethodCall = {
  path: '/org/freedesktop/systemd1/unit/a_2etimer',
  interface: 'org.freedesktop.DBus.Properties',
  member: 'GetAll',
  arguments: [''],
};

/** The first replies, asked for at once; an error where one failed. */
async function replies(bytes: Buffer, count: number, size?: number) {
  using bus = await ManagerBus.open(saying(bytes, size), '/run/systemd/private');
  const answers = Array.from({ length: count }, () => bus.call(call));
  return (await Promise.allSettled(answers)).map((one) =>
    one.status === 'fulfilled' ? one.value : (one.reason as Error),
  );
}

const bodyOf = (reply: Awaited<ReturnType<typeof replies>>[number] | undefined): BusReader => {
  if (reply === undefined || reply instanceof Error) throw new TypeError(`no reply: ${reply}`);
  return reply.body;
};

describe('a call', () => {
  it.each<readonly [string, MethodCall['arguments'], string]>([
    ['nothing', [], ''],
    ['a text', ['org.example'], 's'],
    ['lists', [[], ['*.timer', 'ä']], 'asas'],
  ])('with %s is a message that can be read again', (_, given, signature) => {
    const message = encodeCall(7, { ...call, arguments: given });
    expect(messageLength(message)).toBe(message.length);
    expect(message.readUInt32LE(8)).toBe(7);
    const header = new BusReader(message, 12);
    expect(header.value('a(yv)')).toEqual([
      [1, call.path],
      [2, call.interface],
      [3, call.member],
      [6, 'org.freedesktop.systemd1'],
      ...(signature === '' ? [] : [[8, signature]]),
    ]);
    const body = new BusReader(message, Math.ceil(header.at / 8) * 8);
    expect(given.map((one) => body.value(typeof one === 'string' ? 's' : 'as'))).toEqual(given);
    expect(body.at).toBe(message.length);
  });
});

describe('what a manager said', () => {
  it.each([1, 7, 4000, 100_000])('is the same in pieces of %i bytes', async (size) => {
    const [list, ...others] = await replies(real, 7, size);
    const units = bodyOf(list).value('a(ssssssouso)') as readonly (readonly unknown[])[];
    expect(units.map(([name, , load, active]) => [name, load, active])).toEqual([
      ['mine.timer', 'loaded', 'active'],
      ['cal.timer', 'loaded', 'active'],
    ]);
    expect(others.map((one) => one instanceof Error)).toEqual([false, false, false, false, false, true]);
  });

  it.each(Object.keys(recorded.show))('of %s is shown as systemctl shows it', async (unit) => {
    // It gives the next time to the second where this systemctl cuts it, and of the last run as much as is read.
    const plain = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.replace(/ start_time=.*$/, '').replace(/(?<=:\d\d)\.0+ UTC/, ' UTC'))
        .sort();
    const shown = recorded.show[unit] as string;
    const names = new Set(shown.split('\n').map((line) => line.split('=')[0] as string));
    const index = 1 + Object.keys(recorded.show).indexOf(unit);
    const reply = (await replies(real, 7))[index];
    expect(plain(shownProperties(bodyOf(reply).entries(names)))).toEqual(plain(shown));
  });

  it('is an error where the call failed, with its name', async () => {
    expect((await replies(real, 7))[6]).toMatchObject({
      code: 'inventory/bus',
      message: expect.stringContaining('org.freedesktop.DBus.Error.InvalidArgs'),
    });
  });
});

describe('what no manager says', () => {
  const afterGreeting = (bytes: Buffer) => Buffer.concat([Buffer.from('OK 0123\r\n'), bytes]);
  const head = (length: number, more = 0) => {
    const bytes = Buffer.alloc(16 + more);
    bytes.write('l\x02\0\x01', 'latin1');
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a refusal', Buffer.from('REJECTED EXTERNAL\r\n')],
    ['a greeting without an end', Buffer.from('OK '.repeat(10_000))],
    ['no more than a greeting', afterGreeting(Buffer.alloc(0))],
    ['the other byte order', afterGreeting(Buffer.alloc(16, 'B'))],
    ['half a message', real.subarray(0, 200)],
    ['a message of gigabytes', afterGreeting(head(2 ** 32 - 1))],
    ['an answer to nothing', afterGreeting(head(0))],
  ])('is told: %s', async (_, bytes) => {
    const failure = await replies(bytes, 1).then(
      ([reply]) => reply,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'inventory/bus' });
  });

  it('is told wherever a byte of an answer is another one', async () => {
    await assert(
      asyncProperty(nat(real.length - 1), integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(real);
        bytes[at] = (bytes[at] as number) ^ change;
        const found = await replies(bytes, 7).catch((error: unknown) => [error]);
        for (const one of found) if (one instanceof Error) expect(one).toBeInstanceOf(AtomclockError);
        for (const one of found.slice(1))
          if (one && !(one instanceof Error)) shownOrRefused((one as { body: BusReader }).body);
      }),
      { numRuns: 200 },
    );
  });

  const shownOrRefused = (body: BusReader): void => {
    try {
      expect(typeof shownProperties(body.entries(new Set(['Id', 'ExecStart', 'TimersCalendar'])))).toBe(
        'string',
      );
    } catch (error) {
      expect(error).toBeInstanceOf(AtomclockError);
    }
  };
});

it('is asked by systemctl where its socket does not answer', async () => {
  const asked: string[] = [];
  const said: ExecResult = {
    exitCode: 0,
    stdout: 'Id=a.timer\nUnit=a.service\n',
    stderr: '',
    startedAt: '',
    ms: 0,
  };
  const target = {
    ...saying(Buffer.from('REJECTED\r\n')),
    async exec(argv: readonly string[]) {
      asked.push(argv.slice(0, 3).join(' '));
      return said;
    },
  } as unknown as Target;
  const known = { names: ['a.timer'], wanted: [], earlier: undefined };
  const answer = await askManager(target, { user: 'alice', uid: '1000' }, known);
  expect(asked).toEqual(['systemctl --user show']);
  expect(answer).toEqual({ name: 'user-units/alice', text: 'Id=a.timer\nUnit=a.service\n\n--\n' });
});
