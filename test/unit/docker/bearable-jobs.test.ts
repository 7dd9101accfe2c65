// How many cases at the same time: machines that this one is not, and this one.

import { release } from 'node:os';
import { describe, expect, it, test } from 'vitest';
import { checkJobs } from '../../../harness/docker/doctor/checks/jobs.ts';
import { bearableJobs } from '../../../harness/docker/host/bearable-jobs.ts';
import { type Room, roomOf } from '../../../harness/docker/host/room.ts';

const gibibyte = 1024 ** 3;
const roomy: Room = {
  cpus: 4,
  memoryBytes: 16 * gibibyte,
  inotifyInstances: { free: 1000, limit: 1024 },
  processes: 30_000,
};
const usual = { memoryMiB: 256, pids: 512 };

test.each<[name: string, room: Partial<Room>, jobs: number, because: RegExp | null]>([
  ['two for each processor', {}, 8, null],
  ['one processor', { cpus: 1 }, 2, null],
  ['an engine that does not say', { cpus: 0 }, 1, null],
  ['nothing known but processors', { memoryBytes: null, inotifyInstances: null, processes: null }, 8, null],
  ['little memory', { memoryBytes: 2 * gibibyte }, 5, /^memory: 2048 MiB are free, a target takes up to 256/],
  ['just enough memory', { memoryBytes: 2.75 * gibibyte }, 8, null],
  ['no memory', { memoryBytes: 0 }, 1, /^memory: 0 MiB/],
  ['few instances', { inotifyInstances: { free: 30, limit: 128 } }, 3, /^inotify: 30 of root's 128 .*sysctl/],
  ['no instance', { inotifyInstances: { free: 0, limit: 128 } }, 1, /^inotify: 0 of/],
  ['few processes', { processes: 2000 }, 3, /^processes: 2000 are free, a target has up to 512/],
])('%s', (_, room, jobs, because) => {
  const borne = bearableJobs({ ...roomy, ...room }, [usual]);
  expect(borne.jobs).toBe(jobs);
  if (because === null) expect(borne.because).toEqual([]);
  else expect(borne.because).toEqual([expect.stringMatching(because)]);
});

it('targets whose cases wait for a clock may be there besides, where there is room for them', () => {
  expect(bearableJobs(roomy, [usual])).toMatchObject({ jobs: 8, open: 16 });
  expect(bearableJobs({ ...roomy, memoryBytes: 3.5 * gibibyte }, [usual])).toMatchObject({
    jobs: 8,
    open: 11,
  });
  expect(bearableJobs({ ...roomy, memoryBytes: 0 }, [usual])).toMatchObject({ jobs: 1, open: 1 });
});

describe('of several', () => {
  it('limits the lowest counts, and each is told', () => {
    const room = { ...roomy, memoryBytes: 2 * gibibyte, inotifyInstances: { free: 17, limit: 128 } };
    const { jobs, because } = bearableJobs(room, [usual]);
    expect(jobs).toBe(2);
    expect(because.map((why) => why.split(':')[0])).toEqual(['memory', 'inotify']);
  });

  it('targets the largest counts', () => {
    const room = { ...roomy, memoryBytes: 4 * gibibyte };
    expect(bearableJobs(room, [usual, { memoryMiB: 1024, pids: 64 }]).jobs).toBe(3);
    expect(bearableJobs(room, []).jobs).toBe(8);
  });
});

describe('the room', () => {
  it('of this machine is looked up', () => {
    const room = roomOf({ kernel: release(), cpus: 3, memoryBytes: 5 });
    expect(room.cpus).toBe(3);
    expect(room.memoryBytes).toBeGreaterThan(1024 ** 2);
    expect(room.processes).toBeGreaterThan(0);
    expect(room.inotifyInstances?.free).toBeLessThanOrEqual(room.inotifyInstances?.limit ?? 0);
  });

  it("of another machine is what its engine says: this one's limits are not its own", () => {
    expect(roomOf({ kernel: '1.2.3-elsewhere', cpus: 3, memoryBytes: 5 })).toEqual({
      cpus: 3,
      memoryBytes: 5,
      inotifyInstances: null,
      processes: null,
    });
  });
});

test('the doctor names the number, and what keeps it low', () => {
  const facts = { kernel: release(), cpus: 4, memoryBytes: 1 } as Parameters<typeof checkJobs>[0];
  expect(checkJobs(facts, [usual], roomy)).toEqual({
    name: 'jobs',
    state: 'ok',
    found: '8 cases at the same time (4 CPUs)',
  });
  expect(checkJobs(facts, [usual], { ...roomy, processes: 300 })).toMatchObject({
    state: 'note',
    found: '1 case at the same time (4 CPUs)',
    wrong: expect.stringContaining('processes: 300'),
  });
});
