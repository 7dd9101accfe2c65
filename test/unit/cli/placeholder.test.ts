// Values for Sigma's placeholders: every command that reads rules takes them, and evidence keeps what was used.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import {
  placeOfCase,
  readEvidenceFile,
  writeCase,
  writeEvidenceFile,
} from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { aPlannedCase, runFacts } from '../engine/content.ts';
import { exec, process } from '../engine/events.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-placeholder-'));
const recorded = join(folder, 'recorded');
const rule = join(folder, 'tool.yml');
const events = join(folder, 'events.ndjson');
afterAll(() => rmSync(folder, { recursive: true }));

const text = `title: A tool that administrators use
id: 0b6d3c1e-4a4b-4c5e-9a80-5f1f2a3b4c5d
logsource: {product: linux, category: process_creation}
detection: {s: {Image|expand: '/usr/bin/%tools%'}, condition: s}
`;
const event = exec(process({ pid: 11, executable: '/usr/bin/nmap', args: ['nmap'] }));

beforeAll(async () => {
  writeFileSync(rule, text);
  writeFileSync(events, `${JSON.stringify(event)}\n`);
  const id = 'cron-line@debian12';
  const evidence = blankEvidence(aPlannedCase({ id }), () => 'decade');
  await writeCase(recorded, { evidence, events: [{ ...event, event: { ...event.event, id: 'ebpf-11' } }] });
  await writeEvidenceFile(recorded, {
    evidenceVersion: 2,
    run: runFacts,
    rules: [{ file: 'tool.yml', text, bundled: false }],
    placeholders: { tools: ['ncat', 'nmap'] },
    cases: [placeOfCase(id)],
  });
});

async function run(...words: string[]) {
  const io = memoryIo();
  const exitCode = await runProgram(words, io, '9.9.9');
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}

async function judged(...words: string[]) {
  const { stdout } = await run('replay', ...words, '--json');
  const [only] = (JSON.parse(stdout) as RunRecord).rules;
  return { error: only?.error ?? null, matches: only?.matches.length };
}

/** The run's folder as it was before evidence kept values. */
function withoutValues(): string {
  const older = join(folder, 'older');
  cpSync(recorded, older, { recursive: true });
  const { placeholders: _, ...rest } = JSON.parse(readFileSync(join(older, 'evidence.json'), 'utf8'));
  writeFileSync(join(older, 'evidence.json'), JSON.stringify(rest));
  return older;
}

const without = { error: expect.stringContaining('no values are given for the placeholder `%tools%`') };

it.each<[string, () => string[], object]>([
  ['are those of the run', () => [recorded], { error: null, matches: 1 }],
  [
    'are those of the run for other rules, too',
    () => [recorded, '--rules', rule],
    { error: null, matches: 1 },
  ],
  ['given now go first', () => [recorded, '--placeholder', 'tools=true'], { error: null, matches: 0 }],
  [
    'of another name change nothing',
    () => [recorded, '--placeholder', 'tool=true'],
    { error: null, matches: 1 },
  ],
  ['are missed in a run that had none', () => [withoutValues()], without],
  [
    'can be given to a run that had none',
    () => [withoutValues(), '--placeholder', 'tools=n*p'],
    { error: null, matches: 1 },
  ],
  [
    'are taken for a file of events',
    () => [events, '--rules', rule, '--placeholder', '%tools%=nmap'],
    { error: null, matches: 1 },
  ],
])('values %s', async (_, words, expected) => {
  expect(await judged(...words())).toMatchObject(expected);
});

it('is kept by evidence that has values, and not asked of evidence that has none', async () => {
  expect((await readEvidenceFile(recorded)).placeholders).toEqual({ tools: ['ncat', 'nmap'] });
  expect(await readEvidenceFile(withoutValues())).not.toHaveProperty('placeholders');
});

it.each<[string, string[]]>([
  ['lint', ['lint', '--rules', rule]],
  ['explain', ['explain', 'tool', '--rules', rule]],
])('%s takes values, and says how to give them', async (_, words) => {
  const missing = await run(...words);
  expect(missing.exitCode).toBe(2);
  expect(missing.stdout + missing.stderr).toContain('--placeholder tools=VALUE');
  const given = await run(...words, '--placeholder', 'tools=nmap');
  expect({ code: given.exitCode, told: (given.stdout + given.stderr).includes('%tools%=') }).toEqual({
    code: 0,
    told: false,
  });
});

it('explain holds the rule with its values against events', async () => {
  const words = ['explain', 'tool', '--rules', rule, '--event', events, '--placeholder'];
  const [hit, miss] = [await run(...words, 'tools=nmap'), await run(...words, 'tools=ncat')];
  expect(hit.stdout).toContain('matches');
  expect(miss.stdout).toContain('/usr/bin/ncat');
});

const values = join(folder, 'values.yml');

it.each<[string, string, string[], number]>([
  ['a list', 'tools: [ncat, nmap]', [], 1],
  ['one value', '"%tools%": nmap', [], 1],
  ['JSON', '{"tools": ["nmap"]}', [], 1],
  ['wildcards', 'tools:\n  - n?ap', [], 1],
  ["a pipeline's variables", 'name: ours\npriority: 10\nvars:\n  tools: nmap\ntransformations: []', [], 1],
  ['others', 'tools: [ncat]\nadmins: [root]', [], 0],
  ['others, and one given beside them', 'tools: [ncat]', ['--placeholder', 'tools=nmap'], 1],
])('a file has %s', async (_, written, more, matches) => {
  writeFileSync(values, written);
  const words = ['--rules', rule, '--placeholder', values, ...more];
  expect(await judged(events, ...words)).toMatchObject({ error: null, matches });
  expect(await judged(withoutValues(), ...words)).toMatchObject({ error: null, matches });
});

it('numbers of a file are what is written', async () => {
  const numbered = join(folder, 'numbered.yml');
  const numbers = join(folder, 'numbers.ndjson');
  writeFileSync(numbered, text.replace("'/usr/bin/%tools%'", "'/usr/bin/x%tools%'"));
  writeFileSync(values, 'tools: [007, 1.10, true, 123456789012345678901]');
  const names = ['x007', 'x7', 'x1.10', 'x1.1', 'xtrue', 'x123456789012345678901'];
  writeFileSync(
    numbers,
    names.map((name) => JSON.stringify({ ...event, process: { executable: `/usr/bin/${name}` } })).join('\n'),
  );
  expect(await judged(numbers, '--rules', numbered, '--placeholder', values)).toMatchObject({ matches: 4 });
});

it.each<[string, string, string]>([
  ['nothing', '', '1:1: error: expected a mapping of placeholders'],
  ['a text', 'tools', '1:1: error: expected a mapping of placeholders'],
  ['a list', '- tools', '1:1: error: expected a mapping of placeholders'],
  ['no YAML', 'tools: [nmap', '1:13: error: '],
  ['a name twice', 'tools: a\ntools: b', '2:1: error: '],
  [
    'a name of two words',
    'a: b\nmy tools: c',
    '2:1: error: expected a name of letters, digits and underscores',
  ],
  ['no value', 'a: b\ntools:', '2:1: error: expected a text or a number, got nothing'],
  ['an empty list', 'a: b\ntools: []', '2:8: error: expected at least one value'],
  ['a list in a list', 'tools: [a, [b]]', '1:12: error: expected a text or a number, got a list'],
  ['a mapping', 'tools:\n  - a\n  - {b: c}', '3:5: error: expected a text or a number, got a mapping'],
  ['empty variables', 'vars: {}', '1:7: error: expected a mapping of placeholders'],
])('a file with %s is refused at its place', async (_, written, expected) => {
  writeFileSync(values, written);
  for (const words of [['replay', events, '--rules', rule], ['lint'], ['explain', 'tool', '--rules', rule]]) {
    const { exitCode, stdout, stderr } = await run(...words, '--placeholder', values);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`${values}:${expected}`);
  }
});

it('a file that is not there is told', async () => {
  const { exitCode, stderr } = await run('lint', '--placeholder', join(folder, 'none.yml'));
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${join(folder, 'none.yml')}:1:1: error: cannot be read: ENOENT`);
});

it.each(['run', 'replay', 'explain', 'lint'])('%s refuses a value without a name', async (command) => {
  for (const given of ['tools', '=x', 'a b=x', '%a b%=x', 'tools.txt', '.yml=x']) {
    const operand = command === 'lint' || command === 'run' ? [] : ['x'];
    const { exitCode, stderr } = await run(command, ...operand, '--placeholder', given);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `--placeholder expects NAME=VALUE with a name of letters, digits and underscores, or FILE.yml, got '${given}'`,
    );
  }
});

it.each(['Berlin', '', 'Europe/Nowhere', '+25:00', 'constructor'])('refuses the zone %j', async (zone) => {
  const { exitCode, stderr } = await run('replay', events, `--zone=${zone}`);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--zone expects/);
});
