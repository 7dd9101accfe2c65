// Explain and list, where the rule that is asked for cannot be used or sees nothing.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const broken = join(folder, 'broken.yml');
writeFileSync(
  broken,
  'title: Broken\nlogsource: {category: file_event}\ndetection:\n  selection:\n    a|startwith: b\n  condition: selection\n',
);
const empty = join(folder, 'empty.ndjson');
writeFileSync(empty, '');

async function run(...words: string[]) {
  const { stdout, stderr, ...io } = memoryIo();
  const exitCode = await runProgram(words, { ...io, stdout, stderr }, '9.9.9');
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

it.each([
  ['explain', 2],
  ['list', 4],
])('%s says why a rule cannot be used, not that there is none', async (command, code) => {
  const { exitCode, stdout, stderr } = await run(command, 'broken', '--rules', broken);
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain('broken.yml:5:7: error: unknown modifier `startwith`');
});

it('says what an atomic does otherwise on a family of targets', async () => {
  const { exitCode, stdout } = await run('explain', 'crontab-stdin');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Otherwise on cronie\n +- \S*#tmp\.\*: creation by crontab\n\n/);
});

it('says so when there are no events to hold the rule against', async () => {
  expect(await run('explain', 'at-job-spooled', '--event', empty)).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: `${empty} has no events\n`,
  });
});

it("holds a rule against events in Sigma's own field names", async () => {
  const rule = join(folder, 'whoami.yml');
  writeFileSync(
    rule,
    "title: Whoami\nlogsource: {product: windows, category: process_creation}\ndetection:\n  selection: {Image|endswith: '\\\\whoami.exe'}\n  condition: selection\n",
  );
  const events = join(folder, 'windows.ndjson');
  writeFileSync(events, `${JSON.stringify({ Image: 'C:\\Windows\\System32\\whoami.exe' })}\n`);
  const { stdout } = await run('explain', 'whoami', '--rules', rule, '--event', events, '--fields', 'sigma');
  expect(stdout).toContain('whoami matches line 1');
});

it('shows the way from a technique to what it means', async () => {
  const { exitCode, stderr } = await run('explain', 'T1053.003');
  expect(exitCode).toBe(4);
  expect(stderr).toContain("See what it means: atomclock list 'T1053.003'");
});

it('names the analytic of ATT&CK that a rule is, with what that leaves to the site', async () => {
  const { stdout } = await run('explain', 'timer-written-then-launched');
  expect(stdout).toMatch(
    /ATT&CK \d+\.\d+\n +- DET0231\/AN0645 \(Linux\): .*\n[^-]*this rule is the analytic as written\n/,
  );
  expect(stdout).toContain('UserContext may be set: process.user.id == "0"');
});

it('says of a rule that is replayed which events it is held against, and why a branch is proven by no run', async () => {
  const windows = await run('explain', 'at-exe-run');
  expect(windows.stdout).toMatch(/Replayed, not executed: held against\n +- \S*hits\.ndjson \(events: \d+\)/);
  const replaced = await run('explain', 'package-manager-replaced');
  expect(replaced.stdout).toMatch(/Proven by no run\n +- process\.executable is "\/usr\/bin\/dpkg": \S/);
  const { stdout } = await run('list', 'at-exe-run', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    rules: [],
    replayedRules: [{ slug: 'at-exe-run', analytics: ['AN0943'] }],
  });
});

it('says what a variant changes, and of an axis what it varies', async () => {
  const variant = await run('explain', 'Cron-D-Drop~writer=tee');
  expect(variant.exitCode).toBe(0);
  expect(variant.stdout).toMatch(/^cron-d-drop~writer=tee {2}/);
  expect(variant.stdout).toContain('- put: | tee (default: >)');
  expect(variant.stdout).toContain('| tee /etc/cron.d/atomclock-job');
  const axis = await run('explain', 'writer');
  expect(axis.stdout).toMatch(/axis of variants · \d+ variants of \d+ atomics/);
  expect(axis.stdout).toContain('- tee: ');
});

it('suggests a variant that there is', async () => {
  const { exitCode, stderr } = await run('explain', 'cron-d-drop~writer=tea');
  expect(exitCode).toBe(4);
  expect(stderr).toContain('Did you mean cron-d-drop~writer=tee?');
});

it('says what a mitigation of the user’s own does, and where its file is wrong', async () => {
  const own = join(folder, 'ours.yaml');
  const text = `id: ours
name: Nobody may
description: d
attack: M1018
apply: {command: chmod 0 /usr/bin/at}
stops: [{atomic: at-stdin, stage: submission, reason: Permission denied}]
legitimate: [{name: root queues a job, command: 'echo #{command} | at now'}]
`;
  writeFileSync(own, text);
  const { exitCode, stdout } = await run('explain', own);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('at-stdin: at submission, shown by “Permission denied”');
  writeFileSync(own, text.replace('submission', 'never'));
  const refused = await run('explain', own);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('ours.yaml:6:35: error');
});
