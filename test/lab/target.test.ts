// A target is what DESIGN promises: a machine with systemd, no privileges, no network, limits, and an end.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../harness/engine/ports.ts';
import { bootDebian12, debian12, inspect, removed } from './fixture.ts';

describe('a booted target', () => {
  let target: Target;
  beforeAll(async () => {
    target = await bootDebian12();
  });
  afterAll(() => target[Symbol.asyncDispose]());

  const output = async (script: string): Promise<string> =>
    (await target.exec(['sh', '-c', script])).stdout.trim();

  it('runs systemd with every scheduler, and nothing has failed', async () => {
    expect(await output('cat /proc/1/comm; systemctl is-system-running')).toBe('systemd\nrunning');
    expect(await output('systemctl is-active atd cron anacron.timer dbus')).toBe(
      'active\nactive\nactive\nactive',
    );
  });

  it("has no capability beyond Docker's default set", async () => {
    const status = await output('cat /proc/1/status');
    const set = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1];
    expect(set('CapEff')).toBe('00000000a80425fb');
    expect(set('CapBnd')).toBe('00000000a80425fb');
    const { HostConfig } = await inspect(target.id);
    expect(HostConfig.Privileged).toBe(false);
    expect(HostConfig.CapAdd ?? []).toEqual([]);
  });

  it('mounts nothing of the host but the cgroup tree', async () => {
    const { Mounts } = await inspect(target.id);
    expect(Mounts.filter(({ Type }) => Type === 'bind').map(({ Source }) => Source)).toEqual([
      '/sys/fs/cgroup',
    ]);
  });

  it('has no network but its own loopback, which is up and has its name', async () => {
    expect(await output('ls /sys/class/net')).toBe('lo');
    expect(await output('cat /sys/class/net/lo/flags')).toBe('0x9');
    expect(await output('getent hosts localhost; stat -c %a:%U /etc/hosts')).toMatch(
      /^::1 +localhost ip6-localhost ip6-loopback\n644:root$/,
    );
    expect((await inspect(target.id)).HostConfig.NetworkMode).toBe('none');
  });

  it('has every generator in its place, and what they make now is what they made when it booted', async () => {
    const made = 'find /run/systemd/generator* -mindepth 1 | sort';
    const atBoot = await output(made);
    expect(atBoot).not.toBe('');
    expect(await output('ls -d /run/systemd/system-generators 2>&1 || :')).toMatch(/No such file/);
    await output('systemctl daemon-reload');
    expect(await output(made)).toBe(atBoot);
  });

  it('is limited in processes and memory', async () => {
    const { HostConfig } = await inspect(target.id);
    expect(HostConfig.PidsLimit).toBe(debian12.profile.pids);
    expect(HostConfig.Memory).toBe(debian12.profile.memoryMiB * 1024 * 1024);
    // A fork bomb: the last ones are refused, it is ended with all that it started, and the machine goes on.
    const bomb = ['bash', '-c', 'exec 2>&1; for i in {1..600}; do sleep 600 & done; wait'];
    {
      await using exploding = await target.follow(bomb);
      for await (const line of exploding.lines) if (line.includes('fork: retry')) break;
    }
    expect(await output('pgrep -c -x sleep')).toBe('1');
    expect(await output('echo alive')).toBe('alive');
  });

  it('is told apart by the inode of its pid namespace, and knows its accounts', async () => {
    expect(String(target.pidNamespace)).toBe(await output('stat -Lc %i /proc/self/ns/pid'));
    expect(target.accounts.find(({ name }) => name === 'alice')).toEqual({
      name: 'alice',
      uid: 1000,
      gid: 1000,
      home: '/home/alice',
    });
  });

  it('shows no schedule of ours and no user manager nobody asked for', async () => {
    expect(await output('systemctl list-timers --all --output=json')).not.toContain('atomclock');
    expect(await output('systemctl list-units --no-legend "user@*"')).toBe('');
  });

  // A tmpfs numbers its files in the order in which they are made.
  it('is given nothing in /run while systemd boots, which may hang on that for ever', async () => {
    const [own = 0, systemd = 0] = (await output('stat -c %i /run/atomclock /run/systemd')).split('\n');
    expect(Number(own)).toBeLessThan(Number(systemd));
  });

  it('keeps a journal that can be read as JSON', async () => {
    const entries = (await output('journalctl -o json -u cron.service'))
      .split('\n')
      .map((line) => JSON.parse(line) as { MESSAGE: string });
    expect(entries.map(({ MESSAGE }) => MESSAGE)).toContain('(CRON) INFO (Running @reboot jobs)');
  });

  it('is told to be gone once it has ended, and is removed for good where uploads hold the engine up', async () => {
    const other = await bootDebian12();
    await other.exec(['systemctl', 'poweroff', '--force']).catch(() => {});
    // A command works, is killed by the shutdown (126: before it started), or is told that the target is gone, nothing
    // else: also while the engine does not know of the end yet.
    const untilGone = async () => {
      for (;;) expect([0, 126, 137, 143]).toContain((await other.exec(['true'])).exitCode);
    };
    const writeUntilGone = async () => {
      for (;;) await other.writeFile('/etc/x', '');
    };
    await Promise.all(
      [untilGone(), writeUntilGone()].map((gone) =>
        expect(gone).rejects.toMatchObject({ code: 'lab/target-gone' }),
      ),
    );
    // The engine gives up removing what an upload has mounted: what disposes of a target does not.
    await other[Symbol.asyncDispose]();
    await expect(inspect(other.id)).rejects.toMatchObject({ statusCode: 404 });
    await expect(other.exec(['true'])).rejects.toMatchObject({ code: 'lab/target-gone' });
    await expect(other.writeFile('/etc/x', '')).rejects.toMatchObject({ code: 'lab/target-gone' });
  });
});

describe('the life of a target', () => {
  it('ends by itself when its time is up, and is removed by the engine', async () => {
    const target = await bootDebian12({ lifetimeSeconds: 15 });
    await removed(target.id);
  });

  it('brings up the user manager where a case asks for it', async () => {
    await using target = await bootDebian12({ userManagers: ['alice'] });
    const { stdout } = await target.exec(['systemctl', '--user', 'is-system-running'], {
      user: 'alice',
      env: { XDG_RUNTIME_DIR: '/run/user/1000' },
    });
    expect(stdout.trim()).toBe('running');
  });

  it('boots five at once, each with its daemons by their names', async () => {
    await using stack = new AsyncDisposableStack();
    const booted = async () => {
      const target = stack.use(await bootDebian12());
      return { target, daemons: await target.exec(['sh', '-c', 'pgrep -x atd && pgrep -x cron']) };
    };
    const all = await Promise.all(Array.from({ length: 5 }, booted));
    expect(all.map(({ daemons }) => daemons.exitCode)).toEqual(Array(5).fill(0));
    const targets = all.map(({ target }) => target);
    expect(new Set(targets.map(({ pidNamespace }) => pidNamespace)).size).toBe(5);
  });
});

describe('the fast clock', () => {
  it("reaches the cron daemon alone: the job runs within seconds, its environment and the machine's time are real", async () => {
    await using target = await bootDebian12({ clock: 'fast' });
    await using journal = await target.follow(['journalctl', '-f', '-n0', '-o', 'cat', '-u', 'cron.service']);
    const report = '/home/alice/report';
    const seconds = async () => Number((await target.exec(['date', '+%s'])).stdout);
    const began = await seconds();
    // Whole when it is there: the job runs again and again.
    const job = `(env; date +\\%s) > ${report}.new && mv ${report}.new ${report}`;
    // A table that comes in the very moment of one of cron's looks stays unread: it comes again in another second.
    const install = `echo "* * * * * ${job}" | crontab -`;
    await target.exec(['sh', '-c', `${install}; sleep 1.1; ${install}`], { user: 'alice' });
    let runs = 0;
    for await (const line of journal.lines) if (line.includes('CMD') && ++runs === 3) break;
    const { stdout } = await target.exec(['sh', '-c', `until [ -e ${report} ]; do :; done; cat ${report}`]);
    const ended = await seconds();
    // Three minutes of a real clock, less the part of the first one that had passed.
    expect(ended - began).toBeLessThan(120);
    expect(stdout).toContain('LOGNAME=alice');
    expect(stdout).not.toMatch(/FAKETIME|LD_PRELOAD/);
    const time = Number(stdout.trimEnd().split('\n').at(-1));
    expect(time).toBeGreaterThanOrEqual(began);
    expect(time).toBeLessThanOrEqual(ended);
  });
});
