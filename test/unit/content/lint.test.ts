// Lint: nothing to say about what is bundled, and the right word about everything that can be wrong.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { type Catalogue, loadCatalogue } from '../../../harness/content/catalogue.ts';
import { lintContent } from '../../../harness/content/lint/index.ts';
import { checkBundledRule, checkRule, duplicateRules } from '../../../harness/content/lint/rules.ts';
import { loadMitigations } from '../../../harness/content/mitigations.ts';
import type { Problem } from '../../../harness/model/errors.ts';
import { loadRules } from '../../../harness/rules/load.ts';
import { folderOf } from './folder-of.ts';

const guid = '11111111-1111-4111-8111-111111111111';
const test = (more = '', executor = '{name: sh, command: id}') =>
  `- name: x\n  auto_generated_guid: ${guid}\n  description: d\n  supported_platforms: [linux]\n  executor: ${executor}\n${more}`;
const atomics = (...tests: string[]) =>
  `attack_technique: T1053.003\ndisplay_name: Cron\natomic_tests:\n${tests.join('')}`;
const sigma = (fields: string, head = 'id: 33333333-3333-4333-8333-333333333333\ntags: [attack.t1053.003]') =>
  `title: T\n${head}\nlogsource: {product: linux, category: file_event}\ndetection:\n  selection:\n${fields}\n  condition: selection\n`;

const said = (problems: readonly Problem[]) =>
  problems.map(
    ({ place, severity, code }) =>
      `${place.file.split('/').at(-1)}:${place.line}:${place.column} ${severity} ${code}`,
  );

/** What lint says about these files beside the bundled content. */
function lint(files: Record<string, string>, targets = ['debian12']): string[] {
  const folder = folderOf(files);
  const has = (ending: string) => Object.keys(files).some((path) => path.endsWith(ending));
  const catalogue = loadCatalogue({
    atomics: has('.yaml') ? [join(folder, 'atomics')] : [],
    rules: has('.yml') || has('.toml') || has('.eql') ? [join(folder, 'rules')] : [],
  });
  return said(lintContent(catalogue, targets));
}

it('has nothing to say about the bundled content', () => {
  expect(lintContent(loadCatalogue({ atomics: [], rules: [] }), ['debian12'])).toEqual([]);
});

describe('references', () => {
  const expecting = (text: string) =>
    lint({
      'atomics/a.yaml': atomics(test()),
      'atomics/expectations.yaml': `${guid}:\n  slug: x\n${text}`,
    });

  it('finds rules and targets that do not exist', () => {
    expect(
      expecting(
        '  detects: [at-submitted, at-submited]\n  evades:\n  - {rule: nothing, why: w}\n  targets: [debian12, debian99]\n',
      ),
    ).toEqual([
      'expectations.yaml:3:27 error reference/unknown-rule',
      'expectations.yaml:5:12 error reference/unknown-rule',
      'expectations.yaml:6:23 error reference/unknown-target',
    ]);
  });

  it('finds expectations that contradict themselves', () => {
    expect(
      expecting('  kind: benign\n  detects: [at-submitted]\n  evades: [{rule: at-submitted, why: w}]\n'),
    ).toEqual([
      'expectations.yaml:4:3 error expectation/benign-detects',
      'expectations.yaml:5:19 error expectation/contradiction',
    ]);
  });

  it('finds mitigations of atomics and targets that do not exist', () => {
    const written = loadMitigations(
      folderOf({
        'm.yaml': `id: m
name: n
description: d
attack: M1018
targets: [debian99]
apply: {command: id}
stops:
- {atomic: at-stdinn, stage: submission, reason: r}
- {atomic: 54AB3323-A55C-4F46-B831-B7E58EEBAFD7, stage: submission, reason: r}
legitimate: [{name: l, command: id}]
bypasses:
- {how: h, atomic: art-at}
- {how: h, atomic: nothing}
`,
      }),
    );
    const catalogue: Catalogue = { ...loadCatalogue({ atomics: [], rules: [] }), mitigations: written };
    const problems = lintContent(catalogue, ['debian12']);
    expect(said(problems)).toEqual([
      'm.yaml:5:11 error reference/unknown-target',
      'm.yaml:8:12 error reference/unknown-atomic',
      'm.yaml:13:20 error reference/unknown-atomic',
    ]);
    expect(problems[1]?.hint).toBe('Did you mean at-stdin?');
  });
});

describe('atomics', () => {
  it('are held against what Atomic Red Team’s own validator refuses', () => {
    expect(
      lint({
        'atomics/a.yaml': atomics(
          test('  dependency_executor_name: sh\n  colour: red\n', '{name: zsh, command: sudo id}').replace(
            '[linux]',
            '[linux, beos]',
          ),
        ),
      }),
    ).toEqual([
      'a.yaml:7:32 warning atomic/art-schema',
      'a.yaml:8:13 warning atomic/art-schema',
      'a.yaml:8:20 warning atomic/art-schema',
      'a.yaml:9:29 warning atomic/art-schema',
      'a.yaml:10:11 warning atomic/art-schema',
    ]);
  });

  it('may lack what a run does not need, and are told so', () => {
    const bare = `attack_technique: T1053.003
atomic_tests:
- name: bare
  auto_generated_guid: 5d5be3a0-2f0c-4c1e-8a44-3a1c8a7d0f39
  supported_platforms: [Linux]
  input_arguments:
    x: {default: 1}
  dependencies:
  - {prereq_command: id}
  executor: {name: sh, command: 'echo #{x}', elevation_require: true}
`;
    const folder = folderOf({ 'a.yaml': bare });
    const catalogue = loadCatalogue({ atomics: [folder], rules: [] });
    expect(catalogue.problems).toEqual([]);
    const problems = lintContent(catalogue, []).filter(({ place }) => place.file.startsWith(folder));
    expect(problems.map(({ message, hint }) => `${message}${hint ? ` ${hint}` : ''}`)).toEqual([
      'expected a `display_name`',
      'expected a `description`',
      '`Linux` is no platform that ART knows Did you mean linux?',
      'expected a `description`',
      'expected a `type`',
      'expected a `description`',
      '`elevation_require` is no key of an executor that ART knows Did you mean elevation_required?',
    ]);
  });

  it('are asked whether YAML took an argument for a comment', () => {
    const folder = folderOf({
      'a.yaml': atomics(
        test(
          '  input_arguments:\n    x: {description: d, type: path, default: /x}\n',
          '\n    name: sh\n    command: crontab #{x}',
        ),
      ),
    });
    const problems = lintContent(loadCatalogue({ atomics: [folder], rules: [] }), []);
    expect(problems.find(({ code }) => code === 'atomic/unused-input')?.hint).toMatch(/begin a comment/);
  });

  it('must use the arguments that they declare, and declare those that they use', () => {
    const inputs = '  input_arguments:\n    unused: {description: d, type: string, default: x}\n';
    expect(
      lint({ 'atomics/a.yaml': atomics(test(inputs, "{name: sh, command: 'echo #{missing}'}")) }),
    ).toEqual(['a.yaml:8:33 warning atomic/undeclared-input', 'a.yaml:10:13 warning atomic/unused-input']);
  });

  it('of our own must have an expectation, a GUID, a cleanup and a payload', () => {
    const bundled = loadAtomics({
      bundled: false,
      foreign: [folderOf({ 'a.yaml': atomics(test().replace(/ +auto.*\n/, '')) })],
    });
    for (const { atomic } of bundled.written.atomics) atomic.foreign = false;
    const catalogue: Catalogue = {
      ...loadCatalogue({ atomics: [], rules: [] }),
      atomics: {
        ...loadAtomics({ bundled: true, foreign: [] }),
        written: { ...bundled.written, expectations: [] },
      },
    };
    const problems = said(lintContent(catalogue, ['debian12'])).filter((line) => line.startsWith('a.yaml'));
    expect(problems).toEqual(
      [
        'a.yaml:4:9 warning atomic/no-guid',
        'a.yaml:4:3 warning atomic/no-expectation',
        'a.yaml:7:13 warning atomic/no-cleanup',
        'a.yaml:7:33 warning atomic/no-payload',
      ].sort(),
    );
  });
});

describe('rules', () => {
  const rulesOf = (file: string, text: string) => loadRules([{ file, text }]).rules;
  const complaints = (file: string, text: string, expected: string[] = []) =>
    rulesOf(file, text)
      .flatMap((rule) => checkBundledRule(rule, new Set(expected)))
      .map(({ code, place, hint }) => `${place.line}:${place.column} ${code}${hint ? ` ${hint}` : ''}`);

  it('of our own must be proven by some atomic', () => {
    const text = sigma('    TargetFilename: x');
    expect(complaints('r.yml', text)).toEqual([
      '1:1 rule/unproven Name it under `detects` of an expectation.',
    ]);
    expect(complaints('r.yml', text, ['r'])).toEqual([]);
  });

  it('must not ask for fields that no sensor gives', () => {
    expect(
      complaints('r.yml', sigma('    TargetFilename: x\n    Sha256: y\n    Imgae: z'), ['r']).map((line) =>
        line.replace(/ Did.*/, ''),
      ),
    ).toEqual(['8:13 rule/unknown-field', '9:12 rule/unknown-field']);
    expect(
      complaints(
        'q.eql',
        'sequence by process.entity_idd\n  [file where file.pth == "x"]\n  [any where true]',
        ['q'],
      ),
    ).toEqual(
      [
        '1:1 rule/no-technique',
        expect.stringMatching(/^2:\d+ rule\/unknown-field Did you mean file.path\?$/),
        expect.stringMatching(/rule\/unknown-field Did you mean process.entity_id\?$/),
      ].sort(),
    );
  });

  it('of anybody should name a technique', () => {
    const [rule] = rulesOf(
      'r.yml',
      sigma('    TargetFilename: x', 'id: 33333333-3333-4333-8333-333333333333'),
    );
    expect(rule && checkRule(rule)).toMatchObject([{ code: 'rule/no-technique', severity: 'warning' }]);
  });

  it('cannot share a name or an id', () => {
    const text = 'any where true';
    const { rules } = loadRules([
      { file: 'a/q.eql', text },
      { file: 'b/q.eql', text },
    ]);
    expect(duplicateRules(rules).map(({ code, place }) => `${place.file} ${code}`)).toEqual([
      'b/q.eql rule/duplicate-slug',
      'b/q.eql rule/duplicate-id',
    ]);
  });

  it('that are broken hide neither each other nor the good ones', () => {
    const problems = lint({
      'rules/bad.yml': 'title: [',
      'rules/bad.toml': '[rule',
      'rules/bad.eql': 'file where',
      'rules/good.yml': sigma('    TargetFilename: x'),
    });
    for (const name of ['bad.yml', 'bad.toml', 'bad.eql']) {
      expect(problems.some((line) => line.startsWith(`${name}:`) && line.includes(' error '))).toBe(true);
    }
    expect(problems.some((line) => line.startsWith('good.yml'))).toBe(false);
  });
});
