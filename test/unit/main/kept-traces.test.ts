// What reports show of a case beyond its record is kept when it is judged: it is what the evidence says, it is believed of
// that judging alone, and nothing that lies in its place is.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readCase, readEvidenceFile } from '../../../harness/content/evidence-folder.ts';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import { RunJudge } from '../../../harness/engine/judge/run-judge.ts';
import { judgingBook } from '../../../harness/main/judging-book.ts';
import { keepTrace } from '../../../harness/main/keep-trace.ts';
import { traceKeyFor } from '../../../harness/main/trace-key.ts';
import { readTraces } from '../../../harness/main/traces.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import type { RunTraces } from '../../../harness/model/traces.ts';
import { recordRun } from './recorded-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-kept-traces-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = join(folder, 'run');
const own = { rules: [], placeholders: {} };

const drop = (place: string) => `
title: Drop
logsource: { product: linux, category: file_event }
detection: { place: { TargetFilename|startswith: ${place} }, condition: place }
`;
const rules = [
  { file: 'drop.yml', text: drop('/etc/cron.d/') },
  { file: 'blind.eql', text: 'file where file.path == "/etc/crontab"' },
  // It fires on what nobody's attack did: cross-talk, which only the records of rules cite.
  { file: 'noise.eql', text: 'process where process.executable == "/usr/lib/systemd/systemd"' },
];

/** Judges the run as it is when its cases end; traces are kept as they are then. */
async function judgeAndKeep(): Promise<RunRecord> {
  const file = await readEvidenceFile(run);
  const { book, texts, placeholders } = judgingBook(file, own, () => {});
  const traceKey = traceKeyFor(texts, placeholders);
  const judge = new RunJudge(book, file.run.sensors);
  for (const [at, place] of file.cases.entries()) {
    const { evidence, events } = await readCase(run, place);
    const judged = judgeCase(evidence, events, book);
    await keepTrace(judged, { folder: run, book, traceKey });
    judge.add(judged, at);
  }
  return judge.finish(file.run);
}

const caseFile = (id: string, name: string) => join(run, 'cases', id, name);
/** What the rule `drop` is said to have asked in the first case. */
const askedByDrop = (traces: RunTraces | null) =>
  traces?.cases
    .get('one@debian12')
    ?.readings.filter(({ rule }) => rule === 'drop')
    .flatMap(({ stages }) => stages.flatMap(({ tests }) => tests.map(({ text }) => text)));

let record: RunRecord;
/** What the evidence says. */
let told: RunTraces | null;

const tables = { 'one@debian12': '/etc/cron.d/one', 'two@debian12': '/etc/cron.d/two' };

beforeEach(async () => {
  rmSync(run, { recursive: true, force: true });
  await recordRun(run, { tables, rules, expectation: { detects: ['drop', 'blind'] } });
  record = await judgeAndKeep();
});

beforeAll(async () => {
  await recordRun(run, { tables, rules, expectation: { detects: ['drop', 'blind'] } });
  record = await judgeAndKeep();
  for (const id of Object.keys(tables)) rmSync(caseFile(id, 'trace.json'));
  told = await readTraces(run, record);
});

it('is what the evidence says, events that only rules cite included', async () => {
  expect(record.rules.find(({ slug }) => slug === 'noise')?.crossTalk).toHaveLength(2);
  expect(told?.cases.size).toBe(2);
  expect(await readTraces(run, record)).toEqual(told);
});

it('is read in place of the evidence, from a record that was saved as well', async () => {
  rmSync(caseFile('two@debian12', 'events.ndjson'));
  const traces = await readTraces(run, JSON.parse(JSON.stringify(record)));
  expect(traces?.cases.get('two@debian12')).toEqual(told?.cases.get('two@debian12'));
});

it('is not believed of another judging: neither of other rules of the same names, nor of another record', async () => {
  const path = join(folder, 'drop.yml');
  writeFileSync(path, drop('/etc/'));
  const others = await readTraces(run, record, { ...own, rules: [path] });
  expect(askedByDrop(others)).toContain('file.path starts with "/etc/" (any case)');
  expect(askedByDrop(told)).toContain('file.path starts with "/etc/cron.d/" (any case)');

  const without = (each: RunRecord['cases'][number]) => ({ ...each, detections: [] });
  const other = await readTraces(run, { ...record, cases: record.cases.map(without) });
  expect(other?.cases.get('one@debian12')?.readings).toEqual([]);
});

it.each([
  ['half a file', (path: string) => writeFileSync(path, '{"madeFor": "')],
  ['another form', (path: string) => writeFileSync(path, '{"madeFor": "", "trace": {"events": 1}}')],
  ['a link', (path: string) => symlinkSync(join(folder, 'drop.yml'), path)],
  ['a folder', (path: string) => mkdirSync(path)],
  ['a pipe without a writer', (path: string) => execaSync('mkfifo', [path])],
])('%s in its place: the evidence tells', async (_what, put) => {
  const path = caseFile('one@debian12', 'trace.json');
  rmSync(path);
  put(path);
  expect(await readTraces(run, record)).toEqual(told);
});
