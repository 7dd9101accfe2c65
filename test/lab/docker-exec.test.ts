// Commands in a target: streams apart, users, limits that kill inside, bounded output, following.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../harness/engine/ports.ts';
import { bootDebian12 } from './fixture.ts';

let target: Target;
beforeAll(async () => {
  target = await bootDebian12();
});
afterAll(() => target[Symbol.asyncDispose]());

const running = async (pattern: string): Promise<string> =>
  (await target.exec(['pgrep', '-f', '-x', pattern])).stdout.trim();

describe('exec', () => {
  it('gives both streams and the exit code apart', async () => {
    const result = await target.exec(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect(result).toMatchObject({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
    expect(Date.parse(result.startedAt)).toBeGreaterThan(Date.now() - 600_000);
  });

  it('acts as the user, in the folder, with the environment that it is given', async () => {
    const { stdout } = await target.exec(['sh', '-c', 'id -un; pwd; echo "$GREETING"'], {
      user: 'alice',
      workingDirectory: '/var/spool',
      env: { GREETING: 'grüß dich' },
    });
    expect(stdout).toBe('alice\n/var/spool\ngrüß dich\n');
  });

  it('says 127 for a command that does not exist, and does not throw', async () => {
    expect((await target.exec(['no-such-command'])).exitCode).toBe(127);
  });

  it('cuts output at 1 MiB and says so', async () => {
    const { stdout, exitCode } = await target.exec(['sh', '-c', 'head -c 3000000 /dev/zero | tr "\\0" x']);
    expect(exitCode).toBe(0);
    expect(stdout).toHaveLength(1024 * 1024 + stdout.slice(1024 * 1024).length);
    expect(stdout).toMatch(/\[cut after 1 MiB: 1951424 more bytes\]$/);
  });

  it('ends with its command, and waits two seconds at most for what that left behind to say the last word', async () => {
    const results = await Promise.all(
      [0.1, 30].map((seconds) => target.exec(['sh', '-c', `(sleep ${seconds}; echo late) & echo done`])),
    );
    expect(results.map(({ stdout }) => stdout)).toEqual(['done\nlate\n', 'done\n']);
  });

  it('runs commands side by side', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) => target.exec(['sh', '-c', `echo ${index}`])),
    );
    expect(results.map(({ stdout }) => stdout.trim())).toEqual(['0', '1', '2', '3', '4', '5']);
  });
});

describe('a time limit', () => {
  it('kills the command and all its descendants inside, and keeps what it had said', async () => {
    const script = 'echo before; sleep 1001 & (setsid sleep 1002 & wait) & sleep 1003';
    const result = await target.exec(['sh', '-c', script], { user: 'alice', timeoutMs: 8000 });
    expect(result).toMatchObject({ exitCode: null, stdout: 'before\n' });
    expect(await running('sleep 100[123]')).toBe('');
  });

  it('spares what runs beside it', async () => {
    const beside = target.exec(['sleep', '1.2']);
    await target.exec(['sleep', '1004'], { timeoutMs: 200 });
    expect((await beside).exitCode).toBe(0);
    expect(await running('sleep 1004')).toBe('');
  });

  it('holds even when it comes before the command has started', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, () => target.exec(['sleep', '1012'], { timeoutMs: 1 })),
    );
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(null));
    expect(await running('sleep 1012')).toBe('');
  });

  it('ends a command that ignores signals', async () => {
    const { exitCode } = await target.exec(['sh', '-c', "trap '' TERM INT HUP; sleep 1005; sleep 1006"], {
      timeoutMs: 200,
    });
    expect(exitCode).toBeNull();
    expect(await running('sleep 100[56]')).toBe('');
  });

  it('does not count for a command that has ended, whatever it left behind', async () => {
    const { exitCode, stdout } = await target.exec(['sh', '-c', 'sleep 1011 & echo done'], {
      timeoutMs: 8000,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'done\n' });
    expect(await running('sleep 1011')).not.toBe('');
  });
});

describe('follow', () => {
  it('gives lines while the command runs, whole across chunks, and ends with it', async () => {
    const script = 'for i in 1 2 3; do printf "line %s\\n" $i; done; printf "last"';
    const lines: string[] = [];
    await using follow = await target.follow(['sh', '-c', script]);
    for await (const line of follow.lines) lines.push(line);
    expect(lines).toEqual(['line 1', 'line 2', 'line 3', 'last']);
  });

  it('kills the command inside when it is disposed of', async () => {
    {
      await using follow = await target.follow(['sh', '-c', 'echo up; sleep 1009']);
      for await (const line of follow.lines) {
        expect(line).toBe('up');
        break;
      }
    }
    expect(await running('sleep 1009')).toBe('');
  });

  it('ends when the target does', async () => {
    const other = await bootDebian12();
    const follow = await other.follow(['sh', '-c', 'echo up; sleep 1010']);
    const lines: string[] = [];
    for await (const line of follow.lines) {
      lines.push(line);
      await other[Symbol.asyncDispose]();
    }
    expect(lines).toEqual(['up']);
    await follow[Symbol.asyncDispose]();
  });
});

describe('writeFile', () => {
  it.each(['/etc/atomclock-test', '/opt/deep/er/file', '/tmp/on/tmpfs', "/run/it's quoted"])(
    'writes %s',
    async (path) => {
      await target.writeFile(path, 'content\n', { mode: 0o640 });
      const { stdout } = await target.exec(['sh', '-c', 'cat "$1"; stat -c "%a %U" "$1"', 'sh', path]);
      expect(stdout).toBe('content\n640 root\n');
    },
  );

  it('leaves the modes of the folders above alone', async () => {
    await target.writeFile('/var/spool/cron/atjobs/x', 'x');
    const { stdout } = await target.exec(['stat', '-c', '%a %U', '/var/spool/cron/atjobs']);
    expect(stdout.trim()).toBe('1770 daemon');
  });
});
