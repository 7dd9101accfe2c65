// What happens to processes: programs started and refused, their arguments, their ends, their lineage.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EcsEvent } from '../../harness/model/event.ts';
import { type Lab, startLab, type Watched } from './sensor-fixture.ts';

let lab: Lab;
let one: Watched;
beforeAll(async () => {
  lab = await startLab();
  one = await lab.watched();
});
afterAll(async () => {
  await one?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

const act = (events: readonly EcsEvent[], action: string, name: string): EcsEvent[] =>
  events.filter(({ event, process }) => event.action === action && process?.name === name);

describe('the processes that lived before', () => {
  it('are told first, with executable, arguments, parent and unit', async () => {
    const { stdout } = await one.run(['pgrep', '-x', 'atd|cron']);
    const pids = stdout.trim().split('\n').map(Number).sort();
    const told = one.events.filter(({ event }) => event.action === 'already_running');
    expect(told[0]?.process).toMatchObject({ pid: 1, executable: '/usr/lib/systemd/systemd' });
    const daemons = told.filter(({ process }) => /^(atd|cron)$/.test(process?.name ?? ''));
    expect(daemons.map(({ process }) => process?.pid).sort()).toEqual(pids);
    const cron = daemons.find(({ process }) => process?.name === 'cron');
    expect(cron).toMatchObject({
      event: { type: ['info'], category: ['process'] },
      process: {
        executable: '/usr/sbin/cron',
        command_line: '/usr/sbin/cron -f',
        user: { id: '0', name: 'root' },
        parent: { pid: 1, name: 'systemd' },
      },
      atomclock: { cgroup: 'cron.service' },
    });
    expect(cron?.process?.parent?.entity_id).toBe(told[0]?.process?.entity_id);
  });
});

describe('a program', () => {
  it('has its exact arguments: empty ones, quotes, line breaks', async () => {
    const args = ['', ' ', 'a b', '"', "'", '\\', 'tab\t', 'two\nlines', 'é \u{1f552}', '-n'];
    const { events } = await one.run(['/usr/bin/printf', '%s', ...args]);
    const [started] = act(events, 'exec', 'printf');
    expect(started?.process?.args).toEqual(['/usr/bin/printf', '%s', ...args]);
    expect(started?.process?.args_count).toBe(args.length + 2);
    expect(started?.process?.command_line).toBe(['/usr/bin/printf', '%s', ...args].join(' '));
  });

  it('has arguments of 128 KiB, single and many, to the last byte', async () => {
    const long = Array.from({ length: 9000 }, (_, i) => `w${i}`).join(' ');
    const many = Array.from({ length: 6000 }, (_, i) => `argument-${i}`);
    for (const args of [[long], many]) {
      const { events } = await one.run(['true', ...args]);
      const [started] = act(events, 'exec', 'true');
      expect(started?.process?.args).toEqual(['true', ...args]);
      expect(started?.atomclock.args_truncated).toBeUndefined();
    }
    expect(one.watch.lost()).toBe(0);
  });

  it('has any argument that a process can be given', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 40 })
      .filter((arg) => !/[\0\ud800-\udfff]/u.test(arg));
    const args = fc.sample(text, { numRuns: 400, seed: 7 });
    const { events } = await one.run(['true', ...args]);
    expect(act(events, 'exec', 'true')[0]?.process?.args).toEqual(['true', ...args]);
  });

  it('says so when its arguments are longer still', async () => {
    const { events } = await one.run(['sh', '-c', '/bin/true $(seq 100000 130000)']);
    const [started] = act(events, 'exec', 'true');
    expect(started?.atomclock.args_truncated).toBe(true);
    expect(started?.process?.args?.slice(0, 3)).toEqual(['/bin/true', '100000', '100001']);
  });

  it('has bytes that are not UTF-8 as lone surrogates', async () => {
    const bytes = Array.from({ length: 255 }, (_, i) => i + 1);
    const { events } = await one.run(['perl', '-e', 'exec "true", join "", map { chr } 1..255']);
    const [started] = act(events, 'exec', 'true');
    const text = started?.process?.args?.[1] ?? '';
    expect([...text].map((letter) => letter.codePointAt(0))).toEqual(
      bytes.map((byte) => (byte < 0x80 ? byte : 0xdc00 + byte)),
    );
  });

  it('has user, real user, group, working directory, parent and times', async () => {
    const before = Date.now();
    const { events } = await one.run(['sh', '-c', 'cd /var/spool && /usr/bin/at -V; id -u'], {
      user: 'alice',
    });
    const [at] = act(events, 'exec', 'at');
    expect(at?.process).toMatchObject({
      executable: '/usr/bin/at',
      working_directory: '/var/spool',
      real_user: { id: '1000', name: 'alice' },
      user: { name: 'daemon' }, // setuid
      parent: { name: 'dash', command_line: 'sh -c cd /var/spool && /usr/bin/at -V; id -u' },
    });
    expect(at?.user).toMatchObject({ name: 'daemon', Ext: { real: { name: 'alice' } } });
    const time = Date.parse(at?.['@timestamp'] ?? '');
    expect(time).toBeGreaterThan(before - 1000);
    expect(time).toBeLessThan(Date.now() + 1000);
    expect(Date.parse(String(at?.process?.start))).toBeLessThanOrEqual(time);
  });

  const terminals: [string, string, boolean][] = [
    ['of a terminal', "script -qec 'cat /proc/self/stat' /dev/null", true],
    ['of a terminal that it does not read', "script -qec 'cat /proc/self/stat < /dev/null' /dev/null", false],
    ['of none', 'setsid -w sh -c "cat /proc/self/stat; :"', false],
    ['of its own', 'setsid -w cat /proc/self/stat', false],
  ];
  it.each(terminals)('in a session %s has its leaders and its terminal', async (_, command, interactive) => {
    const { stdout, events } = await one.run(['sh', '-c', command]);
    const [, group, session, device = 0] = stdout
      .replace(/^.*\) \S+ /, '')
      .split(' ')
      .map(Number);
    const cat = act(events, 'exec', 'cat')[0]?.process;
    expect(cat).toMatchObject({
      interactive,
      group_leader: { pid: group, same_as_process: group === cat?.pid },
      session_leader: { pid: session, same_as_process: session === cat?.pid },
    });
    const leader = events.find(({ process }) => process?.pid === session)?.process;
    expect(cat?.session_leader).toMatchObject({ entity_id: leader?.entity_id });
    const tty = device === 0 ? undefined : { char_device: { major: device >> 8, minor: device & 255 } };
    expect(cat?.tty).toEqual(tty);
  });

  it('is its interpreter when it is a script, whose path is kept', async () => {
    await one.target.writeFile('/usr/local/bin/job', '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    const { events } = await one.run(['sh', '-c', 'job x || test $? = 3']);
    const started = events.find(
      ({ event, process }) => event.action === 'exec' && process?.args?.includes('x'),
    );
    expect(started?.process).toMatchObject({
      executable: '/usr/bin/dash',
      args: ['/bin/sh', '/usr/local/bin/job', 'x'],
    });
    expect(started?.atomclock).toMatchObject({ filename: '/usr/local/bin/job', interpreter: '/bin/sh' });
  });

  it('has the path that the kernel has when there is no file of it', async () => {
    const perl = `
      my $number = (POSIX::uname())[4] eq "x86_64" ? 319 : 279; my $name = "payload";
      my $fd = syscall($number, $name, 0); open my $out, ">&=", $fd; open my $in, "<", "/usr/bin/true";
      { local $/; syswrite $out, <$in> } open my $again, "<", "/proc/self/fd/$fd"; close $out;
      exec "/proc/self/fd/" . fileno $again, "from-memory"`;
    const { events } = await one.run(['perl', '-MPOSIX', '-e', perl]);
    const started = events.find(({ process }) => process?.args?.[1] === 'from-memory');
    expect(started?.process?.executable).toBe('/memfd:payload (deleted)');
  });

  it('is one process from fork to end', async () => {
    const { events } = await one.run(['sh', '-c', '/usr/bin/false; true']);
    const [ended] = act(events, 'end', 'false');
    const ofIt = events.filter(({ process }) => process?.entity_id === ended?.process?.entity_id);
    expect(ofIt.map(({ event }) => event.action)).toEqual(['fork', 'exec', 'end']);
    expect(ofIt.map(({ event }) => event.type)).toEqual([['start'], ['start'], ['end']]);
    expect(ended?.process?.exit_code).toBe(1);
  });
});

describe('the end of a process', () => {
  const exits: [string, string, number, number | undefined][] = [
    ['a code', 'exit 42', 42, undefined],
    ['a signal', 'kill -TERM $$', 143, 15],
    ['SIGKILL', 'kill -KILL $$', 137, 9],
  ];
  it.each(exits)('tells %s', async (_, script, code, signal) => {
    const { events } = await one.run(['sh', '-c', `bash -c '${script}' || true`]);
    const [ended] = act(events, 'end', 'bash');
    expect(ended?.process?.exit_code).toBe(code);
    expect(ended?.atomclock.signal).toBe(signal);
  });
});

describe('a program that could not be started', () => {
  it('is told with its path, its arguments and the reason', async () => {
    await one.target.writeFile('/srv/no-permission', '#!/bin/sh\n', { mode: 0o644 });
    await one.target.writeFile('/srv/no-format', 'not a program', { mode: 0o755 });
    const script = `for (qw(/srv/no-permission /srv/no-format /srv/../srv/none)) { system { $_ } "tried", "$_", "a b" }`;
    const { events } = await one.run(['perl', '-e', script]);
    const attempts = events.filter(({ event }) => event.action === 'exec-attempt');
    const summary = attempts.map(({ event, process, error }) => ({
      type: event.type,
      outcome: event.outcome,
      caller: process?.executable,
      error: (error as { code: string }).code,
      attempt: (process?.Ext as { attempt: unknown } | undefined)?.attempt,
    }));
    const expected = (executable: string, given: string, error: string) => ({
      type: ['info'],
      outcome: 'failure',
      caller: '/usr/bin/perl',
      error,
      attempt: { executable, args: ['tried', given, 'a b'], command_line: `tried ${given} a b` },
    });
    expect(summary).toEqual([
      expected('/srv/no-permission', '/srv/no-permission', 'EACCES'),
      expected('/srv/no-format', '/srv/no-format', 'ENOEXEC'),
      expected('/srv/none', '/srv/../srv/none', 'ENOENT'),
    ]);
  });
});

describe('names of users', () => {
  it('follow the tables of the target', async () => {
    await one.run([
      'sh',
      '-c',
      'echo "carol:x:4711:4711::/:/bin/sh" >> /etc/passwd; echo "choir:x:4711:" >> /etc/group',
    ]);
    await one.watch.barrier();
    const { events } = await one.run(['true'], { user: '4711' });
    const [started] = act(events, 'exec', 'true');
    expect(started?.process).toMatchObject({
      user: { id: '4711', name: 'carol' },
      group: { id: '4711', name: 'choir' },
    });
  });
});
