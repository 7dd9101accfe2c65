// The hook for other repositories' commits: what pre-commit runs, on the files that it would give.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from '../cli/memory-io.ts';

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
}

const root = join(import.meta.dirname, '../../..');
const hooks = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[];
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
};

const folder = mkdtempSync(join(tmpdir(), 'atomclock-hook-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const good = write(
  'good.yml',
  `title: Cron table dropped
id: 5f3f3a39-0b4a-4f4f-9a57-2b4f4d6c1c11
status: test
description: A table of cron appears.
author: somebody
date: 2026-01-01
level: medium
logsource: { product: linux, category: file_event }
detection:
  drop: { TargetFilename|startswith: /etc/cron.d/ }
  condition: drop
tags: [attack.persistence, attack.t1053.003]
`,
);
const bad = write(
  'bad.yml',
  readFileSync(good, 'utf8').replace('startswith', 'startwith').replace('5f3f', '5f3e'),
);
const eql = write('bad.eql', 'process where process.nane == "at"\n');
const atomic = write(
  'T1053.002.yaml',
  'attack_technique: T1053.002\natomic_tests:\n  - name: no more than a name\n',
);
const compose = write('compose.yml', 'services:\n  web:\n    image: nginx\n');
const plain = write('notes.md', '# notes\n');

/** What the hook is given of a commit's files, and what it says. */
async function commit(
  ...files: readonly string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const [hook] = hooks;
  const given = files.filter((file) => new RegExp(hook?.files ?? '').test(file));
  const [program = '', ...words] = (hook?.entry ?? '').split(' ');
  expect(Object.keys(bin)).toContain(program);
  const io = memoryIo();
  const exitCode = await runProgram([...words, ...given], io, '9.9.9');
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}

it('is one hook of Node, which pre-commit installs from the repository', () => {
  expect(hooks.map(({ id, language }) => `${id} ${language}`)).toEqual(['atomclock-lint node']);
});

it('passes rules that are right, and what is no content', async () => {
  const { exitCode, stdout, stderr } = await commit(
    good,
    compose,
    plain,
    join(root, 'detections/sigma/at-submitted.yml'),
  );
  expect(stdout).toBe('');
  expect(exitCode).toBe(0);
  expect(stderr).toContain('2 files of other kinds passed over');
});

it.each([
  ['a Sigma rule', bad, 'bad.yml:10:26: error: ', 2],
  ['an atomic', atomic, 'T1053.002.yaml:3:', 2],
  ['a file that is gone', join(folder, 'gone.yml'), 'gone.yml:1:1: error: ', 2],
  // Of fields nobody can be sure: a warning stops no commit.
  ['no EQL rule whose field nobody knows', eql, 'bad.eql:1:15: warning: ', 0],
])('stops %s, with the place', async (_, file, place, code) => {
  const { exitCode, stdout } = await commit(good, file);
  expect(stdout).toContain(place);
  expect(exitCode).toBe(code);
});

it('pre-commit packs the repository, and takes all that npm prints for the name of the file', () => {
  const project = join(folder, 'packed');
  mkdirSync(project);
  copyFileSync(join(root, '.npmrc'), join(project, '.npmrc'));
  const scripts = { prepack: 'echo built' };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'any', version: '1.0.0', scripts }));
  const printed = execFileSync('npm', ['pack'], { cwd: project, encoding: 'utf8', stdio: 'pipe' });
  expect(printed.trim()).toBe('any-1.0.0.tgz');
});
