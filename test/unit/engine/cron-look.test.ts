// A table that can never run: cron is waited for until it has looked at it, and no longer.

import { describe, expect, it } from 'vitest';
import { EventLog } from '../../../harness/engine/run/event-log.ts';
import type { Inventory } from '../../../harness/model/inventory.ts';
import { event, file } from './events.ts';
import { attributed, foreign, story } from './story.ts';
import { before, waitIn } from './wait.ts';

const table = '/etc/cron.d/new.table';
const schedule = {
  kind: 'system-crontab' as const,
  id: 'new',
  user: 'root',
  when: '* * * * *',
  command: 'touch /tmp/p',
  file: table,
  inert: 'cron passes over such names',
};
const zone = { scheduler: 'cron' as const, name: 'UTC', offsetMinutes: 0, isDst: false, because: 'it is' };
const after = (pid: number | null): Inventory => ({
  ...before,
  schedules: [schedule],
  zones: [{ ...zone, ...(pid !== null && { daemon: { pid, startedAt: before.takenAt } }) }],
});

/** @param sleeps what cron has slept, one for each time that it is asked; null: there is no cron */
async function waited(pid: number | null, sleeps: (number | null)[], log = new EventLog()) {
  const attribution = attributed([], foreign);
  for (const one of story({ after: (shell) => [file('creation', table, shell)] })) log.push(one);
  let asked = 0;
  let barriers = 0;
  const exec = async (argv: readonly string[]) => {
    expect(argv).toEqual(['cat', `/proc/${pid}/status`]);
    const count = sleeps[Math.min(asked++, sleeps.length - 1)];
    const stdout = count === null ? '' : `State:\tS\nvoluntary_ctxt_switches:\t${count}\n`;
    return { exitCode: count === null ? 1 : 0, stdout, stderr: '', startedAt: '', ms: 0 };
  };
  const began = Date.now();
  await waitIn(log, attribution, {
    exec,
    takeInventory: async () => after(pid),
    barrier: async () => {
      barriers += 1;
    },
  });
  return { asked, barriers, ms: Date.now() - began };
}

describe.concurrent('cron', () => {
  it('is asked until it has slept twice more', async () => {
    const { asked, barriers } = await waited(38, [7, 7, 8, 9]);
    expect({ asked, barriers }).toEqual({ asked: 4, barriers: 1 });
  });

  it('is not waited for any longer once it has said why', async () => {
    const log = new EventLog();
    setTimeout(() => {
      const said = event('process', 'info', 'cron-error', { message: 'Error: bad minute' });
      log.push({
        ...said,
        event: { ...said.event, outcome: 'failure' },
        atomclock: { sensor: 'journal', job: { scheduler: 'cron', file: table } },
      });
    }, 300);
    expect((await waited(38, [7], log)).asked).toBeLessThanOrEqual(2);
  });

  it('is not waited for where it is gone', async () => {
    expect((await waited(38, [7, null])).asked).toBe(2);
  });

  it('is waited for a while where it cannot be seen', async () => {
    const { asked, ms } = await waited(null, []);
    expect(asked).toBe(0);
    expect(ms).toBeGreaterThan(3500);
  });
});
