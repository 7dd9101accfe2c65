// Ways around a sensor of system calls: other calling conventions, io_uring, mounts, names that mean something else.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EcsEvent } from '../../harness/model/event.ts';
import { allNeed, needs } from '../machine.ts';
import { type Lab, startLab, tell, told, type Watched } from './sensor-fixture.ts';
import { programs } from './sensor-programs/programs.ts';

let lab: Lab;
let one: Watched;
beforeAll(async () => {
  lab = await startLab();
  one = await lab.watched(['SYS_ADMIN']);
});
afterAll(async () => {
  await one?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

const install = async (name: keyof typeof programs): Promise<string> => {
  await one.target.writeFile(`/usr/local/bin/${name}`, programs[name], { mode: 0o755 });
  return `/usr/local/bin/${name}`;
};
const by = (events: readonly EcsEvent[], name: string): EcsEvent[] =>
  events.filter(({ process }) => process?.name === name);

describe('a program', () => {
  allNeed('x86-64');

  it('of 32 bits is seen like any other', async (context) => {
    needs(context, '32-bit programs');
    const program = await install('ia32');
    const { events } = await one.run(['sh', '-c', `${program}; test $? = 7`]);
    const own = by(events, 'ia32');
    expect(told(own, '/tmp')).toEqual([
      'creation /tmp/ia32-old',
      'close /tmp/ia32-old',
      'rename /tmp/ia32-new < /tmp/ia32-old',
      'deletion-attempt /tmp/ia32-none (ENOENT)',
      'exec-attempt /tmp/ia32-none (ENOENT)',
    ]);
    const attempt = own.find(({ event }) => event.action === 'exec-attempt');
    expect(attempt?.process?.Ext).toMatchObject({ attempt: { args: ['/tmp/ia32-none', '/tmp/ia32-new'] } });
  });

  it('of many threads ends once, with its code', async () => {
    const program = await install('threads');
    const { events } = await one.run([
      'sh',
      '-c',
      `for i in $(seq 50); do ${program}; test $? = 5 || exit 1; done`,
    ]);
    const ended = by(events, 'threads').filter(({ event }) => event.action === 'end');
    expect(ended.map(({ process }) => process?.exit_code)).toEqual(Array(50).fill(5));
    expect(new Set(ended.map(({ process }) => process?.entity_id)).size).toBe(50);
  });

  it('that uses io_uring is seen to ask for what it does', async ({ skip }) => {
    const program = await install('uring');
    const { exitCode } = await one.target.exec([program]);
    skip(exitCode === 9, 'needs io_uring: the kernel or the seccomp profile of this engine refuses it');
    await one.watch.barrier();
    const own = by(one.events, 'uring').filter(({ event }) => event.action.endsWith('-attempt'));
    expect(own.map(tell)).toEqual([
      'creation-attempt /tmp/ur (unknown)',
      'creation-attempt /tmp/ur/a (unknown)',
      'rename-attempt /tmp/ur/b < /tmp/ur/a (unknown)',
      'deletion-attempt /tmp/ur/b (unknown)',
    ]);
    expect(own.every(({ atomclock, event }) => atomclock.io_uring && event.type[0] === 'info')).toBe(true);
  });
});

describe('mounts', () => {
  /** Why there are none: a profile of AppArmor may forbid what the capability allows. */
  let refused = '';
  beforeAll(async () => {
    const script = 'mount -t tmpfs none /mnt 2>&1 && umount /mnt';
    const { exitCode, stdout } = await one.target.exec(['sh', '-c', script]);
    if (exitCode !== 0) refused = `needs mounts in a target: ${stdout.trim()}`;
  });
  beforeEach(({ skip }) => skip(refused !== '', refused));

  const mounts = (events: readonly EcsEvent[]) =>
    events
      .filter(({ event }) => /mount/.test(event.action) && event.outcome === 'success')
      .map((event) => ({
        told: tell(event),
        type: event.event.type,
        source: (event.atomclock.mount as { source?: string } | undefined)?.source,
      }));

  it('are told with their place and what lies there now', async () => {
    const script = `mkdir -p /srv/decoy; echo x > /srv/decoy/job; ln -sfn /srv/decoy /srv/alias
      mount --bind /srv/alias /etc/cron.d; touch /etc/cron.d/written; umount /etc/cron.d
      mount -t tmpfs secret /srv/decoy; touch /srv/alias/inside; mv /srv/alias/inside /srv/decoy/moved; umount -l /srv/decoy`;
    const { events } = await one.run(['sh', '-ec', script]);
    expect(mounts(events)).toEqual([
      { told: 'mount /etc/cron.d', type: ['change'], source: '/srv/decoy' },
      { told: 'umount /etc/cron.d', type: ['change'], source: undefined },
      { told: 'mount /srv/decoy', type: ['change'], source: 'secret' },
      { told: 'umount /srv/decoy', type: ['change'], source: undefined },
    ]);
    expect(events.map(tell)).toEqual(
      expect.arrayContaining(['creation /etc/cron.d/written', 'rename /srv/decoy/moved < /srv/decoy/inside']),
    );
  });

  it('by the newer calls are told too', async () => {
    const perl = `
      my ($from, $to, $none) = ("/srv/decoy", "/etc/cron.daily", "");
      my $tree = syscall(428, -100, $from, 1); $tree >= 0 or die "open_tree: $!";
      syscall(429, $tree, $none, -100, $to, 4) == 0 or die "move_mount: $!"`;
    const { events } = await one.run(['perl', '-e', perl]);
    expect(mounts(events)).toEqual([
      { told: 'mount /etc/cron.daily', type: ['change'], source: '/srv/decoy' },
    ]);
    await one.run(['umount', '/etc/cron.daily']);
  });

  it('of a private namespace are followed by what is done in it', async () => {
    const script = 'mount -t tmpfs t /etc/cron.d; touch /etc/cron.d/unreal; rm /etc/cron.d/unreal';
    const { events } = await one.run(['unshare', '-m', 'sh', '-c', script]);
    expect(events.map(tell)).toEqual(
      expect.arrayContaining(['creation /etc/cron.d/unreal', 'deletion /etc/cron.d/unreal']),
    );
    const created = events.find(({ file, event }) => file?.name === 'unreal' && event.action === 'creation');
    const first = one.events.find(({ process }) => process?.pid === 1);
    expect(created?.atomclock.mount_namespace).not.toBe(first?.atomclock.mount_namespace);
  });
});

describe('processes', () => {
  it('of a pid namespace of their own stay part of the target', async () => {
    const { events } = await one.run(['unshare', '-p', '-f', 'touch', '/srv/from-nested']);
    const created = events.find(({ file }) => file?.path === '/srv/from-nested');
    expect(created?.process?.pid).toBeGreaterThan(1);
    expect(created?.process?.parent?.name).toBe('unshare');
  });
});

describe('names', () => {
  it('made by linking an open file that has none', async ({ skip }) => {
    const perl = `use Fcntl; use POSIX;
      sysopen(my $f, "/srv", 020200001 | O_RDWR, 0644) or sysopen($f, "/srv", 020040001 | O_RDWR, 0644)
        or exit($!{EOPNOTSUPP} ? 95 : 1);
      my ($old, $new) = ("/proc/self/fd/" . fileno $f, "/srv/linked");
      syscall((POSIX::uname())[4] eq "x86_64" ? 265 : 37, -100, $old, -100, $new, 0x400) == 0 or die $!`;
    const { exitCode, stderr } = await one.target.exec(['perl', '-e', perl]);
    skip(exitCode === 95, 'needs files without names (O_TMPFILE) on the root file system of a target');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await one.watch.barrier();
    const linked = one.events.find(
      ({ event, file }) => event.action === 'creation' && file?.path === '/srv/linked',
    );
    const { stdout } = await one.run(['stat', '-c', '%i', '/srv/linked']);
    expect(linked?.file?.inode).toBe(stdout.trim());
  });

  it('of the managers’ own bookkeeping stay out, of units stay in', async () => {
    const script = `mkdir -p /run/systemd/transient; touch /run/systemd/units/x /run/systemd/transient/x.timer /run/systemd/system/x.service
      mkdir -p /run/systemd/generator; touch /run/systemd/generator/g.service; echo 0 > /proc/self/oom_score_adj
      mkdir -p /run/user/1000/systemd/units /run/user/1000/systemd/transient
      touch /run/user/1000/systemd/units/y /run/user/1000/systemd/transient/y.timer`;
    const { events } = await one.run(['sh', '-c', script]);
    const made = events.filter(
      ({ event, process }) => event.action === 'creation' && process?.name === 'touch',
    );
    expect(made.map(({ file }) => file?.path)).toEqual([
      '/run/systemd/transient/x.timer',
      '/run/systemd/system/x.service',
      '/run/systemd/generator/g.service',
      '/run/user/1000/systemd/transient/y.timer',
    ]);
  });
});
