// Inputs that were wrong once, held outside of the project: each gives what was found by hand to be right.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { memoryIo } from './memory-io.ts';

/** What is right for a case; which one of these it has says what is looked at. */
interface Expected {
  /** The lines of each match. */
  readonly m?: readonly (readonly number[])[];
  /** The number of matches. */
  readonly n?: number;
  /** A message on stderr does as well, unless a line of `never` matches. */
  readonly note?: boolean;
  readonly never?: readonly number[];
  /** At most one rule matches. */
  readonly silent?: boolean;
  /** In the output; where there is `lint`, a problem that says this does as well. */
  readonly text?: readonly string[];
  readonly lint?: string;
  /** SARIF that tells what its rules are. */
  readonly sarif?: boolean;
}

const cases = join(import.meta.dirname, '../../../../shared/cases');
const list = join(cases, 'expected.json');
const scratch = mkdtempSync(join(tmpdir(), 'atomclock-cases-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe.skipIf(!existsSync(list))('cases from outside (skipped: no ../shared/cases)', () => {
  const expected: Record<string, Expected> = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {};

  test.each(Object.entries(expected))('%s', async (name, wanted) => {
    const folder = join(cases, name);
    const words = (readFileSync(join(folder, 'expected.txt'), 'utf8').split(':')[0] ?? '')
      .split(' ')
      .map((word) => (existsSync(join(folder, word)) ? join(folder, word) : word));
    if (wanted.text) return holdsText(folder, words, wanted.text, wanted.lint);
    if (wanted.sarif) return tellsOfItsRules(words);
    return matchesAsWanted(words, wanted);
  });
});

async function run(words: readonly string[]) {
  const io = memoryIo();
  const exitCode = await runProgram([...words], io, '9.9.9');
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}

async function holdsText(
  folder: string,
  words: readonly string[],
  texts: readonly string[],
  problem: string | undefined,
): Promise<void> {
  const { stdout } = await run(words);
  const absent = texts.filter((text) => !stdout.includes(text));
  if (absent.length === 0 || problem === undefined) return expect(absent).toEqual([]);
  const lint = await run(['lint', '--atomics', join(folder, 'atomics')]);
  expect(lint.stderr + lint.stdout).toMatch(new RegExp(problem));
  expect(lint.exitCode).not.toBe(3);
}

async function tellsOfItsRules(words: readonly string[]): Promise<void> {
  const file = join(scratch, 'out.sarif');
  await run([...words.slice(0, -2), '--report', `sarif=${file}`]);
  const { driver } = JSON.parse(readFileSync(file, 'utf8')).runs[0].tool;
  expect(driver.informationUri).toMatch(/^https:/);
  expect(driver.rules).not.toEqual([]);
  for (const rule of driver.rules) {
    expect(rule).toMatchObject({
      fullDescription: { text: expect.any(String) },
      help: { text: expect.any(String) },
    });
  }
}

async function matchesAsWanted(words: readonly string[], wanted: Expected): Promise<void> {
  const { stdout, stderr } = await run([...words, '--json']);
  const { rules } = JSON.parse(stdout) as RunRecord;
  const lines = rules.flatMap(({ matches }) => matches.map(({ eventIds }) => eventIds.map(Number)));
  const never = new Set(wanted.never);
  const isTold =
    wanted.note === true && stderr.trim() !== '' && !lines.flat().some((line) => never.has(line));
  if (isTold) return;
  if (wanted.m) expect(lines).toEqual(wanted.m);
  else if (wanted.silent)
    expect(rules.filter(({ matches }) => matches.length > 0).length).toBeLessThanOrEqual(1);
  else expect(lines).toHaveLength(wanted.n ?? Number.NaN);
}
