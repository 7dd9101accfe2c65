// What a launched job was to run, and whether it did: cron's jobs with files of the attack, as the sensor records them.

import { beforeEach, describe, expect, it } from 'vitest';
import { Attribution } from '../../../harness/engine/proof/attribution.ts';
import { payloadRun } from '../../../harness/engine/proof/job-payload.ts';
import { simpleCommands } from '../../../harness/engine/proof/shell-command.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import { event, exec, exit, file, fork, outside, process, resetClock, running } from './events.ts';

beforeEach(resetClock);

const attackArgs = ['/bin/sh', '-c', 'do it'];
const pid1 = process({ pid: 1, executable: '/usr/lib/systemd/systemd', parent: outside });
const cron = process({ pid: 38, executable: '/usr/sbin/cron', parent: pid1 });
const attack = process({ pid: 200, executable: '/usr/bin/dash', args: attackArgs, parent: outside });
const child = process({ pid: 454, executable: '/usr/sbin/cron', parent: cron });

/** A file that the attack wrote, with its mode. */
const wrote = (path: string, mode = '0644') => file('creation', path, attack, { type: 'file', mode });
const removed = (path: string) => file('deletion', path, attack);

interface Story {
  before?: () => EcsEvent[];
  /** What the job did after its shell was executed; the shell's exit code. */
  acts?: (sh: ProcessFields) => EcsEvent[];
  code?: number;
}

let pid = 1000;
const program = (executable: string, args: string[]) => (parent: ProcessFields) => {
  pid += 1;
  return exec(process({ pid, executable, args, parent }));
};
const attempt = (path: string, code: string) => (parent: ProcessFields) => {
  const made = event('process', 'info', 'exec-attempt', {
    process: { ...parent, Ext: { attempt: { executable: path } } },
    error: { code },
  });
  return { ...made, event: { ...made.event, outcome: 'failure' as const } };
};

function judged(command: string, { before = () => [], acts = () => [], code = 0 }: Story) {
  const args = ['/bin/sh', '-c', command];
  const sh = process({ pid: 455, executable: '/usr/bin/dash', args, parent: child });
  const attribution = new Attribution([{ role: 'attack', nonce: null }]);
  attribution.expectStep('attack', attackArgs);
  const forked = process({ pid: 455, executable: '/usr/sbin/cron', parent: child });
  const session = () => [fork(child), fork(forked), file('creation', '/run/lastlog', forked), exec(sh)];
  const events = () => [running(pid1), running(cron), exec(attack), ...before(), ...session()];
  for (const one of [...events(), ...acts(sh), exit(sh, code)]) attribution.push(one);
  const schedule = {
    kind: 'system-crontab',
    id: 'x',
    user: 'root',
    when: '* * * * *',
    command,
    file: null,
  } as const;
  attribution.addSchedules('attack', { added: [schedule], kept: [], gone: [] });
  const launch = attribution.launches[0];
  if (!launch) expect.fail('nothing was launched');
  return payloadRun(attribution, launch, [schedule]);
}

const runParts = program('/usr/bin/run-parts', ['run-parts', '/opt/d']);
const touch = program('/usr/bin/touch', ['touch', '/srv/x']);
const ofSh = program('/usr/bin/dash', ['sh', '/opt/x.sh']);

describe('a job', () => {
  it.each<[string, string, Story]>([
    ['of inline code', 'touch /srv/x', {}],
    ['of a program that was never there', '/opt/never.sh', { code: 127 }],
    [
      'that hands its file to a shell',
      'sh /opt/x.sh',
      { before: () => [wrote('/opt/x.sh')], acts: (sh) => [ofSh(sh)] },
    ],
    [
      'whose file is a link elsewhere',
      '/opt/l',
      {
        before: () => [
          wrote('/srv/real', '0755'),
          file('creation', '/opt/l', attack, { type: 'symlink', target_path: '/srv/real' }),
        ],
        acts: (sh) => [program('/srv/real', ['/opt/l'])(sh)],
      },
    ],
    [
      'behind launchers',
      'nice -n 5 timeout 9 sh /opt/x.sh',
      {
        before: () => [wrote('/opt/x.sh')],
        acts: (sh) => [ofSh(sh)],
      },
    ],
    [
      'in its folder',
      'cd /opt && sh x.sh',
      {
        before: () => [wrote('/opt/x.sh')],
        acts: (sh) => [program('/usr/bin/dash', ['sh', '/opt/x.sh'])(sh)],
      },
    ],
    ['that sources its file', '. /opt/x.sh', { before: () => [wrote('/opt/x.sh')] }],
    ['that reads its file', 'sh < /opt/x.sh', { before: () => [wrote('/opt/x.sh')] }],
    [
      'whose shell reads what the kernel would not execute',
      '/opt/x.sh',
      {
        before: () => [wrote('/opt/x.sh', '0755')],
        acts: (sh) => [attempt('/opt/x.sh', 'ENOEXEC')(sh)],
      },
    ],
    ['whose condition held', '[ -e /etc ] && touch /srv/x', { acts: (sh) => [touch(sh)] }],
    [
      'whose condition led to what its shell does itself',
      '[ -e /etc ] && echo x > /srv/x',
      {
        acts: (sh) => [file('creation', '/srv/x', sh)],
      },
    ],
    ['that takes a file for data', 'cat /opt/x.sh | wc -l', { before: () => [wrote('/opt/x.sh')] }],
    [
      'of run-parts with one script that it takes',
      'run-parts /opt/d',
      {
        before: () => [wrote('/opt/d/a', '0755'), wrote('/opt/d/b')],
        acts: (sh) => [runParts(sh), program('/usr/bin/dash', ['/bin/sh', '/opt/d/a'])(sh)],
      },
    ],
    ['that is not followed', 'case x in x) touch /srv/x;; esac', {}],
  ])('%s ran', (_, command, story) => {
    expect(judged(command, story)).toMatchObject({ ran: true, command });
  });

  it.each<[string, string, Story, RegExp]>([
    [
      'a mode that run-parts skips',
      'run-parts /opt/d',
      {
        before: () => [wrote('/opt/d/a')],
        acts: (sh) => [runParts(sh)],
      },
      /\/opt\/d\/a never ran: not executable, run-parts skips it \(mode 0644\)/,
    ],
    [
      'a name that run-parts skips',
      'cd / && run-parts --report /opt/d',
      {
        before: () => [wrote('/opt/d/a.sh', '0755')],
        acts: (sh) => [runParts(sh)],
      },
      /its name a\.sh is none that run-parts takes/,
    ],
    [
      'an empty folder',
      'run-parts /opt/d',
      { acts: (sh) => [runParts(sh)] },
      /run-parts found nothing to run/,
    ],
    [
      'a file that is gone',
      'sh /opt/x.sh',
      {
        before: () => [wrote('/opt/x.sh'), removed('/opt/x.sh')],
        acts: (sh) => [ofSh(sh)],
        code: 127,
      },
      /\/opt\/x\.sh never ran: it was not there any more/,
    ],
    [
      'a sourced file that is gone',
      '. /opt/x.sh',
      {
        before: () => [wrote('/opt/x.sh'), removed('/opt/x.sh')],
        code: 2,
      },
      /not there any more/,
    ],
    [
      'a mode',
      '/opt/x.sh',
      {
        before: () => [wrote('/opt/x.sh')],
        acts: (sh) => [attempt('/opt/x.sh', 'EACCES')(sh)],
        code: 126,
      },
      /it may not be executed \(mode 0644\)/,
    ],
    [
      'an interpreter that is missing',
      '/opt/x.sh',
      {
        before: () => [wrote('/opt/x.sh', '0755')],
        acts: (sh) => [attempt('/opt/x.sh', 'ENOENT')(sh)],
        code: 127,
      },
      /its interpreter does not exist/,
    ],
    [
      'a test of the file',
      'test -x /opt/x.sh && /opt/x.sh',
      { before: () => [wrote('/opt/x.sh')], code: 1 },
      /\/opt\/x\.sh never ran/,
    ],
    [
      'a test of another file',
      '[ -f /opt/none ] && touch /srv/x',
      { code: 1 },
      /touch \/srv\/x never ran after \[ -f \/opt\/none \]/,
    ],
    [
      'a condition that ends well',
      'if [ -f /opt/none ]; then touch /srv/x; fi',
      {},
      /touch \/srv\/x never ran/,
    ],
    [
      'a lock that is held',
      'flock -n /tmp/l touch /srv/x',
      {
        acts: (sh) => [program('/usr/bin/flock', ['flock', '-n', '/tmp/l', 'touch', '/srv/x'])(sh)],
        code: 1,
      },
      /flock did not get its lock/,
    ],
    [
      'a question to a program',
      'pgrep nobody && touch /srv/x',
      {
        acts: (sh) => [program('/usr/bin/pgrep', ['pgrep', 'nobody'])(sh)],
        code: 1,
      },
      /touch \/srv\/x never ran after pgrep nobody/,
    ],
  ])('is kept from its payload by %s', (_, command, story, why) => {
    const run = judged(command, story);
    expect(run.ran).toBe(false);
    expect(run.missed.join('\n')).toMatch(why);
  });

  it('says of several scripts which never ran', () => {
    const { missed } = judged('run-parts /opt/d', {
      before: () => [wrote('/opt/d/a', '0755'), wrote('/opt/d/b')],
      acts: (sh) => [runParts(sh), program('/usr/bin/dash', ['/bin/sh', '/opt/d/a'])(sh)],
    });
    expect(missed).toEqual(['/opt/d/b never ran: not executable, run-parts skips it (mode 0644)']);
  });
});

describe('the commands of a shell text', () => {
  const read = (text: string) =>
    simpleCommands(text)?.map(({ words, isConditional }) => `${isConditional ? '?' : ''}${words.join(' ')}`);
  it.each<[string, string[] | undefined]>([
    ['a; b "c d" # e', ['a', 'b c d']],
    ['a && b || c; d', ['a', '?b', '?c', 'd']],
    ['if a; then b; else c; fi; d', ['a', '?b', '?c', 'd']],
    ['a && { b; c; }; d', ['a', '?b', '?c', 'd']],
    ['(a; b) >/dev/null 2>&1 & c', ['a', 'b', 'c']],
    ['for f in x y; do a $f; done', ['for f in x y', '?a $f']],
    ['a $(b; c) `d` "$(e f)"', ['a $(b; c) `d` $(e f)']],
    ["a 'b", undefined],
    ['f() { a; }', undefined],
    ['cat << E', undefined],
  ])('%s', (text, commands) => {
    expect(read(text)).toEqual(commands);
  });
});
