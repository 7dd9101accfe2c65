// The journal sensor on a real target: everything that was logged before a barrier is there when it resolves.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target, Watch } from '../../harness/engine/ports.ts';
import type { EcsEvent } from '../../harness/model/event.ts';
import { startJournalSensor } from '../../harness/telemetry/journal/index.ts';
import { bootDebian12 } from './fixture.ts';

describe('a watched target', () => {
  const events: EcsEvent[] = [];
  const raw: string[] = [];
  const sensor = startJournalSensor({ onRaw: (_, line) => raw.push(line) });
  let target: Target;
  let watch: Watch;
  beforeAll(async () => {
    target = await bootDebian12();
    watch = await sensor.watch(target, (event) => events.push(event));
  });
  afterAll(async () => {
    await sensor[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });
  const run = (script: string, user = 'root') => target.exec(['bash', '-c', script], { user });
  const messages = () => events.map(({ message }) => message);

  it('has what was logged before it was watched', async () => {
    await watch.barrier();
    expect(messages()).toContain('Started cron.service - Regular background program processing daemon.');
  });

  it('has every line at the barrier, by whichever socket it came', async () => {
    await run(
      'logger by-syslog; echo by-stream | systemd-cat; systemd-run --wait --quiet /bin/echo by-service',
    );
    await watch.barrier();
    expect(messages()).toEqual(expect.arrayContaining(['by-syslog', 'by-stream', 'by-service']));
  });

  it('loses nothing in a flood, and has each line once, in order', async () => {
    await run('for i in {1..20000}; do echo "flood $i"; done | logger -t flood');
    await watch.barrier();
    const flood = messages().filter((message) => message?.startsWith('flood '));
    expect(flood).toEqual(Array.from({ length: 20_000 }, (_, index) => `flood ${index + 1}`));
    expect(watch.lost()).toBe(0);
  });

  it('reads what the schedulers say of real jobs', async () => {
    await run('echo "* * * * * true" | crontab -; crontab -l; crontab -r', 'alice');
    // Cron's word that it has started again comes when it has looked at every table.
    await run(`echo "not a table" > /etc/cron.d/bad; echo true | at now
      systemctl restart cron; until journalctl -q -u cron | grep -q 'Skipping @reboot'; do :; done`);
    await watch.barrier();
    const actions = new Map(
      events.map(({ event, user, atomclock }) => [event.action, { user: user?.name, job: atomclock.job }]),
    );
    expect(actions.get('crontab-replace')).toMatchObject({
      user: 'alice',
      job: { scheduler: 'cron', user: 'alice' },
    });
    expect(actions.get('crontab-list')).toMatchObject({ user: 'alice' });
    expect(actions.get('crontab-delete')).toMatchObject({ user: 'alice' });
    const refused = events.find(
      ({ message }) => message === 'Error: bad minute; while reading /etc/cron.d/bad',
    );
    expect(refused).toMatchObject({
      event: { action: 'cron-error', outcome: 'failure' },
      process: { name: 'cron' },
      atomclock: { job: { file: '/etc/cron.d/bad' } },
    });
  });

  it('keeps every entry as journalctl printed it', () => {
    expect(raw.length).toBeGreaterThan(events.length);
    for (const line of raw.slice(0, 100)) expect(JSON.parse(line)).toHaveProperty('__CURSOR');
  });

  it.each([
    ['its follower is killed', 'pkill -9 -x journalctl'],
    ['its follower is stopped', 'pkill -STOP -x journalctl'],
    ['journald is killed', 'pkill -9 -x systemd-journal; until journalctl --sync 2>/dev/null; do :; done'],
  ])('has every line at the barrier where %s', async (attack, script) => {
    const seen: (string | undefined)[] = [];
    await using attacked = await sensor.watch(target, ({ message }) => seen.push(message));
    await attacked.barrier();
    const { exitCode, stderr } = await run(script);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await run(`logger "after ${attack}"; echo "streamed after ${attack}" | systemd-cat`);
    await attacked.barrier();
    expect(seen).toEqual(expect.arrayContaining([`after ${attack}`, `streamed after ${attack}`]));
  });

  it('says so when the journal is gone', async () => {
    await run(
      'systemctl stop systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service; true',
    );
    await expect(watch.barrier()).rejects.toThrow(expect.objectContaining({ code: 'sensor/journal-silent' }));
  });
});

it('ends with its target', async () => {
  const target = await bootDebian12();
  const sensor = startJournalSensor();
  const watch = await sensor.watch(target, () => {});
  await target[Symbol.asyncDispose]();
  await expect(watch.barrier()).rejects.toThrow(expect.objectContaining({ code: 'lab/target-gone' }));
  await sensor[Symbol.asyncDispose]();
});
