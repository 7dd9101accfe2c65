// `run --repeat N`: what it says and exits with, for what its runs come to.

import { expect, it } from 'vitest';
import { repeatRun } from '../../../harness/cli/commands/repeat-run.ts';
import type { RunOptions } from '../../../harness/cli/options.ts';
import type { ExitCode } from '../../../harness/model/errors.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { sampleRecord } from '../report/fixture.ts';
import { memoryIo } from './memory-io.ts';

type Ended = [exitCode: ExitCode, change?: (record: RunRecord) => void];

const inert = (record: RunRecord) => Object.assign(record.cases[0] as object, { observation: 'inert' });

it.each<[string, number, RegExp, readonly Ended[]]>([
  ['nothing differs', 0, /^3 runs, the same in all of them\n$/, [[0], [0], [0]]],
  ['every run failed the same way', 1, /the same in all/, [[1], [1]]],
  [
    'a case came out in two ways',
    1,
    /2 of 3 \(1 3\): executed.*\n {2}1 of 3 \(2\): inert/,
    [[0], [0, inert], [0]],
  ],
  ['the lab could not tell once', 3, /the same in all/, [[1], [3]]],
  ['content that is not usable comes before all', 2, /the same in all/, [[3], [2], [1]]],
])('%s: exit %i', async (_, code, said, ended) => {
  const { io, exitCode, asked } = await repeated(ended, { reports: [{ format: 'console', file: null }] });
  expect(exitCode).toBe(code);
  expect(io.stdout.text).toMatch(said);
  expect(asked).toEqual(ended.map((_ended, at) => [`r/${at + 1}`, at + 1 === ended.length]));
  expect(io.stderr.text.match(/^Run \d of \d: \d+ passed/gm)).toHaveLength(ended.length);
});

it('leaves standard output to a document', async () => {
  const { io } = await repeated([[0], [0]], { reports: [{ format: 'json', file: null }] });
  expect(io.stdout.text).toBe('');
  expect(io.stderr.text).toMatch(/^2 runs, the same in all of them$/m);
});

it('says nothing where it is told to be quiet', async () => {
  const { io, exitCode } = await repeated([[0], [0, inert]], { reports: [], quiet: true });
  expect({ exitCode, stdout: io.stdout.text, stderr: io.stderr.text }).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: '',
  });
});

async function repeated(ended: readonly Ended[], output: Pick<RunOptions, 'reports'> & { quiet?: boolean }) {
  const io = memoryIo();
  const asked: [out: string, isLast: boolean][] = [];
  const { exitCode } = await repeatRun(
    { out: 'r', quiet: false, ...output },
    ended.length,
    io,
    async (...given) => {
      const [ends, change] = ended[asked.length] as Ended;
      asked.push(given);
      const record = sampleRecord();
      change?.(record);
      return { exitCode: ends, record };
    },
  );
  return { io, exitCode, asked };
}
