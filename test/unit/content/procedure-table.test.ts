// The table of procedures in atomics/README.md is what the atomics and their expectations say.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { procedureTable, tableMarks, withTable } from '../../../harness/content/procedure-table.ts';
import { readTargets } from '../../../harness/content/targets.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { anAtomic, anExpectation } from '../engine/content.ts';

it('is up to date (npm run table)', () => {
  const written = readFileSync(join(packageRoot, 'atomics/README.md'), 'utf8');
  const { atomics, expectations } = loadAtomics({ bundled: true, foreign: [] });
  const table = procedureTable(atomics, expectations, readTargets());
  expect(withTable(written, table)).toBe(written);
  expect(table.split('\n').length - 2).toBe(atomics.filter(({ kind }) => kind === 'attack').length);
});

it('tells what holds everywhere, and what differs where; twins are none of it', () => {
  const attack = anAtomic({ guid: 'a', slug: 'one', name: 'Pipe | it\ninto cron' });
  const twin = anAtomic({ guid: 'b', slug: 'two', kind: 'benign' });
  const expectation = anExpectation({
    detects: ['seen', 'seen-too'],
    evades: [{ rule: 'missed', why: 'it does not look' }],
    targets: ['debian12', 'debian13'],
    families: {
      cronie: { observation: 'inert', reason: 'no | table', detects: ['seen'] },
      busybox: { evades: [] },
    },
  });
  const [, , row, ...more] = procedureTable([attack, twin], new Map([['a', expectation]])).split('\n');
  expect(row).toBe(
    '| T1053.003 | `one`: Pipe \\| it into cron | executed; cronie: inert (no \\| table) | debian12, debian13 | seen, seen-too; cronie: seen | missed; busybox: – |',
  );
  expect(more).toEqual([]);
});

it.each([
  [undefined, 'seen; busybox: also more; cronie: –'],
  [new Map([['debian13', { families: ['busybox'] }]]), 'seen; busybox: also more'],
])('tells a rule more as one, and of targets that are named no family but theirs', (targets, seen) => {
  const attack = anAtomic({ guid: 'a', slug: 'one' });
  const expectation = anExpectation({
    detects: ['seen'],
    targets: ['debian13'],
    families: { busybox: { detects: ['seen', 'more'] }, cronie: { detects: [] } },
  });
  const [, , row] = procedureTable([attack], new Map([['a', expectation]]), targets).split('\n');
  expect(row).toContain(`| ${seen} |`);
});

it('goes where the file has its place, and nowhere else', () => {
  const file = `a\n${tableMarks.begin}\nold\n${tableMarks.end}\nb\n`;
  const once = withTable(file, 'new');
  expect(once).toBe(`a\n${tableMarks.begin}\n\nnew\n\n${tableMarks.end}\nb\n`);
  expect(withTable(once, 'new')).toBe(once);
  expect(() => withTable('a\n', 'new')).toThrow(TypeError);
});
