// Folders of atomics, ours and foreign: names, expectations, and one file's fault kept apart from the others.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { loadRuleFiles } from '../../../harness/content/rule-files.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { loadRules } from '../../../harness/rules/load.ts';
import { folderOf } from './folder-of.ts';

const guids = {
  bundled: '54ab3323-a55c-4f46-b831-b7e58eebafd7',
  one: '11111111-1111-4111-8111-111111111111',
  two: '22222222-2222-4222-8222-222222222222',
};
const file = (...tests: string[]) =>
  `attack_technique: T1053.003\ndisplay_name: Cron\natomic_tests:\n${tests.join('')}`;
const test = (name: string, guid?: string) =>
  `- name: ${JSON.stringify(name)}\n${guid ? `  auto_generated_guid: ${guid}\n` : ''}  description: d\n  supported_platforms: [linux]\n  executor: {name: sh, command: id}\n`;
const load = (folder: string, bundled = false) => loadAtomics({ bundled, foreign: [folder] });
const slugs = (folder: string) => load(folder).atomics.map(({ slug }) => slug);
const complaints = (folder: string) =>
  load(folder).problems.map(
    ({ code, severity, place }) => `${severity} ${code} ${place.line}:${place.column}`,
  );

describe('the bundled set', () => {
  const { atomics, expectations, problems } = loadAtomics({ bundled: true, foreign: [] });

  it('loads without a complaint', () => {
    expect(problems).toEqual([]);
  });

  it('has attacks and benign twins of every scheduler, each with an expectation and a slug of its own', () => {
    const count = (wanted: string, technique: string) =>
      atomics.filter(({ kind, technique: of }) => kind === wanted && of === technique).length;
    expect(count('attack', 'T1053.002')).toBeGreaterThanOrEqual(2);
    expect(count('attack', 'T1053.003')).toBeGreaterThanOrEqual(30);
    expect(count('attack', 'T1053.006')).toBeGreaterThanOrEqual(3);
    expect(count('benign', 'T1053.003')).toBeGreaterThanOrEqual(9);
    expect(count('benign', 'T1053.006')).toBeGreaterThanOrEqual(1);
    for (const { guid, slug } of atomics)
      expect({ slug, known: expectations.has(guid) }).toEqual({ slug, known: true });
    expect(new Set(atomics.map(({ slug }) => slug)).size).toBe(atomics.length);
  });

  it('says in each benign twin which rules it tempts', () => {
    const { rules } = loadRules(loadRuleFiles({ bundled: true, foreign: [] }).sources);
    const slugs = new Set(rules.map(({ slug }) => slug));
    const added = atomics.filter(
      ({ kind, technique, slug }) =>
        kind === 'benign' && technique === 'T1053.003' && slug !== 'crontab-list',
    );
    for (const { slug, description } of added) {
      const tempted = /Tempts\s+([\sa-z0-9,-]+)\./.exec(description)?.[1]?.split(/,\s+/) ?? [];
      expect({
        slug,
        tempted: tempted.length > 0,
        unknown: tempted.filter((one) => !slugs.has(one)),
      }).toEqual({
        slug,
        tempted: true,
        unknown: [],
      });
    }
  });

  it('says where each came from, the same on every machine', () => {
    expect(atomics[0]).toMatchObject({ source: 'atomics/T1053.002/T1053.002.yaml', foreign: false });
  });
});

describe('foreign atomics', () => {
  it('are named after themselves, no two alike', () => {
    const folder = folderOf({
      'a.yaml': file(test('Cron - Add Script', guids.one), test('cron: add script!'), test('Überprüfung')),
      'b.yml': file(test('日本語', guids.two), test('x'.repeat(100)), test(`${'word '.repeat(20)}`)),
    });
    expect(slugs(folder)).toEqual([
      'cron-add-script',
      'cron-add-script-2',
      'uberprufung',
      'atomic-22222222',
      'x'.repeat(60),
      'word-word-word-word-word-word-word-word-word-word-word-word',
    ]);
    expect(load(folder).atomics[0]).toMatchObject({
      foreign: true,
      source: join(folder, 'a.yaml'),
      kind: 'attack',
      tags: [],
    });
  });

  it('take the expectation that lies beside them, and its name', () => {
    const folder = folderOf({
      'T1/a.yaml': file(test('One', guids.one.toUpperCase())),
      'T1/expectations.yaml': `${guids.one}: {slug: mine, kind: benign, tags: [x], observation: performed}\n`,
    });
    const { atomics, expectations, problems } = load(folder);
    expect(problems).toEqual([]);
    expect(atomics).toMatchObject([{ slug: 'mine', kind: 'benign', tags: ['x'], guid: guids.one }]);
    expect(expectations.get(guids.one)).toMatchObject({ observation: 'performed', detects: [] });
  });

  it('replace a bundled one of the same GUID, and say so', () => {
    const folder = folderOf({ 'a.yaml': file(test('Edited', guids.bundled)) });
    const { atomics, problems } = load(folder, true);
    expect(atomics.filter(({ guid }) => guid === guids.bundled)).toMatchObject([
      { name: 'Edited', slug: 'at-stdin', foreign: true },
    ]);
    expect(problems).toMatchObject([{ code: 'atomic/duplicate-guid', severity: 'warning' }]);
  });

  it('may be given twice', () => {
    const folder = folderOf({ 'a.yaml': file(test('One', guids.one), test('Two')) });
    const { atomics, problems } = loadAtomics({ bundled: false, foreign: [folder, join(folder, 'a.yaml')] });
    expect([atomics.length, problems]).toEqual([2, []]);
  });

  it('keep the first of two that share a GUID', () => {
    const folder = folderOf({
      'a.yaml': file(test('One', guids.one)),
      'b.yaml': file(test('Two', guids.one)),
    });
    expect(slugs(folder)).toEqual(['one']);
    expect(complaints(folder)).toEqual(['error atomic/duplicate-guid 5:24']);
  });

  it('are found among files of other kinds, which are passed over with a warning', () => {
    const folder = folderOf({
      'T1/T1.yaml': file(test('One')),
      'Indexes/index.yaml': 'persistence:\n  T1053:\n    atomic_tests: []\n',
      'Indexes/huge.yaml': 'x'.repeat(3_000_000),
      'used_guids.txt': guids.one,
      'T1/src/payload.yaml': ': not { yaml',
    });
    expect(slugs(folder)).toEqual(['one']);
    expect(complaints(folder).sort()).toEqual([
      'warning atomic/ignored 1:1',
      'warning atomic/ignored 1:1',
      'warning file/too-large 1:1',
    ]);
  });

  it.each(['latin1', 'utf16le'] as const)(
    'are not passed over where they are in another encoding: %s',
    (encoding) => {
      const folder = folderOf({
        'T1/T1.yaml': file(test('One')),
        'T2/T2.yaml': Buffer.from(file(test('Zwölf')), encoding),
        'T2/notes.yaml': Buffer.from('a: ü', 'latin1'),
      });
      expect(complaints(folder).sort()).toEqual(['error file/encoding 1:1', 'warning file/encoding 1:1']);
      expect(load(folder).problems[0]?.hint).toMatch(/^Save it as UTF-8/);
    },
  );

  it('are errors when the file was named and holds none', () => {
    const folder = folderOf({ 'index.yaml': 'a: 1\n', 'empty/readme.md': '' });
    expect(complaints(join(folder, 'index.yaml'))).toEqual([
      'error schema/missing 1:1',
      'error schema/missing 1:1',
    ]);
    expect(complaints(join(folder, 'empty'))).toEqual(['error atomic/none 1:1']);
    expect(complaints(join(folder, 'gone'))).toEqual(['error file/unreadable 1:1']);
  });

  it('survive a broken file beside them', () => {
    const folder = folderOf({
      'a.yaml': 'atomic_tests: [',
      'b.yaml': file(test('Good')),
      'c.yaml': file('- name: 1\n', test('Also good')),
    });
    expect(slugs(folder)).toEqual(['good', 'also-good']);
    expect(complaints(folder).filter((line) => !line.startsWith('error'))).toEqual([]);
  });
});

describe('expectations', () => {
  const withExpectations = (text: string, name = 'expectations.yaml') =>
    folderOf({ 'a.yaml': file(test('One', guids.one), test('Two', guids.two)), [name]: text });

  it('are refused one by one, with their places', () => {
    expect(
      complaints(
        withExpectations(
          `${guids.one}:\n  slug: Not A Slug\n  obsrvation: inert\n${guids.two}: {slug: two}\nnot-a-guid: {slug: x}\n`,
        ),
      ),
    ).toEqual([
      'error schema/invalid-format 2:9',
      'error schema/unrecognized-keys 3:3',
      'error expectation/key 5:1',
    ]);
  });

  it('may be empty', () => {
    expect(complaints(withExpectations('# nothing yet\n'))).toEqual([]);
  });

  it('warn about an atomic that is not there, unless they are for another project', () => {
    const stray = '33333333-3333-4333-8333-333333333333: {slug: stray}\n';
    expect(complaints(withExpectations(stray))).toEqual(['warning expectation/unknown-atomic 1:1']);
    expect(complaints(withExpectations(stray, 'expectations.atomic-red-team.yaml'))).toEqual([]);
  });

  it('cannot give one slug to two atomics, or one atomic to two files', () => {
    expect(complaints(withExpectations(`${guids.one}: {slug: same}\n${guids.two}: {slug: same}\n`))).toEqual([
      'error expectation/duplicate-slug 2:46',
    ]);
    const folder = withExpectations(`${guids.one}: {slug: one}\n`);
    const twice = folderOf({
      'a.yaml': file(test('One', guids.one)),
      'x/expectations.yaml': `${guids.one}: {slug: one}\n`,
      'y/expectations.yaml': `${guids.one}: {slug: other}\n`,
    });
    expect([complaints(folder), complaints(twice)]).toEqual([[], ['error expectation/duplicate 1:1']]);
  });
});

const corpus = join(process.env.CORPORA ?? join(packageRoot, '../shared/corpora'), 'atomic-red-team');

describe.skipIf(!existsSync(corpus))('Atomic Red Team (skipped where its atomics are absent)', () => {
  const { atomics, expectations, problems } = loadAtomics({ bundled: false, foreign: [corpus] });

  it('loads as it is', () => {
    // The schema of its validator lies beside its atomics.
    expect(problems.filter(({ place }) => !place.file.endsWith('.schema.yaml'))).toEqual([]);
    expect(atomics).toHaveLength(10);
  });

  it('leaves out what a Linux target cannot run, with the reason', () => {
    expect(
      Object.fromEntries(atomics.filter((one) => one.unsupported).map((one) => [one.slug, one.unsupported])),
    ).toEqual({
      'at-exe-scheduled-task': 'supported platforms: windows',
      'at-schedule-a-job-via-kubectl-in-a-pod': 'supported platforms: containers (needs kubectl)',
    });
  });

  it('has an expectation for each of the eight that run', () => {
    const observed = atomics
      .filter(({ unsupported }) => unsupported === null)
      .map(({ slug, guid }) => `${slug} ${expectations.get(guid)?.observation}`);
    expect(observed).toEqual([
      'art-at executed',
      'art-crontab-file executed',
      'art-cron-subfolders inert',
      'art-cron-d inert',
      'art-cron-spool inert',
      'art-timer executed',
      'art-systemd-run-user executed',
      'art-systemd-run executed',
    ]);
  });
});
