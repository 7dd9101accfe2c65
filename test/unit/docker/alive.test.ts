import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAlive, isOfEnd } from '../../../harness/docker/container/alive.ts';

const refusal = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });
/** As Docker 20.10 said it of a target that powered off while it was asked. */
const lostCgroup = refusal(
  500,
  '(HTTP code 500) server error - runc did not terminate successfully: exit status 1: unable to get all container pids: ' +
    'readdirent /sys/fs/cgroup/devices/docker/0d543829b069/system.slice/dbus.service: no such file or directory\n: unknown ',
);

/** A container whose PID 1 is 4711 on the engine's machine. */
const answering = (tables: (Error | string[][] | null)[], running: boolean[] = [true]) => {
  const next = <Answer>(answers: Answer[]) => (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
  return {
    asked: 0,
    inspect: async () => ({ State: { Running: next(running), Pid: 4711 } }) as never,
    async top() {
      this.asked++;
      const answer = next(tables);
      if (answer instanceof Error) throw answer;
      return { Titles: [], Processes: answer };
    },
  };
};

describe('a container', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['with its PID 1 among its processes', [['4711', 'Ss']], true],
    ['whose PID 1 waits to be reaped', [['4711', 'Zs']], false],
    ['that has other processes only', [['4712', 'S']], false],
    ['that has no process', null, false],
  ])('%s', async (_, table, lives) => {
    expect(await isAlive(answering([table]))).toBe(lives);
  });

  it('is asked for again when a cgroup was removed under the walk', async () => {
    const container = answering([lostCgroup, lostCgroup, [['4711', 'Ss']]]);
    expect(await isAlive(container)).toBe(true);
    expect(container.asked).toBe(3);
  });

  it('has ended when the engine says so after whatever trouble', async () => {
    const strange = refusal(500, 'ttrpc: closed: unknown');
    expect(await isAlive(answering([strange], [true, true, false]))).toBe(false);
  });

  it('is not asked for again after another error', async () => {
    const container = answering([refusal(409, 'Container 0d543829b069 is not running'), []]);
    await expect(isAlive(container)).rejects.toThrow('is not running');
    expect(container.asked).toBe(1);
  });

  it('is not asked for for ever', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const container = answering([lostCgroup]);
    const answer = expect(isAlive(container)).rejects.toThrow('unable to get all container pids');
    vi.advanceTimersByTime(60_000);
    await answer;
  });
});

describe('an error of the engine', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const ended = { wait: async () => ({ StatusCode: 137 }) };
  const removed = { wait: () => Promise.reject(refusal(404, 'No such container')) };
  const lives = { wait: () => new Promise<never>(() => {}) };
  /** As Docker 20.10 said it of files for a target that was killed at that moment. */
  const noRoot = refusal(
    500,
    'Error processing tar file(exit status 1): Error after fallback to chroot: no such file',
  );

  it.each([
    ['that says so', refusal(409, 'Container 0d543829b069 is not running'), lives],
    ['of a container that is gone', refusal(404, 'No such container'), removed],
    ['whatever it says of one that has ended', noRoot, ended],
    ['whatever it says of one that is removed', noRoot, removed],
  ])('comes of the end: %s', async (_, error, container) => {
    expect(await isOfEnd(error, container)).toBe(true);
  });

  it('is one of its own where the container lives on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = isOfEnd(noRoot, lives);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answer).toBe(false);
    expect(await isOfEnd(refusal(400, 'bad parameter'), ended)).toBe(false);
  });
});
