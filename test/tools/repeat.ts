// `npm run repeat -- N [words of run]`: the same run N times, and which cases did not come out the same (exit 1).
//
// Each is a whole run in a folder of its own, so that `diff`, `replay` and `report` take any of them.

import { join } from 'node:path';
import { execa } from 'execa';
import { flakinessText, flakyCases } from '../../harness/engine/record/flakiness.ts';
import { readRun } from '../../harness/main/run-file.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';

const [times = '', ...words] = process.argv.slice(2);
const count = Number(times);
if (!/^[1-9]\d{0,2}$/.test(times) || words.some((word) => word.startsWith('--out'))) {
  process.stderr.write('npm run repeat -- N [words of atomclock run, without --out]\n');
  process.exit(2);
}

const folder = join('runs', `repeat-${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}`);
const main = new URL('../../harness/cli/main.ts', import.meta.url).pathname;
const records: RunRecord[] = [];
for (let at = 1; at <= count; at++) {
  const out = join(folder, String(at));
  process.stderr.write(`run ${at} of ${count}, kept in ${out}\n`);
  const { exitCode } = await execa(
    process.execPath,
    [main, 'run', ...words, '--out', out, '--report', 'console=/dev/null'],
    {
      reject: false,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  // Expectations that failed are what is counted; anything else ends the counting.
  if (exitCode !== 0 && exitCode !== 1 && exitCode !== 3) process.exit(exitCode ?? 3);
  records.push(await readRun(out));
}
const flaky = flakyCases(records);
process.stdout.write(flakinessText(count, flaky));
process.exit(flaky.length > 0 ? 1 : 0);
