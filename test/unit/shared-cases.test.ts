// Inputs of others that once were judged wrongly, where they lie beside the project: read, never copied.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runProgram } from '../../harness/cli/program.ts';
import { packageRoot } from '../../harness/model/package-root.ts';
import { memoryIo } from './cli/memory-io.ts';

const folder = process.env.CASES ?? join(packageRoot, '../shared/cases');
const list = join(folder, 'expected.json');

const wanted = z.strictObject({
  /** The lines of each match. */
  m: z.array(z.array(z.number())).optional(),
  /** How many matches. */
  n: z.number().optional(),
  /** Something on stderr does as well, unless a line of `never` matches. */
  note: z.literal(true).optional(),
  never: z.array(z.number()).optional(),
  /** What the output must hold, or else what lint must say of the same atomics. */
  text: z.array(z.string()).optional(),
  lint: z.string().optional(),
  /** The SARIF report describes its rules. */
  sarif: z.literal(true).optional(),
});

const record = z.looseObject({
  rules: z.array(z.looseObject({ matches: z.array(z.looseObject({ eventIds: z.array(z.unknown()) })) })),
});

async function run(words: readonly string[]) {
  const io = memoryIo();
  await runProgram(words, io, '0');
  return { out: io.stdout.text, err: io.stderr.text };
}

/** The command of a case: what stands before the colon, its files where they are. */
function commandOf(place: string): string[] {
  const [command = ''] = readFileSync(join(place, 'expected.txt'), 'utf8').split(':');
  return command.split(' ').map((word) => (existsSync(join(place, word)) ? join(place, word) : word));
}

describe.skipIf(!existsSync(list))('inputs of others (skipped where they are absent)', () => {
  const cases = existsSync(list)
    ? z.record(z.string(), wanted).parse(JSON.parse(readFileSync(list, 'utf8')))
    : {};

  it.each(Object.entries(cases))('%s', async (name, want) => {
    const place = join(folder, name);
    const words = commandOf(place);
    if (want.text) {
      const { out } = await run(words);
      if (want.text.every((text) => out.includes(text))) return;
      const lint = await run(['lint', '--atomics', join(place, 'atomics')]);
      expect(`${lint.err}${lint.out}`).toMatch(new RegExp(want.lint ?? '^never$'));
      return;
    }
    if (want.sarif) {
      const { out } = await run([...words.slice(0, -2), '--report', 'sarif']);
      const { driver } = JSON.parse(out).runs[0].tool;
      expect(driver.informationUri).toMatch(/^https:/);
      expect(driver.rules.length).toBeGreaterThan(0);
      for (const rule of driver.rules)
        expect(rule).toMatchObject({ fullDescription: { text: /./ }, help: { text: /./ } });
      return;
    }
    const { out, err } = await run([...words, '--json']);
    const matches = record
      .parse(JSON.parse(out))
      .rules.flatMap((rule) => rule.matches.map(({ eventIds }) => eventIds.map(Number)));
    const isExcused =
      want.note && err.trim() !== '' && !want.never?.some((line) => matches.flat().includes(line));
    if (isExcused) return;
    if (want.m) expect(matches).toEqual(want.m);
    else expect(matches).toHaveLength(want.n ?? 0);
  });
});
