// list, explain and lint as commands: streams, exit codes, and text that can be read.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from '../cli/memory-io.ts';
import { folderOf } from './folder-of.ts';

async function run(...words: string[]) {
  const io = memoryIo();
  const exitCode = await runProgram(words, io, '9.9.9');
  return { exitCode, out: io.stdout.text, err: io.stderr.text };
}

describe('list', () => {
  it('shows atomics, rules, mitigations and targets in 80 columns', async () => {
    const { exitCode, out, err } = await run('list');
    expect([exitCode, err]).toEqual([0, '']);
    for (const heading of ['Atomics', 'Rules', 'Mitigations', 'Targets'])
      expect(out).toMatch(new RegExp(`^${heading}$`, 'm'));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('takes selectors for every kind', async () => {
    const names = async (...selectors: string[]) =>
      (await run('list', ...selectors)).out
        .split('\n')
        .filter((line) => /^ {2}[a-z]/.test(line))
        .map((line) => line.trim().split(' ')[0]);
    expect(await names('at-stdin', 'timer-enabled', 'at-allow', 'debian12')).toEqual([
      'at-stdin',
      'timer-enabled',
      'at-allow',
      'debian12',
    ]);
    const ofAt = await names('T1053.002');
    expect(ofAt).toEqual(expect.arrayContaining(['at-stdin', 'at-look', 'at-job-spooled', 'at-client-run']));
    expect(ofAt.filter((name) => /^(?:cron|timer|anacron|systemd-run)-/.test(name ?? ''))).toEqual([]);
    expect(await names('M1022')).toContain('crontab-no-setgid');
    expect(await names('M1022')).not.toContain('at-allow');
  });

  it('exits 4 when a selector means nothing', async () => {
    const { exitCode, out, err } = await run('list', 'at-stdin', 'timer-enbled');
    expect([exitCode, out]).toEqual([4, '']);
    expect(err).toContain('Did you mean timer-enabled?');
  });

  it('gives JSON', async () => {
    const { out } = await run('list', 'cron-d-drop', 'debian12', '--json');
    expect(JSON.parse(out)).toMatchObject({
      atomics: [
        { slug: 'cron-d-drop', kind: 'attack', unsupported: null, expectation: { observation: 'executed' } },
      ],
      rules: [],
      mitigations: [],
      targets: [{ name: 'debian12' }],
    });
  });

  it('shows foreign content beside what is bundled, and exits 2 for what it cannot use', async () => {
    const folder = folderOf({
      'a.yaml':
        "attack_technique: T1053.003\ndisplay_name: Cron\natomic_tests:\n- name: '\u001b[31mred'\n  description: d\n  supported_platforms: [linux]\n  executor: {name: sh, command: id}\n",
      'bad.yaml': 'atomic_tests: 1\n',
    });
    const { exitCode, out, err } = await run('list', '--atomics', folder);
    expect(exitCode).toBe(2);
    expect(out).toContain('31mred');
    expect(out).not.toContain('\u001b');
    expect(err).toContain(`${join(folder, 'bad.yaml')}:1:15: error:`);
  });
});

describe('explain', () => {
  it('tells what an atomic does, what proves it, what sees it and what stops it', async () => {
    const { exitCode, out } = await run('explain', 'crontab-file');
    expect(exitCode).toBe(0);
    for (const text of [
      'Runs as alice, with sh',
      "echo '* * * * * /usr/bin/touch /tmp/atomclock-marker' > /var/tmp/atomclock-crontab",
      '/var/spool/cron/crontabs/alice: rename by crontab',
      'crontab-invoked: Crontab Installed or Edited With the Client',
      'cron-allow: at submission',
    ]) {
      expect(out).toContain(text);
    }
  });

  it('tells what a rule looks for, with places, and what proves it', async () => {
    const { out } = await run('explain', 'system-timer-created');
    expect(out).toMatch(/Must fire on\n {2}- art-timer\n {2}- timer-system/);
    expect(out).toMatch(/Known to miss\n.*timer-user: /);
    expect(out).toMatch(/file\.path ends with "\.timer".*\n?.*system-timer-created\.yml:\d+:\d+/);
  });

  it('tells what a mitigation does and what gets by it', async () => {
    const { out } = await run('explain', 'crontab-no-setgid');
    expect(out).toContain('dpkg-statoverride');
    expect(out).toMatch(/Gets by\n/);
  });

  it('finds things by GUID and id, in any case', async () => {
    const byGuid = await run('explain', '54AB3323-A55C-4F46-B831-B7E58EEBAFD7');
    expect(byGuid.out).toMatch(/^at-stdin {2}/);
    const byId = await run('explain', '8228b97c-6571-43f7-9840-33e28aa9b4c9');
    expect(byId.out).toMatch(/^at-job-spooled {2}/);
  });

  it('exits 4 for a name that nothing has', async () => {
    const { exitCode, err } = await run('explain', 'crontab-fiel');
    expect(exitCode).toBe(4);
    expect(err).toContain('Did you mean crontab-file?');
  });

  it('holds a rule against events and says what failed', async () => {
    const event = (path: string) =>
      JSON.stringify({
        host: { os: { type: 'linux' } },
        event: { category: ['file'], action: 'creation' },
        file: { path, name: 'x' },
        process: { executable: '/usr/bin/dash', name: 'dash' },
      });
    const folder = folderOf({ 'events.ndjson': `${event('/etc/passwd')}\n\n${event('/etc/cron.d/x')}\n` });
    const { exitCode, out } = await run(
      'explain',
      'cron-table-changed',
      '--event',
      join(folder, 'events.ndjson'),
    );
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^cron-table-changed matches line 3$/m);
    expect(out).toMatch(/^cron-table-changed does not match line 1$/m);
    const atomic = await run('explain', 'at-stdin', '--event', join(folder, 'events.ndjson'));
    expect(atomic.exitCode).toBe(2);
  });
});

describe('lint', () => {
  it('has nothing to say about what is bundled', async () => {
    const { exitCode, out, err } = await run('lint');
    expect([exitCode, out]).toEqual([0, '']);
    expect(err).toMatch(/^\d+ atomics, \d+ rules and \d+ mitigations checked: 0 errors, 0 warnings\n$/);
  });

  it('gives one problem a line, with the line and a caret, and exits 2', async () => {
    const folder = folderOf({
      'a.yaml': 'attack_technique: T1053\ndisplay_name: Cron\natomic_tests:\n- name: [x]\n',
    });
    const { exitCode, out, err } = await run('lint', '--atomics', folder);
    expect(exitCode).toBe(2);
    expect(out).toContain(
      `${join(folder, 'a.yaml')}:4:9: error: \`atomic_tests[0].name\`: expected text, got a list [schema/invalid-type]\n  - name: [x]\n          ^\n`,
    );
    expect(err).toContain('3 errors, 0 warnings');
  });

  it('gives JSON, and exits 0 for warnings', async () => {
    const folder = folderOf({ 'r.eql': 'process where true' });
    const { exitCode, out } = await run('lint', '--rules', folder, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ code: 'rule/no-technique', severity: 'warning' }]);
  });
});
