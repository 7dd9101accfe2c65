// A merged run has the evidence of its shards: replayed, it gives the merged record again.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { placeOfCase, writeCase, writeEvidenceFile } from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { type PlannedCase, planCases } from '../../../harness/engine/run/plan.ts';
import { readTraces } from '../../../harness/main/traces.ts';
import type { EvidenceFile } from '../../../harness/model/evidence.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { aMitigation, anAtomic, runFacts } from '../engine/content.ts';
import { exec, outside, process as processOf, resetClock, running } from '../engine/events.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));

const atomics = ['first', 'second', 'third'].map((slug, at) =>
  anAtomic({ slug, guid: `00000000-0000-4000-8000-00000000000${at}`, kind: at === 2 ? 'benign' : 'attack' }),
);
const both = ['one', 'two'].map((id) => aMitigation({ id, stops: ['first', 'second'] }));
const rules: EvidenceFile['rules'] = [
  { file: 'noisy.eql', text: 'process where process.name == "noise"', bundled: false },
  { file: 'attack.eql', text: 'process where process.name == "true"', bundled: false },
];
const shardCount = 2;
const shard = (index: number) => join(folder, `shard-${index}`);

async function record(planned: PlannedCase, run: string) {
  // As in any run, the events of each case are counted from the first.
  resetClock();
  const evidence = blankEvidence(planned, () => 'decade');
  const argv = ['/bin/sh', '/usr/lib/atomclock/step-1'];
  const shell = processOf({ pid: 20, executable: '/bin/dash', args: argv, parent: outside });
  const daemon = processOf({ pid: 1, executable: '/usr/lib/systemd/systemd', parent: outside });
  const noise = processOf({ pid: 30, executable: '/usr/bin/noise', args: ['noise', run], parent: daemon });
  const events = [running(daemon), exec(shell), exec(noise)];
  if (planned.kind !== 'idle') {
    const step = { user: 'root', command: 'do it', argv, stdout: '', stderr: 'not allowed', ms: 5 };
    const startedAt = '2026-01-01T00:00:00Z';
    const exitCode = planned.mitigations.length > 0 ? 1 : 0;
    evidence.steps.push({ role: 'attack', exitCode, startedAt, ...step });
    events.push(exec(processOf({ pid: 21, executable: '/bin/true', args: ['true'], parent: shell })));
  }
  evidence.telemetry.perSensor = { ebpf: { events: events.length, lost: 0 } };
  await writeCase(run, { evidence, events });
}

beforeAll(async () => {
  for (const index of [1, 2]) {
    const planned = planCases({
      atomics,
      expectations: new Map(),
      families: new Map(),
      targets: ['debian12', 'debian13'],
      variantsOf: (atomic) =>
        atomic.slug === 'first' ? [{ axes: { writer: 'tee' }, inputs: { command: 'tee' } }] : [],
      mitigations: [both],
      mitigationMode: 'declared',
      shard: { index, count: shardCount },
    });
    for (const one of planned) await record(one, shard(index));
    await writeEvidenceFile(shard(index), {
      evidenceVersion: 2,
      run: { ...runFacts, id: `run-${index}`, shard: `${index}/${shardCount}` },
      rules,
      cases: planned.map(({ id }) => placeOfCase(id)),
    });
    await run('replay', shard(index), '--out', shard(index));
  }
});

async function run(...words: string[]) {
  const io = memoryIo();
  const exitCode = await runProgram(words, io, '9.9.9');
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}

const savedIn = (where: string): RunRecord => JSON.parse(readFileSync(join(where, 'run.json'), 'utf8'));
const replayed = async (where: string): Promise<RunRecord> =>
  JSON.parse((await run('replay', where, '--json')).stdout);

it.each([
  ['in order', [1, 2]],
  ['the other way round', [2, 1]],
])('a run merged from its shards %s replays to its own record', async (name, order) => {
  const merged = join(folder, name);
  const { stderr } = await run('merge', ...order.map(shard), '--out', merged);
  expect(stderr).not.toContain('no evidence');
  expect((await run('replay', merged, '--json')).stdout).toBe(readFileSync(join(merged, 'run.json'), 'utf8'));
  const { cases, rules: judged, run: facts } = savedIn(merged);
  expect(cases.map(({ id }) => id)).toEqual([
    'first@debian12',
    'first@debian12+one+two',
    'first~writer=tee@debian12',
    'first~writer=tee@debian12+one+two',
    'second@debian12',
    'second@debian12+one+two',
    'third@debian12',
    'first@debian13',
    'first@debian13+one+two',
    'first~writer=tee@debian13',
    'first~writer=tee@debian13+one+two',
    'second@debian13',
    'second@debian13+one+two',
    'third@debian13',
  ]);
  expect(facts.shard).toBeNull();
  expect(judged[0]?.crossTalk.slice(0, 3).map((each) => each.case)).toEqual([
    'idle~run=1@debian12',
    'idle~run=1@debian13',
    'idle~run=2@debian12',
  ]);
  const idle = readdirSync(join(merged, 'cases')).filter((each) => each.startsWith('idle'));
  expect(idle.sort()).toEqual([
    'idle~run=1@debian12',
    'idle~run=1@debian13',
    'idle~run=2@debian12',
    'idle~run=2@debian13',
  ]);
});

it('shows of each idle control its own events, though both runs have one of the same target', async () => {
  const merged = join(folder, 'idle-events');
  await run('merge', shard(1), shard(2), '--out', merged);
  const saved = savedIn(merged);
  const traces = await readTraces(merged, saved);
  const shown = saved.rules[0]?.crossTalk
    .filter(({ case: id }) => id.startsWith('idle'))
    .map(({ case: id, eventIds }) => [
      id,
      traces?.cases
        .get(id)
        ?.events.filter(({ event }) => eventIds.includes(event.id))
        .map(({ process }) => process?.args?.[1]),
    ]);
  expect(shown).toEqual([
    ['idle~run=1@debian12', [shard(1)]],
    ['idle~run=1@debian13', [shard(1)]],
    ['idle~run=2@debian12', [shard(2)]],
    ['idle~run=2@debian13', [shard(2)]],
  ]);
});

it('tells the idle controls of runs apart that were merged before, and compares them with those of one run', async () => {
  const [pair, again, once] = ['pair', 'again', 'once'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  // Whole runs of one target each, as a matrix over machines is put together.
  for (const [at, name] of [pair, again, once].entries()) {
    const planned = planCases({
      ...{ atomics: atomics.slice(at, at + 1), expectations: new Map(), families: new Map() },
      ...{ targets: ['debian12'], variantsOf: () => [], mitigations: [], mitigationMode: 'declared' },
      shard: null,
    });
    for (const one of planned) await record(one, name);
    const cases = planned.map(({ id }) => placeOfCase(id));
    await writeEvidenceFile(name, { evidenceVersion: 2, run: { ...runFacts, shard: null }, rules, cases });
    await run('replay', name, '--out', name);
  }
  const [two, three] = [join(folder, 'two'), join(folder, 'three')];
  await run('merge', pair, again, '--out', two);
  await run('merge', two, once, '--out', three);
  expect(await replayed(three)).toEqual(savedIn(three));
  const noisy = (where: string) => savedIn(where).rules[0]?.crossTalk.map((each) => each.case) ?? [];
  expect(noisy(three).filter((id) => id.startsWith('idle'))).toEqual([
    'idle~run=1.1@debian12',
    'idle~run=1.2@debian12',
    'idle~run=2@debian12',
  ]);
  const { worse } = JSON.parse((await run('diff', pair, three, '--report', 'json')).stdout);
  expect(worse).toEqual([]);
});

it('merges shards whose evidence and record are of version 1', async () => {
  const old = join(folder, 'old');
  cpSync(shard(1), old, { recursive: true });
  const { cases, ...file } = JSON.parse(readFileSync(join(old, 'evidence.json'), 'utf8')) as EvidenceFile;
  const v1 = { ...file, evidenceVersion: 1, cases: cases.map(({ id }) => id) };
  writeFileSync(join(old, 'evidence.json'), JSON.stringify(v1));
  const merged = join(folder, 'of-both');
  await run('merge', old, shard(2), '--out', merged);
  expect(await replayed(merged)).toEqual(savedIn(merged));
  expect(savedIn(merged).cases).toHaveLength(14);
});

it('tells of every case that is missing, and so does the replay of the merged run', async () => {
  const [one, two] = [join(folder, 'cut-1'), join(folder, 'cut-2')];
  for (const [index, cut] of [one, two].entries()) {
    cpSync(shard(index + 1), cut, { recursive: true });
    const file = JSON.parse(readFileSync(join(cut, 'evidence.json'), 'utf8')) as EvidenceFile;
    const lost = file.cases.splice(-2).map(({ id, folder: name }) => {
      rmSync(join(cut, 'cases', name), { recursive: true });
      return id;
    });
    file.planned = [...file.cases.map(({ id }) => id), ...lost];
    writeFileSync(join(cut, 'evidence.json'), JSON.stringify(file));
    await run('replay', cut, '--out', cut);
  }
  const merged = join(folder, 'cut');
  const { exitCode, stderr } = await run('merge', one, two, '--out', merged);
  expect(exitCode).toBe(3);
  expect(savedIn(merged).run.missing).toHaveLength(4);
  for (const id of savedIn(merged).run.missing ?? []) expect(stderr).toContain(id);
  expect(await replayed(merged)).toEqual(savedIn(merged));
});

it('carries no evidence where one run has none, and says so', async () => {
  const bare = join(folder, 'bare.json');
  cpSync(join(shard(2), 'run.json'), bare);
  const merged = join(folder, 'record-alone');
  const { stderr } = await run('merge', shard(1), bare, '--out', merged);
  expect(stderr).toContain(`the merged run cannot be replayed: no evidence in ${bare}`);
  expect(readdirSync(merged)).toEqual(['run.json']);
});

it('refuses evidence that was judged by other texts of the rules', async () => {
  const other = join(folder, 'other-rules');
  cpSync(shard(2), other, { recursive: true });
  const file = JSON.parse(readFileSync(join(other, 'evidence.json'), 'utf8')) as EvidenceFile;
  const text = 'process where process.name == "other"';
  writeFileSync(
    join(other, 'evidence.json'),
    JSON.stringify({ ...file, rules: file.rules.map((rule, at) => (at === 0 ? { ...rule, text } : rule)) }),
  );
  const { exitCode, stderr } = await run('merge', shard(1), other, '--out', join(folder, 'refused'));
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/other texts: noisy\.eql \[merge\/different-runs\]/);
});
