// ATT&CK's analytics: what the map may say of rules, and the table of what each analytic as written misses.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAttackMap } from '../../../harness/content/attack-map.ts';
import { loadCatalogue } from '../../../harness/content/catalogue.ts';
import { checkAttackMap, checkUnproven } from '../../../harness/content/lint/attack.ts';
import { withElements } from '../../../harness/content/rule-elements.ts';
import { loadUnproven } from '../../../harness/content/unproven-branches.ts';
import type { Problem } from '../../../harness/model/errors.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';
import { sourceOf } from '../../../harness/model/source.ts';
import { compileRules } from '../../../harness/rules/index.ts';
import { loadRules } from '../../../harness/rules/load.ts';
import { folderOf } from './folder-of.ts';

const said = (problems: readonly Problem[]) =>
  problems.map(
    ({ place, severity, code }) => `${place.file.split('/').at(-1)}:${place.line} ${severity} ${code}`,
  );

const rule = {
  file: 'made.eql',
  text: 'file where file.path like ("/a/*", "/b/*") and not process.name == "cat"',
};
const { rules } = loadRules([rule]);
const sources = [sourceOf(rule.file, rule.text)];

describe('the map', () => {
  const map = (analytic: string, entries: string) =>
    loadAttackMap(
      join(
        folderOf({
          'attack.yaml': `version: '18.1'
strategies:
  DET0333:
    name: N
    technique: T1053.002
    analytics:
      AN0944: ${analytic}
rules:
  ${entries}
`,
        }),
        'attack.yaml',
      ),
    );
  const problemsOf = (analytic: string, entries: string) => {
    const loaded = map(analytic, entries);
    return said([...loaded.problems, ...checkAttackMap(loaded, rules, sources)]);
  };

  it.each<[what: string, analytic: string, entries: string, problems: string[]]>([
    ['may be short', '{platform: Linux}', 'made: [AN0944]', []],
    [
      'says where an element stands, or why it does not',
      `{platform: Linux, asWritten: made, elements: {Path: '"/a/*"', Entropy: {outside: no bytes}}}`,
      'made: [AN0944]',
      [],
    ],
    [
      'names a text that stands in the rule',
      `{platform: Linux, asWritten: made, elements: {Path: '"/c/*"'}}`,
      'made: [AN0944]',
      ['attack.yaml:7 error attack/element'],
    ],
    ['has an entry for each rule', '{platform: Linux}', '{}', ['made.eql:1 error attack/unmapped-rule']],
    [
      'names rules',
      '{platform: Linux}',
      'made: [AN0944]\n  gone: [AN0944]',
      ['attack.yaml:10 error reference/unknown-rule'],
    ],
    [
      'names analytics',
      '{platform: Linux}',
      'made: [AN0945]',
      ['attack.yaml:9 error reference/unknown-analytic'],
    ],
    [
      'has ids that are well formed',
      '{platform: Linux}',
      'made: [DET0333]',
      ['attack.yaml:9 error schema/invalid-format'],
    ],
    [
      'does not contradict itself',
      '{platform: Linux, asWritten: made}\n      AN0943: {platform: Windows}',
      'made: [AN0943]',
      ['attack.yaml:7 error attack/contradiction'],
    ],
  ])('%s', (_, analytic, entries, problems) => expect(problemsOf(analytic, entries)).toEqual(problems));
});

describe('elements', () => {
  const { analytics } = loadAttackMap();
  const own = loadCatalogue({ atomics: [], rules: [] }).ruleSources;
  const textOf = (slug: string): string => own.find(({ file }) => file.endsWith(`/${slug}.toml`))?.text ?? '';
  const written = analytics.flatMap(({ asWritten, elements = {} }) =>
    Object.entries(elements).flatMap(([name, element]) =>
      asWritten !== undefined && typeof element === 'string' ? [{ slug: asWritten, name, element }] : [],
    ),
  );

  it('are parameters of the rules that are analytics as written', () => {
    expect(written.length).toBeGreaterThanOrEqual(9);
    for (const { slug, name, element } of written) {
      const text = textOf(slug);
      const file = `detections/eql/${slug}.toml`;
      expect(withElements({ file, text }, { analytics }, {})).toBe(text);
      const changed = withElements({ file, text }, { analytics }, { [name]: ['/* mine */'] });
      expect(changed).toBe(text.replaceAll(element, '/* mine */'));
      expect(changed).not.toBe(text);
    }
  });

  it('of one rule are not those of another, and a value is no pattern', () => {
    const file = 'detections/eql/at-queued-then-launched.toml';
    const text = textOf('at-queued-then-launched');
    expect(withElements({ file, text }, { analytics }, { CronFilePath: ['"/x"'], Unknown: ['y'] })).toBe(
      text,
    );
    const changed = withElements({ file, text }, { analytics }, { AtJobPath: ['"/a/$&*"', '"/b/*"'] });
    expect(changed).toContain('file.path like ("/a/$&*", "/b/*")');
  });

  it('are judged by: a rule for another user sees another event', () => {
    const slug = 'timer-written-then-launched';
    const source = { file: `detections/eql/${slug}.toml`, text: textOf(slug) };
    const firesFor = (values: Record<string, string[]>) => {
      const { rules: changed, problems } = loadRules([
        { file: source.file, text: withElements(source, { analytics }, values) },
      ]);
      expect(problems).toEqual([]);
      const base = { host: { id: 'h', os: { type: 'linux' } } };
      const events = [
        {
          ...base,
          '@timestamp': '2026-01-01T00:00:00Z',
          event: { category: ['file'], action: 'creation' },
          file: { path: '/etc/systemd/system/x.timer' },
          process: { executable: '/usr/bin/tee' },
        },
        {
          ...base,
          '@timestamp': '2026-01-01T00:00:01Z',
          event: { category: ['process'], type: ['start'], action: 'exec' },
          process: { executable: '/usr/bin/id', user: { id: '1000' }, parent: { pid: 1 } },
        },
      ];
      const session = compileRules(changed, { fields: 'ecs' }).session();
      return [...events.flatMap((event, index) => session.push(event, index)), ...session.finish()].length;
    };
    expect(firesFor({})).toBe(0);
    expect(firesFor({ UserContext: ['process.user.id != "0"'] })).toBe(1);
  });
});

describe('branches that no run proves', () => {
  const problemsOf = (text: string) => {
    const loaded = loadUnproven(join(folderOf({ 'unproven.yaml': text }), 'unproven.yaml'));
    return said([...loaded.problems, ...checkUnproven(loaded, rules)]);
  };

  it.each<[what: string, text: string, problems: string[]]>([
    ['are given in the words of the rule', 'made:\n- branch: process.name is "cat"\n  why: w\n', []],
    [
      'are those of a rule',
      'mode:\n- branch: x\n  why: w\n',
      ['unproven.yaml:1 error reference/unknown-rule'],
    ],
    [
      'are branches',
      'made:\n- branch: process.name is "dog"\n  why: w\n',
      ['unproven.yaml:2 error reference/unknown-branch'],
    ],
    ['have a reason', 'made:\n- branch: process.name is "cat"\n', ['unproven.yaml:2 error schema/missing']],
  ])('%s', (_, text, problems) => expect(problemsOf(text)).toEqual(problems));
});

/**
 * What each analytic as ATT&CK has written it sees, and which executed attack it misses for which reason: all of it is
 * expected of runs, so that a run fails where the table is wrong.
 */
function tableOfAnalytics(): string {
  const { attack, atomics } = loadCatalogue({ atomics: [], rules: [] });
  const expectations = [...atomics.expectations.values()].filter(({ kind }) => kind === 'attack');
  const rows = attack.analytics.flatMap(({ id, strategy, asWritten }) => {
    if (asWritten === undefined) return [];
    const sees = expectations.filter(({ detects }) => detects.includes(asWritten)).map(({ slug }) => slug);
    const misses = Map.groupBy(
      expectations.flatMap(({ slug, evades }) =>
        evades.filter((evasion) => evasion.rule === asWritten).map(({ why }) => ({ slug, why })),
      ),
      ({ why }) => why,
    );
    const link = `[${strategy}/${id}](https://attack.mitre.org/detectionstrategies/${strategy}#${id})`;
    return [...misses].map(
      ([why, missed], index) =>
        `| ${
          index === 0
            ? `${link} | \`${asWritten}\` | ${sees
                .slice(0, 3)
                .map((slug) => `\`${slug}\``)
                .join(', ')}${sees.length > 3 ? '…' : ''}`
            : ' | |'
        } | ${missed.map(({ slug }) => `\`${slug}\``).join(', ')} | ${why} |`,
    );
  });
  return [
    '| analytic | rule | sees, among others | misses | because |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

describe('the README of the detections', () => {
  const file = join(packageRoot, 'detections/README.md');
  const section = /(<!-- analytics: [^>]*-->\n)[\s\S]*?(<!-- \/analytics -->)/;

  it('has the table of what each analytic as written misses (to write it: UPDATE_README=1)', () => {
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(section);
    const updated = text.replace(
      section,
      (_, before: string, after: string) => `${before}${tableOfAnalytics()}\n${after}`,
    );
    if (process.env.UPDATE_README) writeFileSync(file, updated);
    else expect(text).toBe(updated);
  });
});
