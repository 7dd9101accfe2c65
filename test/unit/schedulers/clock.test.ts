// How the clock of each scheduler is set before a target boots, and moved in one that runs.

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  bootFiles,
  type ClockJump,
  clockMove,
  clockOf,
  fastClockQuestion,
} from '../../../harness/schedulers/index.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const script = (jump: ClockJump): string => clockMove(jump, now).join('\n');

describe('before a target boots', () => {
  it('its cron is on the fast clock where that is asked for', () => {
    const paths = (clock: 'fast' | 'real') => bootFiles(clock, new Date(now)).map(({ path }) => path);
    expect(paths('fast').filter((path) => !paths('real').includes(path))).toEqual([
      '/etc/atomclock/cron.env',
    ]);
    const [settings] = bootFiles('fast', new Date(now)).filter(({ path }) => path.endsWith('cron.env'));
    expect(settings?.content).toMatch(/^LD_PRELOAD=\S+\nFAKETIME=\+0 x60\n$/);
  });

  it("anacron's jobs have run today, whatever the clock", () => {
    const notes = bootFiles('real', new Date(now));
    expect(notes.map(({ path }) => path)).toContain('/var/spool/anacron/cron.daily');
    expect(new Set(notes.map(({ content }) => content))).toEqual(new Set(['20260301\n']));
  });
});

describe('the clock that is moved', () => {
  it.each<[what: string, jump: ClockJump, has: (string | RegExp)[]]>([
    [
      "cron's, to a minute: it comes shortly before it, fast",
      { scheduler: 'cron', to: '2026-03-01T11:00:00Z' },
      [
        'is-active',
        'cron.service crond.service cronie.service',
        '+3500 x60',
        />\/etc\/atomclock\/cron\.env$/m,
      ],
    ],
    ["cron's, back", { scheduler: 'cron', to: '2026-03-01T09:00:00Z' }, ["'FAKETIME=-3700 x60'"]],
    [
      "cron's, to a boot: every dialect's marker goes",
      { scheduler: 'cron', to: 'boot' },
      ['is-enabled', '/run/crond.reboot', '/run/cron.reboot', '+0 x60'],
    ],
    [
      "atd's: no faster, and batch does not wait for this machine's load",
      { scheduler: 'atd', to: '2026-03-08T10:00:00Z' },
      ['atd.service', "'FAKETIME=+604800'", 'ATD_ARGS=-l 1000', 'restart "$unit"'],
    ],
    [
      "anacron's",
      { scheduler: 'anacron', to: 'tomorrow' },
      ['rm -f /var/spool/anacron/*', 'anacron.service'],
    ],
  ])('%s', (_, jump, parts) => {
    for (const part of parts) expect(script(jump)).toMatch(part);
    execFileSync('sh', ['-n', '-c', script(jump)]);
  });

  it('restarts nothing where no daemon runs', () => {
    // No such unit is active where this runs: the script ends before it writes or restarts anything.
    const [question = ''] = clockMove({ scheduler: 'cron', to: 'boot' }, now);
    const asked = question.replace('systemctl is-enabled --quiet "$name"', 'false');
    expect(asked).not.toBe(question);
    expect(execFileSync('sh', ['-c', `set -e\n${asked}\necho went on`]).toString()).toBe('');
    const found = question.replace('systemctl is-enabled --quiet "$name"', '[ "$name" = cronie.service ]');
    expect(execFileSync('sh', ['-c', `set -e\n${found}\necho "$unit"`]).toString()).toBe('cronie.service\n');
  });

  it('is asked for by every name that a cron daemon has', () => {
    execFileSync('sh', ['-n', '-c', fastClockQuestion]);
    for (const name of ['cron', 'crond', 'cronie.service', 'crond.service', 'bcron-sched'])
      expect(fastClockQuestion).toContain(name);
  });
});

describe('a job waits for the clock of its scheduler', () => {
  it.each([
    ['run-parts', '2026-03-01T11:00:00Z', { scheduler: 'cron', to: '2026-03-01T11:00:00Z' }],
    ['run-parts', undefined, { scheduler: 'anacron', to: 'tomorrow' }],
    ['anacron', undefined, { scheduler: 'anacron', to: 'tomorrow' }],
    ['at', '2026-03-01T11:00:00Z', { scheduler: 'atd', to: '2026-03-01T11:00:00Z' }],
    ['timer', '2026-03-01T11:00:00Z', null],
  ] as const)('%s, next run %s', (kind, nextRun, jump) => {
    const schedule = {
      kind,
      id: 'x',
      user: null,
      when: '',
      command: '',
      file: null,
      ...(nextRun && { nextRun }),
    };
    expect(clockOf(schedule).jumpFor(schedule)).toEqual(jump);
  });
});
