// Driving the sensor, against a sidecar that answers as the real one does: targets, barriers, loss, failure.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Sidecar, Target } from '../../../../harness/engine/ports.ts';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { startEbpfSensor } from '../../../../harness/telemetry/ebpf/sensor.ts';
import { recorded } from './recorded.ts';

/** Speaks for containers/sensors/ebpf: numbers the records of each target, answers commands. */
class FakeSidecar implements Sidecar {
  readonly lines: AsyncIterable<string>;
  readonly exited: Promise<{ exitCode: number | null; stderr: string }>;
  readonly sent: string[] = [];
  readonly #queue: string[] = [];
  #wake: () => void = () => {};
  #over = false;
  #exit!: (end: { exitCode: number | null; stderr: string }) => void;
  readonly counts = new Map<number, { seq: number; lost: number }>();

  /** Commands are not answered. */
  isBehind = false;
  constructor() {
    this.lines = this.#read();
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
    this.say({ op: 'ready', boot_time: '1.000000000', startup_ms: 1 });
  }

  say(line: object | string): void {
    this.#queue.push(typeof line === 'string' ? line : JSON.stringify(line));
    this.#wake();
  }

  /** A process of the target executes this. */
  exec(pidns: number, argv: string[], parts = 1): void {
    const count = this.counts.get(pidns);
    if (!count) return;
    count.seq += parts;
    const template = recorded.find(({ op }) => op === 'exec');
    const exe = `/bin/${argv[0]}`;
    const start = String(count.seq);
    this.say({ ...template, pidns, target_seq: count.seq, start, argv, exe, ...(parts > 1 && { parts }) });
  }

  async send(line: string): Promise<void> {
    this.sent.push(line);
    const [command, id] = line.split(' ');
    const pidns = Number(id);
    const count = this.counts.get(pidns);
    if (command === 'add') {
      this.counts.set(pidns, { seq: 0, lost: 0 });
      this.say({ op: 'added', pidns, processes: 0 });
    } else if (command === 'stop') this.end(0);
    else if (this.isBehind) return;
    else if (!count) this.say({ op: 'refused', command, pidns, reason: 'No such file or directory' });
    else {
      this.say({
        op: command === 'count' ? 'count' : 'removed',
        pidns,
        target_seq: count.seq,
        lost: count.lost,
      });
      if (command === 'remove') this.counts.delete(pidns);
    }
  }

  end(exitCode: number, stderr = ''): void {
    this.#over = true;
    this.#wake();
    this.#exit({ exitCode, stderr });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async *#read(): AsyncGenerator<string> {
    for (;;) {
      const line = this.#queue.shift();
      if (line !== undefined) yield line;
      else if (this.#over) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

const accounts: Readonly<Record<string, string>> = {
  '/etc/passwd': 'zoe:x:0:0::/:/bin/sh\n',
  '/etc/group': 'staff:x:0:\n',
};

/** @param large files that a look does not tell of the content */
const fakeTarget = (
  sidecar: FakeSidecar,
  pidNamespace: number,
  isSeen = () => true,
  large: ReadonlySet<string> = new Set(),
): Target => ({
  id: String(pidNamespace).repeat(8),
  pidNamespace,
  accounts: [],
  async exec(argv) {
    if (isSeen()) sidecar.exec(pidNamespace, [...argv]);
    const stdout = argv[0] === 'cat' ? accounts[argv[1] ?? ''] : undefined;
    return { exitCode: 0, stdout: stdout ?? '', stderr: '', startedAt: '', ms: 0 };
  },
  follow: () => Promise.reject(new TypeError('not used')),
  openTerminal: () => Promise.reject(new TypeError('not used')),
  writeFile: () => Promise.reject(new TypeError('not used')),
  advanceClock: () => Promise.reject(new TypeError('not used')),
  look: async (questions) => ({
    found: questions.map((question) => {
      const path = 'path' in question ? question.path : '';
      const content = Buffer.from(large.has(path) ? '' : (accounts[path] ?? ''));
      const facts = `f 644 0 0 0 0 1${large.has(path) ? '' : '\ncontent'}`;
      return [{ path, facts, link: '', content }];
    }),
    isCut: false,
  }),
  talk: () => Promise.reject(new TypeError('not used')),
  sendDatagram: () => Promise.reject(new TypeError('not used')),
  wakeWatchers: () => Promise.reject(new TypeError('not used')),
  hasFastClock: () => Promise.reject(new TypeError('not used')),
  async [Symbol.asyncDispose]() {},
});

async function start(pidns = 11) {
  const sidecar = new FakeSidecar();
  const raw: string[] = [];
  const sensor = await startEbpfSensor(sidecar, { onRaw: (_, line) => raw.push(line) });
  const events: EcsEvent[] = [];
  const target = fakeTarget(sidecar, pidns);
  const watch = await sensor.watch(target, (event) => events.push(event));
  return { sidecar, sensor, target, events, raw, watch };
}
const names = (events: readonly EcsEvent[]) => events.map(({ process }) => process?.args?.[0]);

afterEach(() => vi.useRealTimers());

describe('the sensor', () => {
  it('does not get ready: says what it said', async () => {
    const sidecar = new FakeSidecar();
    const broken: Sidecar = {
      lines: (async function* () {})(),
      exited: Promise.resolve({
        exitCode: 1,
        stderr: 'libbpf: load\nsensor: load: Operation not permitted\n',
      }),
      send: () => sidecar.send(''),
      [Symbol.asyncDispose]: async () => {},
    };
    await expect(startEbpfSensor(broken)).rejects.toMatchObject({
      code: 'sensor/failed',
      exitCode: 3,
      message: expect.stringContaining('Operation not permitted'),
    });
  });

  it('gives each target its own records, whole and in their order', async () => {
    const one = await start(11);
    const others: EcsEvent[] = [];
    const other = await one.sensor.watch(fakeTarget(one.sidecar, 22), (event) => others.push(event));
    one.sidecar.exec(11, ['a']);
    one.sidecar.exec(22, ['b']);
    one.sidecar.exec(11, ['c']);
    await Promise.all([one.watch.barrier(), other.barrier()]);
    expect(names(one.events)).toEqual(['true', 'a', 'c', 'true']);
    expect(names(others)).toEqual(['true', 'b', 'true']);
    expect(one.raw).toHaveLength(one.events.length + others.length);
  });

  it('has the names of users also where their table is too large for a look', async () => {
    const { sidecar, sensor } = await start();
    const events: EcsEvent[] = [];
    const large = new Set(['/etc/passwd']);
    const watch = await sensor.watch(
      fakeTarget(sidecar, 33, () => true, large),
      (event) => events.push(event),
    );
    await watch.barrier();
    expect(new Set(events.map(({ process }) => process?.user?.name))).toEqual(new Set(['zoe']));
  });

  it('has the names of users from the first event on', async () => {
    const { events, sidecar, sensor } = await start();
    expect(events[0]?.process?.user).toEqual({ id: '0', name: 'zoe' });
    const late: EcsEvent[] = [];
    const target = fakeTarget(sidecar, 33);
    const before = sensor.watch(target, (event) => late.push(event));
    sidecar.exec(33, ['early']);
    await before;
    expect(late.every(({ process }) => process?.user?.name === 'zoe')).toBe(true);
  });

  it('tells the targets at the end that they are no longer watched', async () => {
    const { sidecar, watch, sensor } = await start();
    await watch[Symbol.asyncDispose]();
    await watch[Symbol.asyncDispose]();
    await sensor[Symbol.asyncDispose]();
    expect(sidecar.sent.filter((line) => !line.startsWith('count'))).toEqual([
      'add 11 111111111111',
      'remove 11',
      'stop',
    ]);
  });
});

describe('a barrier', () => {
  it('costs one process in the target', async () => {
    const { target, watch } = await start();
    const exec = vi.spyOn(target, 'exec');
    await watch.barrier();
    expect(exec).toHaveBeenCalledTimes(1);
  });

  it('that outlives its watch fails alone: the sensor is asked nothing about a target that it has let go', async () => {
    const { sidecar, sensor, target, watch } = await start();
    const held = Promise.withResolvers<void>();
    const { exec } = target;
    vi.spyOn(target, 'exec').mockImplementation(async (...given) => {
      await held.promise;
      return exec(...given);
    });
    const barrier = watch.barrier();
    await watch[Symbol.asyncDispose]();
    const sent = sidecar.sent.length;
    held.resolve();
    await expect(barrier).rejects.toMatchObject({ code: 'sensor/watch-ended' });
    expect(sidecar.sent.slice(sent)).toEqual([]);
    const other = await sensor.watch(fakeTarget(sidecar, 22), () => {});
    await other.barrier();
  });

  it('waits for a record that another one has overtaken', async () => {
    const { sidecar, watch, events } = await start();
    const count = sidecar.counts.get(11) as { seq: number };
    count.seq += 1; // numbered in the kernel, and still on its way
    const barrier = watch.barrier();
    await new Promise(setImmediate);
    const seen = events.length;
    sidecar.say({ ...recorded.find(({ op }) => op === 'exec'), pidns: 11, target_seq: 2, argv: ['late'] });
    await barrier;
    expect(names(events.slice(seen))).toEqual(['late']);
    expect(watch.lost()).toBe(0);
  });

  it('counts as lost what does not come in time', async () => {
    const { sidecar, watch } = await start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    (sidecar.counts.get(11) as { seq: number }).seq += 2;
    const barrier = watch.barrier();
    await vi.advanceTimersByTimeAsync(15_000);
    await barrier;
    expect(watch.lost()).toBe(2);
  });

  it('may take its time to answer while it tells records, and not when it is silent', async () => {
    const { sidecar, watch } = await start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    sidecar.isBehind = true;
    const barrier = expect(watch.barrier()).rejects.toThrow('it did not answer "count 11" within 20 s');
    let isOver = false;
    void barrier.then(() => {
      isOver = true;
    });
    for (let record = 0; record < 4; record++) {
      await vi.advanceTimersByTimeAsync(15_000);
      sidecar.exec(11, ['late']);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    await barrier;
  });

  it('counts a line of long arguments for all its numbers', async () => {
    const { sidecar, watch } = await start();
    sidecar.exec(11, ['long'], 9);
    await watch.barrier();
    expect(watch.lost()).toBe(0);
  });

  it('rejects when a process known to have run was not seen', async () => {
    const { sidecar, sensor } = await start();
    let seen = true;
    const watch = await sensor.watch(
      fakeTarget(sidecar, 44, () => seen),
      () => {},
    );
    seen = false;
    await expect(watch.barrier()).rejects.toMatchObject({ code: 'sensor/blind' });
  });
});

describe('loss', () => {
  it('is what the sensor says, at once', async () => {
    const { sidecar, watch } = await start();
    const count = sidecar.counts.get(11) as { seq: number; lost: number };
    count.seq += 5;
    count.lost += 5;
    sidecar.say({ op: 'lost', pidns: 11, target_seq: count.seq, lost: 5 });
    await expect.poll(() => watch.lost()).toBe(5);
    await watch.barrier();
    expect(watch.lost()).toBe(5);
  });

  it('includes runs of the kernel programs that were left out while it watched', async () => {
    const { sidecar, watch, sensor } = await start();
    sidecar.say({ op: 'missed', runs: 3 });
    await expect.poll(() => watch.lost()).toBe(3);
    const later = await sensor.watch(fakeTarget(sidecar, 55), () => {});
    expect(later.lost()).toBe(0);
  });
});

describe('the end of the sensor', () => {
  it('rejects `failed`, and everything that waits', async () => {
    const { sidecar, sensor, watch } = await start();
    sidecar.end(137, 'out of memory\n');
    await expect(sensor.failed).rejects.toMatchObject({
      code: 'sensor/failed',
      message: expect.stringMatching(/exit code 137.*out of memory/s),
    });
    await expect(watch.barrier()).rejects.toMatchObject({ code: 'sensor/failed' });
    await expect(sensor.watch(fakeTarget(sidecar, 66), () => {})).rejects.toMatchObject({
      code: 'sensor/failed',
    });
    await watch[Symbol.asyncDispose]();
  });

  it('is no failure when it was asked for', async () => {
    const { sensor } = await start();
    const failed = vi.fn();
    sensor.failed.catch(failed);
    await sensor[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    expect(failed).not.toHaveBeenCalled();
  });

  it('comes with a line that is not the sensor’s', async () => {
    const { sidecar, sensor } = await start();
    sidecar.say('Segmentation fault');
    await expect(sensor.failed).rejects.toMatchObject({ code: 'sensor/unreadable' });
  });

  it('is not the refusal of one command', async () => {
    const { sidecar, sensor, watch } = await start();
    const blocked = fakeTarget(sidecar, 77);
    const send = sidecar.send.bind(sidecar);
    vi.spyOn(sidecar, 'send').mockImplementation(async (line) => {
      if (line.startsWith('add 77'))
        sidecar.say({ op: 'refused', command: 'add', pidns: 77, reason: 'File exists' });
      else await send(line);
    });
    await expect(sensor.watch(blocked, () => {})).rejects.toMatchObject({
      message: expect.stringContaining('File exists'),
    });
    await watch.barrier();
  });
});
