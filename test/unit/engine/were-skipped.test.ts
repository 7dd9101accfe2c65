// When a wait may end because each job was launched and has ended in vain.

import { beforeEach, expect, it } from 'vitest';
import { Attribution } from '../../../harness/engine/proof/attribution.ts';
import { wereSkipped } from '../../../harness/engine/proof/observe.ts';
import type { Schedule } from '../../../harness/model/inventory.ts';
import { exec, exit, fork, outside, process, resetClock, running } from './events.ts';

beforeEach(resetClock);

const pid1 = process({ pid: 1, executable: '/usr/lib/systemd/systemd', parent: outside });
const cron = process({ pid: 38, executable: '/usr/sbin/cron', parent: pid1 });
const attackArgs = ['/bin/sh', '/step'];
const attack = process({ pid: 200, executable: '/usr/bin/dash', args: attackArgs, parent: outside });

const schedule = (command: string, user = 'root'): Schedule => ({
  kind: 'system-crontab',
  id: `${user} ${command}`,
  user,
  when: '* * * * *',
  command,
  file: '/etc/cron.d/p',
});

interface Run {
  command: string;
  /** Whether the job's own program runs. */
  works?: boolean;
  /** Whether cron's child is still there. */
  isOpen?: boolean;
}

function skipped(runs: readonly Run[], schedules: readonly Schedule[]): boolean {
  const attribution = new Attribution([{ role: 'attack', nonce: null }]);
  attribution.expectStep('attack', attackArgs);
  const events = [running(pid1), running(cron), exec(attack), exit(attack, 0)];
  runs.forEach(({ command, works = false, isOpen = false }, index) => {
    const pid = 1000 + index * 10;
    const child = process({ pid, executable: '/usr/sbin/cron', parent: cron });
    const args = ['/bin/sh', '-c', command];
    const sh = process({ pid: pid + 1, executable: '/usr/bin/dash', args, parent: child });
    const touch = process({
      pid: pid + 2,
      executable: '/usr/bin/touch',
      args: ['touch', '/tmp/p'],
      parent: sh,
    });
    const forked = process({ pid: pid + 1, executable: '/usr/sbin/cron', parent: child });
    events.push(fork(child), fork(forked), exec(sh), ...(works ? [exec(touch), exit(touch, 0)] : []));
    events.push(exit(sh, works ? 0 : 1), ...(isOpen ? [] : [exit(child, 0)]));
  });
  for (const one of events) attribution.push(one);
  attribution.addSchedules('attack', { added: schedules, kept: [], gone: [] });
  return wereSkipped(attribution, 'attack', schedules, { before: [], after: schedules });
}

const guarded = '[ -e /tmp/flag ] && touch /tmp/p';
const locked = 'flock -n /tmp/lock touch /tmp/p';

it.each<[string, boolean, Run[], Schedule[]]>([
  ['its one job ended in vain', true, [{ command: guarded }], [schedule(guarded)]],
  ['both did', true, [{ command: guarded }, { command: locked }], [schedule(guarded), schedule(locked)]],
  ['one was not launched yet', false, [{ command: guarded }], [schedule(guarded), schedule(locked)]],
  ['it was launched for another user', false, [{ command: guarded }], [schedule(guarded, 'alice')]],
  ['it ran', false, [{ command: guarded, works: true }], [schedule(guarded)]],
  ['its end is to come', false, [{ command: guarded, isOpen: true }], [schedule(guarded)]],
  ['nothing was launched', false, [], [schedule(guarded)]],
  ['nothing was scheduled', false, [{ command: guarded }], []],
])('where %s: %s', (_, expected, runs, schedules) => {
  expect(skipped(runs, schedules)).toBe(expected);
});
