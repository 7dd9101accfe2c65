// `node test/bench/rules/throughput.ts [EVENTS]`: what rules cost on top of reading the events, in one run and one
// table. Measured is the time on the processor, slice by slice of the stream, and of each slice the best of all rounds
// counts: so other work on the machine disturbs little.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRules, loadRules, type Rule } from '../../../harness/rules/index.ts';
import { closurePerRule } from './baseline.ts';
import { processEventLines } from './events.ts';
import { syntheticRules } from './synthetic.ts';

const corpora = process.env.CORPORA ?? join(import.meta.dirname, '../../../../shared/corpora');
const eventCount = Number(process.argv[2] ?? 100_000);
// The baseline is slow enough to be measured on less.
const baselineCount = Math.min(eventCount, 2_000);
const sliceSize = 1_000;
const rounds = 8;

const lines = processEventLines(eventCount);
const all = sigmaRules();
const processCreation = all.filter(({ file }) => file.includes('process_creation'));
const synthetic = syntheticRules(1000);

const rows: readonly Row[] = [
  row('JSON.parse alone', eventCount, () => () => 0),
  ...(all.length === 0
    ? []
    : [
        row(`+ ${processCreation.length} SigmaHQ process_creation rules`, eventCount, () =>
          engine(processCreation),
        ),
        row(`+ ${all.length} SigmaHQ Linux rules`, eventCount, () => engine(all)),
      ]),
  row(`+ ${synthetic.length} synthetic rules`, eventCount, () => engine(synthetic)),
  ...(all.length === 0
    ? []
    : [
        row(`+ ${processCreation.length}, one closure per rule`, baselineCount, () =>
          closurePerRule(processCreation),
        ),
        row(`+ ${all.length}, one closure per rule`, baselineCount, () => closurePerRule(all)),
      ]),
  row(`+ ${synthetic.length} synthetic, one closure per rule`, baselineCount, () =>
    closurePerRule(synthetic),
  ),
];

// All rows with every slice, so that a disturbance does not hit one row alone; the first round warms up.
for (let round = 0; round <= rounds; round++) {
  for (let start = 0; start < eventCount; start += sliceSize) {
    for (const each of rows) if (start < each.count) measure(each, start, round);
  }
}

const [parse = Number.NaN] = rows.map(microsecondsPerEvent);
const bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
process.stdout.write(
  `${eventCount} process events of ${Math.round(bytes)} bytes; best of ${rounds} rounds\n\n`,
);
process.stdout.write('| | events/s | µs/event | × JSON.parse | matches |\n|---|---:|---:|---:|---:|\n');
for (const each of rows) {
  const microseconds = microsecondsPerEvent(each);
  process.stdout.write(
    `| ${each.name} | ${Math.round(1e6 / microseconds).toLocaleString('en')} | ${microseconds.toFixed(2)} | ${(microseconds / parse).toFixed(2)} | ${each.matches} |\n`,
  );
}
if (all.length === 0)
  process.stdout.write(`\nSigmaHQ's rules are not at ${corpora}: those rows are left out.\n`);

interface Row {
  readonly name: string;
  readonly count: number;
  readonly judge: (event: object) => number;
  /** For each slice the microseconds that it took in its best round. */
  readonly best: number[];
  matches: number;
}

function row(name: string, count: number, prepare: () => (event: object) => number): Row {
  return { name, count, judge: prepare(), best: [], matches: 0 };
}

function microsecondsPerEvent({ best, count }: Row): number {
  return best.reduce((sum, slice) => sum + slice, 0) / count;
}

/** Parses every line of a slice and judges the event. */
function measure(each: Row, start: number, round: number): void {
  let matches = 0;
  const started = process.cpuUsage();
  for (let index = start; index < Math.min(start + sliceSize, each.count); index++) {
    matches += each.judge(JSON.parse(lines[index] as string) as object);
  }
  const { user, system } = process.cpuUsage(started);
  const slice = start / sliceSize;
  if (round === 0) each.matches += matches;
  else each.best[slice] = Math.min(each.best[slice] ?? Number.POSITIVE_INFINITY, user + system);
}

function engine(rules: readonly Rule[]): (event: object) => number {
  const session = compileRules(rules, { fields: 'ecs' }).session();
  let handle = 0;
  return (event) => session.push(event, handle++).length;
}

function sigmaRules(): readonly Rule[] {
  const folder = join(corpora, 'sigma-linux');
  const files = readable(folder).filter((file) => file.endsWith('.yml'));
  return loadRules(files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))).rules;
}

function readable(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
