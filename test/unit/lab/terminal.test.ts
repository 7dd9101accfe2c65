// The terminal of a lab: what is typed goes to the shell, what is printed to everybody, a flood of it only in parts.

import { setTimeout as later } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Audience, type ViewerSocket } from '../../../harness/lab/audience.ts';
import { LabTerminal } from '../../../harness/lab/lab-terminal.ts';

const size = { columns: 80, rows: 24 };
const bytes = (text: string) => Buffer.from(text);

it('joins whoever types with a shell, as long as there is one', () => {
  const typed: string[] = [];
  const sizes: unknown[] = [];
  using terminal = new LabTerminal(size, () => {});
  terminal.type('too early');
  {
    using _ = terminal.attach({
      write: (given) => typed.push(Buffer.from(given).toString()),
      resize: async (given) => void sizes.push(given),
    });
    terminal.type('echo ä\r');
    terminal.resize({ columns: 100, rows: 30 });
  }
  terminal.type('too late');
  expect([typed, sizes, terminal.size]).toEqual([
    ['echo ä\r'],
    [{ columns: 100, rows: 30 }],
    { columns: 100, rows: 30 },
  ]);
  expect(terminal.enough.aborted).toBe(false);
  terminal.waitNoLonger();
  expect(terminal.enough.aborted).toBe(true);
});

it('says what is printed, a letter that came in two pieces whole', async () => {
  let said = '';
  using terminal = new LabTerminal(size, (text) => {
    said += text;
  });
  const [first, second] = [bytes('gr\u00fc\u00dfe').subarray(0, 3), bytes('gr\u00fc\u00dfe').subarray(3)];
  terminal.show(first);
  terminal.show(second);
  await later(100);
  expect([said, terminal.tail]).toEqual(['grüße', 'grüße']);
});

it('leaves out the beginning of what comes too fast, and says how much', () => {
  const said: string[] = [];
  const terminal = new LabTerminal(size, (text) => said.push(text));
  for (let line = 0; line < 1_000; line++) terminal.show(bytes(`${'y'.repeat(99)}\n`));
  terminal[Symbol.dispose]();
  expect(said.length).toBe(1);
  expect(said[0]).toContain(`[${100_000 - 32 * 1024} characters came too fast to be shown]`);
  expect(terminal.tail.length).toBeLessThanOrEqual(64 * 1024);
});

it('tells who was behind the whole, in place of the parts that it missed', () => {
  const audience = new Audience({
    batchMs: 0,
    settleMs: 1,
    batchEvents: 1,
    behindBytes: 10,
    lostBytes: 1_000,
  });
  const got: unknown[] = [];
  const socket: ViewerSocket & { bufferedAmount: number } = {
    bufferedAmount: 0,
    send: (data: unknown) => got.push(JSON.parse(String(data))),
    close: () => {},
    terminate: () => {},
  };
  audience.add(socket, []);
  let all = '';
  const print = (text: string) => {
    all += text;
    const part = { say: 'terminal', run: 1, text, size, whole: false } as const;
    audience.part(part, () => ({ ...part, text: all, whole: true }));
  };
  print('a');
  socket.bufferedAmount = 100;
  print('b');
  socket.bufferedAmount = 0;
  print('c');
  expect(got).toMatchObject([
    { text: 'a', whole: false },
    { text: 'abc', whole: true },
  ]);
});
