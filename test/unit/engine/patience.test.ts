import { describe, expect, it } from 'vitest';
import { stagesOf } from '../../../harness/engine/run/wait-plan.ts';
import type { Schedule } from '../../../harness/model/inventory.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const inSeconds = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

const schedule = (over: Partial<Schedule>): Schedule => ({
  kind: 'timer',
  id: 'one',
  user: 'root',
  when: '',
  command: '/bin/true',
  file: null,
  ...over,
});
const seconds = (schedules: Schedule[], clock: 'fast' | 'real' = 'fast') =>
  stagesOf(schedules, clock, now).map(({ jump, waitMs }) => [jump, Math.round(waitMs / 1000)]);

it('of cron that is due in minutes is jumped to: the fast clock, which is ahead, may have passed it', () => {
  const due = { when: '17 * * * *', nextRun: inSeconds(40) };
  for (const kind of ['system-crontab', 'crontab', 'run-parts'] as const) {
    expect(seconds([schedule({ ...due, kind })])).toEqual([[{ scheduler: 'cron', to: inSeconds(40) }, 10]]);
  }
});

describe('a timer', () => {
  it('is waited for as long as its own accuracy lets it be late', () => {
    expect(seconds([schedule({ nextRun: inSeconds(2), accuracyMs: 1000 })])).toEqual([[null, 18]]);
    expect(seconds([schedule({ nextRun: inSeconds(2), accuracyMs: 60_000 })])).toEqual([[null, 72]]);
    expect(seconds([schedule({ nextRun: inSeconds(2) })])).toEqual([[null, 72]]);
  });

  it('is not waited for when it is due in an hour: no clock of its can be moved', () => {
    expect(seconds([schedule({ nextRun: inSeconds(3600) })])).toEqual([]);
  });

  it('without a next time is looked after for a while: its service runs, or its manager is about to start', () => {
    expect(seconds([schedule({ kind: 'user-timer' })])).toEqual([[null, 18]]);
  });

  it('that waits for a change of the clock is not waited for, unless it has a time as well', () => {
    expect(seconds([schedule({ when: 'OnClockChange=yes OnTimezoneChange=yes' })])).toEqual([]);
    expect(seconds([schedule({ when: 'OnActiveSec=1s OnClockChange=yes' })])).toEqual([[null, 18]]);
  });

  it('that will never elapse is not waited for', () => {
    expect(seconds([schedule({ inert: 'elapsed' }), schedule({ nextRun: inSeconds(3600) })])).toEqual([]);
  });
});

describe('an at job', () => {
  it('that is due and not launched is looked for by atd when its clock was moved', () => {
    expect(seconds([schedule({ kind: 'at', nextRun: inSeconds(-30) })])).toEqual([
      [null, 18],
      [{ scheduler: 'atd', to: inSeconds(0) }, 10],
    ]);
    expect(seconds([schedule({ kind: 'at', nextRun: inSeconds(-30) })], 'real')).toEqual([[null, 18]]);
    // The load is this machine's on either clock.
    const file = '/var/spool/cron/atjobs/b0000101c0ffee';
    const batch = schedule({ kind: 'at', nextRun: inSeconds(-30), file });
    expect(seconds([batch], 'real')).toEqual(seconds([batch]));
  });

  it('of a later minute is moved to, on the real clock it is waited for where that is bearable', () => {
    const soon = [schedule({ kind: 'at', nextRun: inSeconds(50) })];
    const week = [schedule({ kind: 'at', nextRun: inSeconds(604_800) })];
    expect(seconds(soon)).toEqual([[{ scheduler: 'atd', to: inSeconds(50) }, 10]]);
    expect(seconds(week)).toEqual([[{ scheduler: 'atd', to: inSeconds(604_800) }, 10]]);
    expect(seconds(soon, 'real')).toEqual([[null, 60]]);
    // Nobody waits that long: the daemon's clock is moved after what is waited for.
    expect(seconds(week, 'real')).toEqual([[{ scheduler: 'atd', to: inSeconds(604_800) }, 10]]);
    expect(seconds([...week, ...soon], 'real')).toEqual([
      [null, 60],
      [{ scheduler: 'atd', to: inSeconds(604_800) }, 10],
    ]);
  });
});

describe('a job of cron', () => {
  const cron = (when: string, due: number) =>
    schedule({ kind: 'system-crontab', when, nextRun: inSeconds(due) });
  const wait = [null, 18];
  const jump = (due: number) => [{ scheduler: 'cron', to: inSeconds(due) }, 10];

  it.each([
    ['* * * * *', 60, [wait]],
    ['*/5 * * * *', 240, [wait]],
    // On the fast clock these minutes may be over.
    ['1 12 * * *', 60, [jump(60)]],
    ['1 * * * *', 60, [jump(60)]],
    ['*/30 * * * *', 240, [jump(240)]],
    ['* 12 * * *', 60, [jump(60)]],
    ['0 3 * * *', 50_000, [jump(50_000)]],
  ])('%s, due in %i s, on the fast clock', (when, due, stages) => {
    expect(seconds([cron(when, due)])).toEqual(stages);
  });

  it('of a minute to come is waited for on the real clock', () => {
    expect(seconds([cron('1 12 * * *', 60)], 'real')).toEqual([[null, 130]]);
  });
});

it('moves a clock forward only, the nearest job first', () => {
  const hourly = schedule({ kind: 'system-crontab', id: 'a', when: '@hourly', nextRun: inSeconds(3600) });
  const yearly = schedule({
    kind: 'system-crontab',
    id: 'b',
    when: '@yearly',
    nextRun: inSeconds(9_000_000),
  });
  const [first, second] = stagesOf([yearly, hourly], 'fast', now);
  expect([first?.jump, second?.jump]).toEqual([
    { scheduler: 'cron', to: hourly.nextRun },
    { scheduler: 'cron', to: yearly.nextRun },
  ]);
});
