// What a user expects of atomics that are not theirs, in a file of their own: it replaces what is bundled, and mistakes are told.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OwnExpectations } from '../../../harness/content/own-expectations.ts';
import { replay } from '../../../harness/main/replay.ts';
import { ContentError } from '../../../harness/model/errors.ts';
import { expectationFor, overruled } from '../../../harness/model/expectation.ts';
import type { RunEvent } from '../../../harness/model/run-event.ts';
import { anExpectation } from '../engine/content.ts';
import { recordRun } from './recorded-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-expect-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const given = (text: string): string => {
  files += 1;
  const path = join(folder, `mine-${files}.yaml`);
  writeFileSync(path, text);
  return path;
};
const rules = new Set(['own-drop', 'own-exec']);
const guid = '11111111-2222-4333-8444-555555555555';
const cronDrop = { guid, slug: 'cron-d-drop' };

describe('a file of expectations', () => {
  it.each([
    ['a slug', 'cron-d-drop: { detects: [own-drop] }'],
    ['a GUID', `${guid}: { detects: [own-drop] }`],
    ['a GUID in capitals', `${guid.toUpperCase()}: { detects: [own-drop] }`],
  ])('names an atomic by %s', (_, text) => {
    const own = new OwnExpectations([given(text)], rules);
    expect(own.of(cronDrop)).toEqual({ detects: ['own-drop'] });
    expect(own.of({ guid: 'x', slug: 'other' })).toBeUndefined();
    expect(own.strays([cronDrop], 'error')).toEqual([]);
  });

  it.each(['proc_creation_lnx_at_command', 'My Rule', 'Ünï.v2', '4625'])(
    'names a rule as its file is called: %s',
    (rule) => {
      const quoted = JSON.stringify(rule);
      const text = `cron-d-drop: { detects: [${quoted}], evades: [{ rule: ${quoted}, why: so }] }`;
      const own = new OwnExpectations([given(text)], new Set([rule]));
      expect(own.of(cronDrop)).toEqual({ detects: [rule], evades: [{ rule, why: 'so' }] });
    },
  );

  it('gives way to a later one', () => {
    const paths = ['cron-d-drop: { detects: [own-drop] }', `${guid}: { detects: [own-exec] }`].map(given);
    expect(new OwnExpectations(paths, rules).of(cronDrop)).toEqual({ detects: ['own-exec'] });
  });

  it.each([
    ['cron-d-drop: { detcts: [own-drop] }', 'schema/unrecognized-keys', 'Did you mean detects?', 16],
    [
      'cron-d-drop: { evades: [{ rule: own-drop, why: so, when: now }] }',
      'schema/unrecognized-keys',
      'Keys here: rule, why.',
      52,
    ],
    ['cron-d-drop: { detects: [own-drpo] }', 'expectation/unknown-rule', 'Did you mean own-drop?', 26],
    [
      'cron-d-drop: { evades: [{ rule: nobody, why: so }] }',
      'expectation/unknown-rule',
      'Rules: own-drop, own-exec.',
      33,
    ],
    ['cron-d-drop: { detect: [own-drop] }', 'schema/unrecognized-keys', 'Did you mean detects?', 16],
    ['cron-d-drop: { observation: seen }', 'schema/invalid-value', undefined, 29],
    ['[]', 'schema/invalid-type', undefined, 1],
  ])('is refused at the place of the mistake: %s', (text, code, hint, column) => {
    const problems = caught(() => new OwnExpectations([given(text)], rules));
    expect(problems).toEqual([
      expect.objectContaining({ code, place: expect.objectContaining({ line: 1, column }) }),
    ]);
    if (hint !== undefined) expect(problems[0]?.hint).toBe(hint);
  });

  it('names what is no atomic here, with what was likely meant', () => {
    const own = new OwnExpectations([given('cron-d-dorp: { detects: [own-drop] }')], rules);
    expect(own.strays([cronDrop], 'warning')).toEqual([
      expect.objectContaining({ code: 'expectation/unknown-atomic', hint: 'Did you mean cron-d-drop?' }),
    ]);
  });
});

function caught(make: () => unknown): readonly ContentError['problems'][number][] {
  try {
    make();
  } catch (error) {
    if (error instanceof ContentError) return error.problems;
    throw error;
  }
  return [];
}

it.each([
  ['nothing is said', undefined, { observation: 'inert', detects: ['theirs'] }],
  ['a part is said', { detects: ['own-drop'] }, { observation: 'inert', detects: ['own-drop'] }],
  [
    'all is said',
    { observation: 'executed' as const, detects: [] },
    { observation: 'executed', detects: [] },
  ],
])('replaces what it names where %s', (_, own, expected) => {
  const bundled = expectationFor(anExpectation({ observation: 'inert', detects: ['theirs'] }), []);
  expect(overruled(bundled, own, 'atomic')).toMatchObject(expected);
  expect(overruled(null, own, 'atomic')).toEqual(
    own ? expect.objectContaining({ slug: 'atomic', ...own }) : null,
  );
});

describe('a replay', () => {
  const run = join(folder, 'run');
  const record = (): Promise<void> =>
    recordRun(run, {
      tables: { 'atomic@debian12': '/etc/cron.d/x' },
      expectation: { detects: ['bundled-rule'] },
      rules: [
        { file: 'own-drop.eql', text: 'file where file.path == "/etc/cron.d/x"' },
        { file: 'own-exec.eql', text: 'process where process.name == "nothing"' },
      ],
    });
  const verdictWith = async (text: string) => {
    await record();
    const said: RunEvent[] = [];
    const { record: judged } = await replay(
      {
        ...{ source: run, rules: [], expect: [given(text)], fields: 'ecs', placeholders: {} },
        ...{ placeholderFiles: [], sensors: [], zone: null, out: null },
      },
      { signal: new AbortController().signal, env: {} },
      (event) => said.push(event),
    );
    return { verdict: judged.cases[0]?.verdict, reasons: judged.cases[0]?.reasons, said };
  };

  it('holds a case against them, without Docker', async () => {
    expect(await verdictWith('atomic: { detects: [own-drop] }')).toMatchObject({
      verdict: 'pass',
      reasons: [],
    });
    const { verdict, reasons } = await verdictWith('atomic: { detects: [own-drop, own-exec] }');
    expect(verdict).toBe('fail');
    expect(reasons?.[0]).toMatch(/^own-exec did not fire: /);
    const evades = '{ detects: [], evades: [{ rule: own-drop, why: it is blind }] }';
    expect(await verdictWith(`atomic: ${evades}`)).toMatchObject({ verdict: 'fail' });
  });

  it('says of an entry that no case of the run is meant', async () => {
    const { said } = await verdictWith('atomik: { detects: [own-drop] }');
    expect(said.flatMap((event) => (event.kind === 'problem' ? event.problem.hint : []))).toEqual([
      'Did you mean atomic?',
    ]);
  });
});
