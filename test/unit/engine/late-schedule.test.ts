// A job that schedules another job, which comes due when the first one's time is over.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findProof } from '../../../harness/engine/proof/observe.ts';
import { EventLog } from '../../../harness/engine/run/event-log.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import type { Schedule } from '../../../harness/model/inventory.ts';
import { exec, exit, file, fork, process } from './events.ts';
import { attributed, cron, cronChild, marker, ours, shellJob, tableStory } from './story.ts';
import { before, waitIn } from './wait.ts';

beforeEach(() => vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => vi.useRealTimers());

const table = (id: string, command: string) => ({
  ...{ kind: 'system-crontab' as const, id, user: 'root', when: '* * * * *', command },
  file: `/etc/cron.d/${id}`,
  nextRun: '2026-01-01T00:01:00Z',
});
const keeper = table('keeper', '/bin/sh /srv/keeper');
const late = table('late', marker.join(' '));

/** What cron launches: the job of the first table, which writes the second, and the second's. */
function keeperRuns(): EcsEvent[] {
  const job = shellJob(keeper.command);
  return [
    fork(cronChild),
    fork(job),
    exec(job),
    file('creation', late.file, job),
    exit(job),
    exit(cronChild),
  ];
}
function lateRuns(): EcsEvent[] {
  const child = process({ pid: 464, executable: '/usr/sbin/cron', parent: cron });
  const job = process({ pid: 465, executable: marker[0] as string, args: marker, parent: child });
  return [fork(child), fork(job), exec(job), exit(job), exit(child)];
}

it.each([
  { after: 25_000, isProven: true },
  // Its own time has passed as well.
  { after: 100_000, isProven: false },
])('is waited for, for as long as it may take: $after ms', async ({ after, isProven }) => {
  const log = new EventLog();
  const attribution = attributed([], ours);
  let schedules: Schedule[] = [keeper];
  for (const one of tableStory(keeper.file)) log.push(one);
  setTimeout(() => {
    schedules = [keeper, late];
    for (const one of keeperRuns()) log.push(one);
  }, 1_000);
  setTimeout(() => {
    for (const one of lateRuns()) log.push(one);
  }, after);
  const waited = waitIn(log, attribution, {
    payload: ours,
    exec: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
    takeInventory: async () => ({ ...before, schedules }),
  });
  await vi.advanceTimersByTimeAsync(120_000);
  const inventory = await waited;
  const scheduled = { before: before.schedules, after: inventory.schedules };
  expect(findProof(attribution, ours, scheduled) !== null).toBe(isProven);
});
