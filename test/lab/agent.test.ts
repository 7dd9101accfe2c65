// Attacks on the harness's own process in a target: what it does there is unharmed, or the true reason is told.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ExecResult, Target } from '../../harness/engine/ports.ts';
import type { CaseRecord, RunRecord } from '../../harness/model/run-record.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';
import { bootDebian12 } from './fixture.ts';

const agent = '/usr/lib/atomclock/agent';
const path = '/run/atomclock/step-1';

describe('in a target', () => {
  let target: Target;
  beforeAll(async () => {
    target = await bootDebian12();
  });
  afterAll(() => target[Symbol.asyncDispose]());

  const step = (content: string, user = 'root'): Promise<ExecResult> =>
    target.exec(['/bin/sh', path], { user, script: { path, content } });
  const output = async (script: string): Promise<string> =>
    (await target.exec(['sh', '-c', script])).stdout.trim();

  it('hands a script over as a file that its user can read, nobody can change, and that goes with it', async () => {
    const { stdout } = await step('cat "$0"; (echo x >"$0") 2>/dev/null || stat -c "%U %a" "$0"', 'alice');
    expect(stdout).toContain('cat "$0"');
    expect(stdout).toMatch(/\nroot 644$|root 644\n$/);
    expect(await output(`ls -A ${path.slice(0, path.lastIndexOf('/'))}`)).toBe('');
  });

  it('writes a script anew where an attack has put a link of that name', async () => {
    await target.exec(['sh', '-c', `echo kept >/etc/bystander; ln -s /etc/bystander ${path}`]);
    expect((await step('echo ran')).stdout).toBe('ran\n');
    expect(await output('cat /etc/bystander')).toBe('kept');
  });

  it('writes no script into a folder that is not its own any more', async () => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    await target.exec(['sh', '-c', `rmdir ${folder}; mkdir /tmp/mine; ln -s /tmp/mine ${folder}`]);
    await expect(step('echo ran')).rejects.toMatchObject({
      code: 'lab/script-folder',
      message: expect.stringContaining('the attack has put something else in the place of /run/atomclock'),
    });
    await target.exec(['rm', folder]);
    expect((await step('echo ran')).stdout).toBe('ran\n');
  });

  it('takes any number of arguments and variables, and what a kernel refuses is 126', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => String(index));
    const env = Object.fromEntries(many.map((number) => [`V${number}`, number]));
    const { stdout } = await target.exec(['sh', '-c', 'echo $# $V2999', 'sh', ...many], { env });
    expect(stdout).toBe('3000 2999\n');
    const { exitCode, stderr } = await target.exec(['true', 'x'.repeat(200_000)]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 126, stderr: 'exec true: Argument list too long\n' });
  });

  it.each([
    { what: 'no program', argv: ['no-such-program'], exitCode: 127 },
    { what: 'no program of that path', argv: ['/no/such/program'], exitCode: 127 },
    { what: 'a file that is none', argv: ['/etc/passwd'], exitCode: 126 },
    { what: 'a program outside of its own PATH', argv: ['id'], env: { PATH: '/nowhere' }, exitCode: 127 },
    { what: 'a user that nobody has', argv: ['id'], user: 'nobody-has-this', exitCode: 126 },
    { what: 'a folder that is not there', argv: ['id'], workingDirectory: '/not/there', exitCode: 126 },
  ])('says as a shell would that it cannot run $what', async ({ argv, exitCode, what: _, ...options }) => {
    const result = await target.exec(argv, options);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).not.toBe('');
  });

  it('has all the processes that the target may have, and not what the service manager gives to a unit', async () => {
    const many = 'i=0; while [ $i -lt 300 ]; do sleep 5 >/dev/null 2>&1 & i=$((i+1)); done; echo $i';
    expect(await target.exec(['sh', '-c', many], { timeoutMs: 60_000 })).toMatchObject({
      exitCode: 0,
      stdout: '300\n',
    });
  });

  it('runs no shell for what has no interpreter', async () => {
    await target.writeFile('/usr/local/bin/bare', 'echo ran\n', { mode: 0o755 });
    expect(await target.exec(['bare'])).toMatchObject({ exitCode: 126, stdout: '' });
  });

  it('is not slowed by a follower that nobody reads', async () => {
    await using _loud = await target.follow([
      'sh',
      '-c',
      'yes "a long line of text that goes on and on" | head -c 40000000; sleep 60',
    ]);
    expect(await output('echo heard')).toBe('heard');
  });

  it('survives what is sent to every process, and goes on where it was stopped', async () => {
    const { exitCode, stdout } = await step('kill -TERM $PPID; kill -HUP $PPID; kill -STOP $PPID; echo done');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'done\n' });
  });

  it('is told to be killed where the step that killed it was on its way, and what that ran is ended', async () => {
    const follow = await target.follow(['sleep', '2001']);
    await expect(step('sleep 2002 & kill -9 $PPID; exec sleep 2003')).rejects.toMatchObject({
      code: 'lab/agent-lost',
      message: "the attack killed the harness's process in the target (SIGKILL)",
    });
    for await (const line of follow.lines) expect(line).toBe('');
    // The first command brings a fresh one, which ends what the other one ran.
    await target.exec(['true']);
    await expect.poll(() => output('pgrep -f -x "sleep 200[123]"')).toBe('');
    await follow[Symbol.asyncDispose]();
    expect((await step('echo ran')).stdout).toBe('ran\n');
  });

  it('takes a look again on a fresh one where it was killed meanwhile', async () => {
    const look = 'test -e /tmp/seen && echo twice && exit; : >/tmp/seen; kill -9 $PPID; sleep 30';
    expect(await output(look)).toBe('twice');
  });

  it('says that the target is full where it cannot start another process', async () => {
    const fill = await target.follow(['bash', '-c', 'for i in {1..600}; do sleep 2004 & done 2>&1; wait']);
    for await (const line of fill.lines) if (line.includes('fork: retry')) break;
    await expect(target.exec(['true'])).rejects.toMatchObject({
      code: 'lab/target-full',
      message: expect.stringContaining('as many processes as it may have'),
    });
    await fill[Symbol.asyncDispose]();
    expect(await output('echo room')).toBe('room');
  });

  it('says that nobody listens at a socket', async () => {
    const nobody = await target.talk('/run/nobody', 'hello', 60_000);
    await expect(nobody.listen()).rejects.toMatchObject({ code: 'lab/socket' });
    await expect(target.sendDatagram('/run/nobody', 'hello')).rejects.toMatchObject({ code: 'lab/socket' });
  });

  it('says what stands in its place where another one has to be started', async () => {
    await target.exec(['sh', '-c', `cp /bin/echo /tmp/e; mv /tmp/e ${agent}`]);
    await expect(step('kill -9 $PPID; exec sleep 30')).rejects.toMatchObject({ code: 'lab/agent-lost' });
    await expect(target.exec(['true'])).rejects.toMatchObject({
      code: 'lab/agent-unusable',
      message: expect.stringMatching(
        /^the attack killed the harness's process .*, and no other one can be started there: exit code 0/,
      ),
    });
  });
});

/** The command, what must be observed, and what must be said where it could not be told. */
const attacks: Record<string, { command: string; observation: CaseRecord['observation']; reasons?: RegExp }> =
  {
    'kills all that there is': {
      command: 'kill -9 -1; sleep 2',
      observation: 'errored',
      reasons: /the attack killed the harness's process in the target \(SIGKILL\)/,
    },
    // Once the step that queues it has ended: one that is killed with it is told as killed.
    'kills the agent by a job': {
      command: `echo 'while ls ${path.slice(0, -1)}* >/dev/null; do sleep 0.05; done; sleep 0.2; pkill -9 -x agent' | at now`,
      observation: 'executed',
    },
    // A shell that cannot fork ends, and leaves room for one process: no more than the harness needs.
    'fills the processes': {
      command: 'i=0; while [ $i -lt 700 ]; do sleep 900 >/dev/null 2>&1 & i=$((i+1)); done',
      observation: 'refused',
    },
    'keeps the processes full': {
      command: `perl -e 'exit if fork; close STDOUT; close STDERR;
        for (;;) { my $p = fork; if (!defined $p) { select undef, undef, undef, 0.01 } elsif (!$p) { sleep 900; exit } }'
        sleep 3`,
      observation: 'errored',
      reasons: /as many processes as it may have/,
    },
    'fills the memory': {
      command: 'head -c 600M /dev/zero >/tmp/full; head -c 600M /dev/zero >/run/full; true',
      observation: 'errored',
      reasons: /ran out of memory|no room left|has ended/,
    },
    'replaces the shell': {
      command: 'cp /bin/true /tmp/t; mv /tmp/t /bin/dash',
      // Nothing of the harness needs one: it schedules nothing, and that is what is told.
      observation: 'performed',
    },
    'ends the machine': {
      command: 'systemctl --force poweroff; sleep 60',
      observation: 'errored',
      reasons: /has ended/,
    },
  };

describe('in a case', () => {
  let record: RunRecord;
  beforeAll(async () => {
    await using folder = await temporaryFolder({ 'T1053.002.yaml': atomicFile() });
    const words = [
      'run',
      '--atomics',
      join(folder.path, 'T1053.002.yaml'),
      '--out',
      join(folder.path, 'run'),
    ];
    ({ record } = await recordOf(words));
  });

  it.each(Object.entries(attacks))('%s', (name, { observation, reasons }) => {
    const found = caseOf(record, name);
    expect(found.observation, account(found)).toBe(observation);
    if (reasons) expect(found.reasons.join('\n'), account(found)).toMatch(reasons);
  });
});

function atomicFile(): string {
  const tests = Object.entries(attacks).map(([name, { command }]) => ({
    name,
    description: name,
    supported_platforms: ['linux'],
    executor: { name: 'sh', elevation_required: true, command },
  }));
  return stringify({ attack_technique: 'T1053.002', display_name: 'Hostile', atomic_tests: tests });
}
