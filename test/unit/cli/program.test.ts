// Command lines → streams and exit codes, without a process.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../harness/cli/commands.ts';
import { runProgram } from '../../../harness/cli/program.ts';
import { writeRun } from '../../../harness/main/run-file.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { bareRecord, sampleRecord } from '../report/fixture.ts';
import { type MemoryIo, memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-cli-'));
const passing = join(folder, 'passing');
const failing = join(folder, 'failing');

beforeAll(async () => {
  await writeRun(passing, bareRecord());
  await writeRun(failing, sampleRecord());
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (line: string, io = memoryIo()): Promise<MemoryIo & { exitCode: number }> => ({
  ...io,
  exitCode: await runProgram(line.split(' ').filter(Boolean), io, '9.9.9'),
});

describe('help and version', () => {
  it('prints help on standard output when asked', async () => {
    for (const line of ['--help', '-h', 'help']) {
      const { stdout, stderr, exitCode } = await run(line);
      expect({ exitCode, stderr: stderr.text }).toEqual({ exitCode: 0, stderr: '' });
      for (const { name } of commands) expect(stdout.text).toContain(`atomclock ${name}`);
      for (const text of stdout.text.split('\n')) expect(text.length).toBeLessThanOrEqual(80);
    }
  });

  it('prints help as an error when there is no command', async () => {
    const { stdout, stderr, exitCode } = await run('');
    expect({ exitCode, stdout: stdout.text }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.text).toContain('Usage:');
  });

  it.each(commands.map(({ name }) => name))('%s --help lists its options within the width', async (name) => {
    const { stdout, exitCode } = await run(`${name} --help`);
    expect(exitCode).toBe(0);
    for (const { name: option } of commands.find((each) => each.name === name)?.options ?? []) {
      expect(stdout.text).toContain(`--${option}`);
    }
    for (const line of stdout.text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect((await run(`help ${name}`)).stdout.text).toBe(stdout.text);
  });

  it('prints the version', async () => {
    expect((await run('--version')).stdout.text).toBe('9.9.9\n');
  });
});

describe('bad usage', () => {
  it.each([
    ['lits', 'Did you mean list?'],
    ['frobnicate', 'expected a command'],
    ['run --rule x', 'Did you mean --rules?'],
    ['run --json=yes', '--json takes no value'],
    ['run --clock slow', '--clock expects one of fast, real, got'],
    ['run --clock', '--clock expects one of fast, real, got nothing'],
    ['run --out --json', "--out expects DIR, got the option '--json'"],
    ['run --out a --out b', '--out was given more than once'],
    ['run --sensor ebpf,jurnal', 'Did you mean journal?'],
    ['run --target a,,b', 'got an empty item'],
    ['run --shard 3/2', '--shard expects i/n'],
    ['run --shard 0/2', '--shard expects i/n'],
    ['run --jobs 0', '--jobs expects a whole number'],
    ['run --mitigation all,at-allow', '--mitigation expects names, or all, or none'],
    ['run --mitigation at-allow+all', "each name once and none of them all or none, got 'at-allow+all'"],
    ['run --mitigation at-allow+at-allow', "got 'at-allow+at-allow'"],
    ['run --mitigation cron-allow,at-allow+', "got 'at-allow+'"],
    ['run --mitigation at-allow+at-alow', 'there is no mitigation at-alow'],
    ['run --report pdf', 'with one of the formats console, json, junit'],
    ['run --report json=', 'expects a file name'],
    ['run --json --report console', 'needs standard output for itself'],
    ['run at-stdin --step', '--step waits for Enter, and standard input or standard error is no terminal'],
    ['run at-stdin --watch --jobs 2', '--watch shows one case at a time, and --jobs 2 runs several'],
    ['run at-stdin --watch --quiet', '--watch and --quiet exclude each other'],
    ['run --repeat 0', '--repeat expects a whole number'],
    ['run --repeat 3 --resume r', '--repeat and --resume exclude each other'],
    ['run --repeat 3 --watch', '--repeat and --watch exclude each other'],
    ['shell', 'atomclock shell needs a terminal'],
    ['shell --target debian12,debian11', 'a terminal stands in one target'],
    ['shell --mitigation all', '--mitigation expects names here'],
    ['shell at-stdin', "expects options only, got 'at-stdin'"],
    ['replay', 'expects DIR|FILE, got nothing'],
    ['diff one', "expects OLD NEW, got 'one'"],
    ['doctor extra', "expects options only, got 'extra'"],
    ['report', 'either a DIR or --schema'],
    ['report x --schema', 'either a DIR or --schema'],
    ['completion tcsh', 'Expected a shell (bash, zsh, fish)'],
  ])('%s', async (line, complaint) => {
    const { stdout, stderr, exitCode } = await run(line);
    expect({ exitCode, stdout: stdout.text }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.text).toContain(complaint);
  });

  it('takes what follows -- as it is', async () => {
    const { stderr, exitCode } = await run('report -- --schema');
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('got --schema');
  });
});

describe('replay', () => {
  it('judges by the other rules when one file cannot be read, and says so', async () => {
    const rules = join(folder, 'rules');
    mkdirSync(rules);
    const rule =
      'title: Id\nlogsource: {category: process_creation}\ndetection: {s: {Image|endswith: /id}, condition: s}\n';
    writeFileSync(join(rules, 'good.yml'), rule);
    writeFileSync(join(rules, 'utf16.yml'), Buffer.from(rule, 'utf16le'));
    const events = join(folder, 'events.ndjson');
    writeFileSync(events, '{"Image": "/usr/bin/id"}\n');
    const { stdout, stderr, exitCode } = await run(`replay ${events} --fields sigma --rules ${rules} --json`);
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('utf16.yml:1:1: error:');
    expect(JSON.parse(stdout.text).rules).toMatchObject([{ id: 'good', matches: [{ eventIds: [1] }] }]);
  });

  it('does not pass for want of rules', async () => {
    const none = join(folder, 'no-rules');
    mkdirSync(none);
    const { stdout, stderr, exitCode } = await run(`replay ${folder}/events.ndjson --rules ${none}`);
    expect({ exitCode, stdout: stdout.text }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.text).toContain('no rule was found here');
  });

  it('shows what a log says, and does not obey it', async () => {
    const log = join(folder, 'hostile.ndjson');
    writeFileSync(log, '{"Image": "/usr/bin/id"}\n\u001b[2J\n');
    const { stderr, exitCode } = await run(`replay ${log}`);
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('hostile.ndjson:2:1: it is not JSON');
    expect(stderr.text).not.toContain('\u001b');
  });

  it('shows the name of a file, and does not obey it', async () => {
    const rules = join(folder, 'rules');
    writeFileSync(join(rules, 'clear\u001b[2J.yml'), Buffer.from('title: Id\n', 'utf16le'));
    const { stderr } = await run(`replay ${folder}/events.ndjson --rules ${rules}`);
    expect(stderr.text).toContain('clear\\x1b[2J.yml');
    expect(stderr.text).not.toContain('\u001b');
  });
});

describe('report', () => {
  it('renders a saved run, and exits 0 even when it failed', async () => {
    const { stdout, stderr, exitCode } = await run(`report ${failing}`);
    expect({ exitCode, stderr: stderr.text }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.text).toContain('5 passed, 3 failed, 1 errored');
  });

  it('gives back with --json what was saved', async () => {
    const { stdout } = await run(`report --json ${failing}/run.json`);
    expect(JSON.parse(stdout.text)).toEqual(sampleRecord());
  });

  it.each([
    ['', /^5 passed, 3 failed, .* in 22\.5 s; reports: .*junit\.xml\n$/],
    [' --quiet', /^$/],
  ])('writes files, and beside them no more than the verdict: report%s', async (quiet, said) => {
    const file = join(folder, 'deep', 'junit.xml');
    const { stdout, stderr, exitCode } = await run(`report ${failing} --report junit=${file}${quiet}`);
    expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml/);
    expect({ stdout: stdout.text, exitCode }).toEqual({ stdout: '', exitCode: 0 });
    expect(stderr.text).toMatch(said);
  });

  it('appends to the page of a GitHub job', async () => {
    const page = join(folder, 'summary.md');
    writeFileSync(page, 'before\n');
    const { stdout } = await run(
      `report ${failing} --report console --report github`,
      memoryIo({ env: { GITHUB_STEP_SUMMARY: page } }),
    );
    expect(readFileSync(page, 'utf8')).toMatch(/^before\n# Atomclock run/);
    expect(stdout.text).toMatch(/5 passed, 3 failed[\s\S]*\n::error title=/);
  });

  it.each([
    ['{"schemaVersion": 3}', 'has schemaVersion 3, and this atomclock reads up to 2'],
    ['{"schemaVersion": 2', 'it is not JSON'],
    ['{"schemaVersion": 2}', '`run`: '],
    ['{"schemaVersion": 1}', '`run`: '],
    ['[]', 'is not a run that can be read'],
  ])('refuses %s', async (text, complaint) => {
    const file = join(folder, 'odd.json');
    writeFileSync(file, text);
    const { stderr, exitCode } = await run(`report ${file}`);
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain(complaint);
  });

  it('says what it expected where there is no run', async () => {
    const { stderr, exitCode } = await run(`report ${folder}/nowhere`);
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('Expected the folder of a run with its run.json');
  });
});

describe('diff', () => {
  it('exits 0 for the same run, 1 when something got worse', async () => {
    expect(await run(`diff ${failing} ${failing}`)).toMatchObject({ exitCode: 0 });
    const worse: RunRecord = sampleRecord();
    for (const rule of worse.rules) rule.firedIn = [];
    await writeRun(join(folder, 'worse'), worse);
    const { stdout, exitCode } = await run(`diff ${failing} ${folder}/worse`);
    expect(exitCode).toBe(1);
    expect(stdout.text).toContain('rule at-job-queued: stopped firing in at-stdin@debian12');
    expect(JSON.parse((await run(`diff --json ${failing} ${folder}/worse`)).stdout.text).worse).toHaveLength(
      2,
    );
    const page = join(folder, 'diff.html');
    const reported = await run(`diff ${failing} ${folder}/worse --report markdown --report html=${page}`);
    expect(reported.exitCode).toBe(1);
    expect(reported.stdout.text).toContain('## Worse\n\n- **rule** `at-job-queued`: stopped firing in');
    expect(readFileSync(page, 'utf8')).toContain('<h2 id="worse">Worse</h2>');
    const toFile = await run(`diff ${failing} ${folder}/worse --report github=${folder}/diff.txt`);
    expect({ exitCode: toFile.exitCode, stdout: toFile.stdout.text, stderr: toFile.stderr.text }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `2 worse, 0 better, 0 changed; in both runs: 10 cases, 2 mitigations, 7 rules; reports: ${folder}/diff.txt\n`,
    });
    const quiet = await run(`diff ${failing} ${folder}/worse --quiet`);
    expect({ exitCode: quiet.exitCode, stdout: quiet.stdout.text, stderr: quiet.stderr.text }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: '',
    });
  });

  it('has no format in which a comparison cannot be told', async () => {
    const { stderr, exitCode } = await run(`diff ${failing} ${failing} --report sarif`);
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('one of the formats console, json, markdown, github, html');
  });
});

describe('merge', () => {
  it('exits as the whole run would, and keeps the result', async () => {
    const { exitCode, stderr } = await run(`merge ${failing} --out ${folder}/merged`);
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('Merged run kept in');
    expect((await run(`report --json ${folder}/merged`)).exitCode).toBe(0);
    expect((await run(`merge ${passing}`)).exitCode).toBe(0);
  });
});

it('lists variants on lines of eighty columns, each with its whole name', async () => {
  const { stdout, exitCode } = await run('list --variants');
  expect(exitCode).toBe(0);
  const lines = stdout.text.split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toContain('  cron-d-drop~writer=tee');
  expect(lines.length).toBeGreaterThan(1000);
});

describe('completion', () => {
  const complete = async (words: string[]): Promise<string[]> => {
    const { stdout } = await run('completion bash');
    const [word, before] = [words.at(-1), words.at(-2)];
    const line = [
      `COMP_WORDS=(${words.map((each) => `'${each}'`).join(' ')}) COMP_CWORD=${words.length - 1}`,
      `COMP_LINE='${words.join(' ')}' COMP_POINT=${words.join(' ').length}`,
    ].join(' ');
    const script = `${stdout.text}\n${line}\n_atomclock atomclock '${word}' '${before}'\necho "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
  };

  it('knows commands, their options and the values of these', async () => {
    expect(await complete(['atomclock', 're'])).toEqual(['replay', 'report']);
    expect(await complete(['atomclock', 'replay', '--f'])).toEqual(['--fields']);
    expect(await complete(['atomclock', 'run', '--clock', ''])).toEqual(['fast', 'real']);
  });

  it.each([
    ['run', 'cron-d-dr', 'cron-d-drop'],
    ['run', 'T1053.00', 'T1053.002 T1053.003 T1053.006'],
    ['run', '--mit', '--mitigation'],
    ['explain', 'at-all', 'at-allow-added at-allow'],
    ['explain', 'cron-table-dr', 'cron-table-dropped'],
    ['run --mitigation', 'at-', 'at-allow'],
    ['run --mitigation', 'no', 'none'],
    ['run --target', 'debian12', 'debian12'],
    ['run --rules', '', ''],
  ])('knows what content is called: %s %s', async (before, word, completed) => {
    const found = await complete(['atomclock', ...before.split(' '), word]);
    for (const name of completed.split(' ')) expect(found).toContain(name);
    expect(found.every((name) => name.startsWith(word))).toBe(true);
    if (completed === '') expect(found).toEqual(['']);
  });

  it.each([
    ['cron-d-drop~writer=te', 'te', ['tee']],
    ['at-stdin~arguments=', '', ['queue', 'mail', 'batch']],
    ['at-stdin~arg', 'at-stdin~arg', ['at-stdin~arguments=queue']],
    ['no-such~', 'no-such~', []],
    ['--mitigation=at-al', 'at-al', ['at-allow']],
  ])('completes the piece of %s that bash would replace', async (word, piece, completed) => {
    const { stdout } = await run('completion bash');
    const line = `atomclock run ${word}`;
    const script = `${stdout.text}\nCOMP_WORDS=(${line}) COMP_CWORD=2 COMP_LINE='${line}' COMP_POINT=${line.length}
_atomclock atomclock '${piece}' =\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    const found = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
    for (const name of completed) expect(found).toContain(name);
    expect(found.every((name) => name.startsWith(piece))).toBe(true);
    if (completed.length === 0) expect(found).toEqual([]);
  });
});

describe('interrupt', () => {
  it('exits 130 whatever the command did', async () => {
    const io = memoryIo();
    io.interrupt.abort();
    expect((await run(`report ${failing}`, io)).exitCode).toBe(130);
    expect((await run('report nowhere', io)).exitCode).toBe(130);
  });
});
