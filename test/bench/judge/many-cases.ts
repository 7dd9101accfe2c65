// `node test/bench/judge/many-cases.ts RUN [CASES]`: the replay of a run of many cases, copies of those in the folder RUN
// under other names. Judging is a fold: what it holds on to must not grow with their events.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from '../../unit/cli/memory-io.ts';

const [source, count = '1000'] = process.argv.slice(2);
if (source === undefined) throw new RangeError('expected the folder of a recorded run');

const mostMebibytes = 250;

const folder = mkdtempSync(join(tmpdir(), 'atomclock-bench-'));
try {
  multiply(source, folder, Number(count));
  const io = memoryIo();
  const began = performance.now();
  const exitCode = await runProgram(
    ['replay', folder, '--report', `json=${join(folder, 'out.json')}`],
    io,
    '0',
  );
  const seconds = (performance.now() - began) / 1000;
  const { cases } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(
    `${cases.length} cases in ${seconds.toFixed(1)} s, exit ${exitCode}; at most ${mebibytes} MiB, wanted: ${mostMebibytes}\n`,
  );
  process.exitCode = mebibytes <= mostMebibytes && cases.length === Number(count) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** Writes a run of so many untreated cases, each under a name and a GUID of its own. */
function multiply(from: string, to: string, wanted: number): void {
  const run = JSON.parse(readFileSync(join(from, 'evidence.json'), 'utf8'));
  const recorded = (run.cases as { id: string; folder: string }[]).filter(({ id }) => !/^idle@|\+/.test(id));
  run.cases = Array.from({ length: wanted }, (_, index) => {
    const original = join(from, 'cases', recorded[index % recorded.length]?.folder ?? '');
    const evidence = JSON.parse(readFileSync(join(original, 'case.json'), 'utf8'));
    const round = String(Math.floor(index / recorded.length));
    evidence.atomic.slug += `-${round}`;
    evidence.atomic.guid = evidence.atomic.guid.slice(0, -4) + round.padStart(4, '0');
    evidence.id = `${evidence.atomic.slug}@${evidence.target}`;
    mkdirSync(join(to, 'cases', evidence.id), { recursive: true });
    writeFileSync(join(to, 'cases', evidence.id, 'case.json'), JSON.stringify(evidence));
    cpSync(join(original, 'events.ndjson'), join(to, 'cases', evidence.id, 'events.ndjson'));
    return { id: evidence.id, folder: evidence.id };
  });
  writeFileSync(join(to, 'evidence.json'), JSON.stringify(run));
}
