// Values for Sigma's placeholders: every command that reads rules takes them, and evidence keeps what was used.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { readEvidenceFile, writeCase, writeEvidenceFile } from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { anAtomic, runFacts } from '../engine/content.ts';
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
  const evidence = blankEvidence(
    {
      id,
      kind: 'attack',
      atomic: anAtomic({}),
      expectation: null,
      target: 'debian12',
      mitigation: null,
      user: 'root',
      needsUserManager: false,
      skipped: null,
    },
    { nonce: 'decade', legitimateNonces: [] },
  );
  await writeCase(recorded, { evidence, events: [{ ...event, event: { ...event.event, id: 'ebpf-11' } }] });
  await writeEvidenceFile(recorded, {
    evidenceVersion: 1,
    run: runFacts,
    rules: [{ file: 'tool.yml', text, bundled: false }],
    placeholders: { tools: ['ncat', 'nmap'] },
    cases: [id],
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

it.each(['run', 'replay', 'explain', 'lint'])('%s refuses a value without a name', async (command) => {
  for (const given of ['tools', '=x', 'a b=x', '%a b%=x']) {
    const operand = command === 'lint' || command === 'run' ? [] : ['x'];
    const { exitCode, stderr } = await run(command, ...operand, '--placeholder', given);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `--placeholder expects NAME=VALUE with a name of letters, digits and underscores, got '${given}'`,
    );
  }
});

it.each(['Berlin', '', 'Europe/Nowhere', '+25:00', 'constructor'])('refuses the zone %j', async (zone) => {
  const { exitCode, stderr } = await run('replay', events, `--zone=${zone}`);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--zone expects/);
});
