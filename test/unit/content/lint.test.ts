// Lint: nothing to say about what is bundled, and the right word about everything that can be wrong.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAtomicFile } from '../../../harness/content/atomic-file.ts';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { type Catalogue, loadCatalogue } from '../../../harness/content/catalogue.ts';
import { checkAttack } from '../../../harness/content/lint/atomics.ts';
import { lintContent } from '../../../harness/content/lint/index.ts';
import { checkBundledRule, checkRule, duplicateRules } from '../../../harness/content/lint/rules.ts';
import { loadMitigations } from '../../../harness/content/mitigations.ts';
import { readTargets } from '../../../harness/content/targets.ts';
import { parseYaml } from '../../../harness/content/yaml.ts';
import type { Problem } from '../../../harness/model/errors.ts';
import { sourceOf } from '../../../harness/model/source.ts';
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

const bundledTargets = readTargets();

/** What lint says about these files beside the bundled content. */
function lint(files: Record<string, string>, targets = bundledTargets): string[] {
  const folder = folderOf(files);
  const has = (ending: string) => Object.keys(files).some((path) => path.endsWith(ending));
  const catalogue = loadCatalogue({
    atomics: has('.yaml') ? [join(folder, 'atomics')] : [],
    rules: has('.yml') || has('.toml') || has('.eql') ? [join(folder, 'rules')] : [],
  });
  return said(lintContent(catalogue, targets));
}

it('has nothing to say about the bundled content', () => {
  expect(lintContent(loadCatalogue({ atomics: [], rules: [] }), bundledTargets)).toEqual([]);
});

describe('what is otherwise on a family of targets', () => {
  const entry = (text: string, kind = 'attack') =>
    lint({
      'atomics/a.yaml': atomics(test()),
      'atomics/expectations.yaml': `${guid}:\n  slug: x\n  kind: ${kind}\n  detects: [${kind === 'attack' ? 'at-submitted' : ''}]\n  families:\n${text}`,
    });

  it.each<[what: string, text: string, kind: string, problems: string[]]>([
    ['is nothing to complain about', '    cronie: {observation: inert, reason: r}\n', 'attack', []],
    ['names a family', '    cronje: {exitCode: 1}\n', 'attack', ['6:5 error reference/unknown-family']],
    [
      'names rules',
      '    cronie:\n      detects: [nothing]\n',
      'attack',
      ['7:17 error reference/unknown-rule'],
    ],
    [
      'contradicts nothing that holds there, too',
      '    cronie:\n      evades: [{rule: at-submitted, why: w}]\n',
      'attack',
      ['7:23 error expectation/contradiction'],
    ],
    [
      'may lift what holds elsewhere',
      '    cronie:\n      detects: []\n      evades: [{rule: at-submitted, why: w}]\n',
      'attack',
      [],
    ],
    [
      'lets no rule fire on a benign twin either',
      '    cronie:\n      detects: [at-submitted]\n',
      'benign',
      ['7:7 error expectation/benign-detects'],
    ],
    [
      'takes no account of what is the same everywhere',
      '    cronie: {user: bob}\n',
      'attack',
      ['6:14 error'],
    ],
  ])('%s', (_, text, kind, problems) => {
    const found = entry(text, kind).filter((line) => line.startsWith('expectations.yaml'));
    expect(found.map((line) => line.replace('expectations.yaml:', ''))).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toContain(problem);
  });
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

  it('finds records that are claimed by a key which no audit rule has', () => {
    const written = loadMitigations(
      folderOf({
        'm.yaml': `id: m
name: n
description: d
attack: M1047
audit: ['-w /etc/cron.d -p wa -k jobs']
stops: []
records:
- {atomic: at-stdin, key: jops}
- {atomic: at-stdinn, key: jobs}
legitimate: [{name: l, command: '#{command}'}]
families:
  cronie: {audit: ['-w /etc/cron.d -p wa -k tables'], records: [{atomic: at-stdin, key: jobs}]}
`,
      }),
    );
    const catalogue: Catalogue = { ...loadCatalogue({ atomics: [], rules: [] }), mitigations: written };
    expect(said(lintContent(catalogue, bundledTargets))).toEqual([
      'm.yaml:8:27 error reference/unknown-audit-key',
      'm.yaml:9:12 error reference/unknown-atomic',
      'm.yaml:12:89 error reference/unknown-audit-key',
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
legitimate: [{name: l, command: '#{command}'}]
bypasses:
- {how: h, atomic: art-at}
- {how: h, atomic: nothing}
`,
      }),
    );
    const catalogue: Catalogue = { ...loadCatalogue({ atomics: [], rules: [] }), mitigations: written };
    const problems = lintContent(catalogue, bundledTargets);
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
  executor: {name: sh, command: 'echo #{x}', elevation_required: 'true', elevation_require: true}
`;
    const folder = folderOf({ 'a.yaml': bare });
    const catalogue = loadCatalogue({ atomics: [folder], rules: [] });
    expect(catalogue.problems).toEqual([]);
    const problems = lintContent(catalogue, new Map()).filter(({ place }) => place.file.startsWith(folder));
    expect(problems.map(({ message, hint }) => `${message}${hint ? ` ${hint}` : ''}`)).toEqual([
      'expected a `display_name`',
      'expected a `description`',
      '`Linux` is no platform that ART knows Did you mean linux?',
      'expected a `description`',
      'expected a `type`',
      'expected a `description`',
      'expected true or false, got text: leave the quotes out',
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
    const problems = lintContent(loadCatalogue({ atomics: [folder], rules: [] }), new Map());
    expect(problems.find(({ code }) => code === 'atomic/unused-input')?.hint).toMatch(/begin a comment/);
  });

  it('are told where YAML took the end of a text for a comment', () => {
    const input =
      '  input_arguments:\n    x: {description: d, type: path, default: /x}\n    y:\n      description: d\n      type: path\n      default: #{x}\n';
    const texts =
      '\n    name: sh\n    command: |\n      echo #{x} #{y}\n    cleanup_command: rm -f #{x} # all';
    expect(lint({ 'atomics/a.yaml': atomics(test(input, texts)) })).toEqual([
      'a.yaml:12:22 warning atomic/comment',
      'a.yaml:18:7 warning atomic/comment',
    ]);
    const quoted = "\n    name: sh\n    command: 'echo #{x}' # x\n    cleanup_command: rm #x";
    expect(
      lint({ 'atomics/a.yaml': atomics(test(input.replace('#{x}', '/y#{x}'), quoted)) }),
    ).not.toContainEqual(expect.stringContaining('atomic/comment'));
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
    const problems = said(lintContent(catalogue, bundledTargets)).filter((line) => line.startsWith('a.yaml'));
    expect(problems).toEqual(
      [
        'a.yaml:4:9 warning atomic/no-guid',
        'a.yaml:4:3 warning atomic/no-expectation',
        'a.yaml:7:13 warning atomic/no-cleanup',
        'a.yaml:7:33 warning atomic/no-payload',
      ].sort(),
    );
  });

  it.each([true, false])('may have the payload in what is prepared for them: %s', (isPrepared) => {
    const prepared = `  dependencies:\n  - description: d\n    prereq_command: test -f /f\n    get_prereq_command: echo '${isPrepared ? '#{command}' : 'x'}' > /f\n`;
    const input = '  input_arguments:\n    command: {description: d, type: string, default: x}\n';
    const text = atomics(test(input + prepared, '{name: sh, command: chmod +x /f, cleanup_command: rm /f}'));
    const { yaml } = parseYaml(sourceOf('a.yaml', text));
    const found = yaml ? parseAtomicFile(yaml, { source: 'a.yaml', foreign: false }).atomics : [];
    const codes = found.map((one) => checkAttack(one).map(({ code }) => code));
    expect(codes).toEqual([isPrepared ? [] : ['atomic/no-payload']]);
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

describe('rules of anybody', () => {
  const eql = (query: string) => lint({ 'rules/r.eql': query }).filter((line) => line.startsWith('r.eql'));

  it.each([
    ['process where process.nane == "at"', ['r.eql:1:15 warning rule/unknown-field']],
    ['file where file.pth : "/etc/*"', ['r.eql:1:12 warning rule/unknown-field']],
    ['file where file.path : "x" and file.pth : ("a*", "b*")', ['r.eql:1:32 warning rule/unknown-field']],
    ['file where file.pth in~ ("a", "b")', ['r.eql:1:12 warning rule/unknown-field']],
    ['file where "/etc" == file.pth', ['r.eql:1:22 warning rule/unknown-field']],
    ['file where not endsWith~(file.pth, "b")', ['r.eql:1:26 warning rule/unknown-field']],
    ['file where 3 < length(file.name) + length(file.nane)', ['r.eql:1:43 warning rule/unknown-field']],
    [
      'sequence by host.idd [file where true] by file.pth [file where true] by file.path until [file where true] by file.path',
      ['r.eql:1:13 warning rule/unknown-field', 'r.eql:1:43 warning rule/unknown-field'],
    ],
    ['process where process.name == "at" and process.hash.sha256 == "x"', []],
    ['process where process.Ext.token.elevation == true and winlog.event_id == "1"', []],
    [
      'sequence by process.entity_id [process where true] [file where file.paht != null]',
      ['r.eql:1:64 warning rule/unknown-field'],
    ],
    ['process where match(process.name, "a.*")', ['r.eql:1:15 error eql/endgame-function']],
    [`sample by host.id ${'[process where true] '.repeat(6)}`, ['r.eql:1:124 error eql/sample-filters']],
  ])('EQL: %s', (query, expected) => {
    expect(eql(query).filter((line) => !line.endsWith('rule/no-technique'))).toEqual(expected);
  });

  const attributes = (head: string, body = '    TargetFilename: /x', source = 'file_event') =>
    lint({
      'rules/r.yml': sigma(body, `id: 33333333-3333-4333-8333-333333333333\n${head}`).replace(
        'file_event',
        source,
      ),
    }).filter((line) => !line.endsWith('rule/no-technique'));

  it.each([
    [
      'status: experimental\ndate: 2026-02-28\nmodified: 2026/03/01\ntags: [attack.t1053.003, cve.2021-4034]',
      [],
    ],
    ['status: tested', ['r.yml:3:9 warning sigma/status']],
    ['date: 2026-02-30', ['r.yml:3:7 warning sigma/date']],
    ['modified: yesterday', ['r.yml:3:11 warning sigma/modified']],
    ['related: [{id: x, type: same}]', ['r.yml:3:25 warning sigma/related']],
    ['related: [x]', ['r.yml:3:11 warning sigma/related']],
    ['tags: [attack.t1053.02]', ['r.yml:3:8 warning sigma/tag']],
    ['tags: [atack.t1053.003]', ['r.yml:3:8 warning sigma/tag']],
    ['references: https://example.org', ['r.yml:3:13 warning sigma/attribute']],
    ['author: [a, b]', ['r.yml:3:9 warning sigma/attribute']],
    ['level: hihg', ['r.yml:3:8 warning sigma/level']],
  ])('Sigma: %s', (head, expected) => {
    expect(attributes(head)).toEqual(expected);
  });

  it('has a word about long titles, and about identifiers that are no text', () => {
    const text = sigma('    TargetFilename: /x').replace('title: T', `title: ${'T'.repeat(257)}`);
    expect(lint({ 'rules/r.yml': text })).toEqual(['r.yml:1:8 warning sigma/title']);
    const numbered = sigma('    TargetFilename: /x').replaceAll('selection', '1');
    expect(lint({ 'rules/r.yml': numbered })).toEqual(['r.yml:6:3 warning sigma/identifier']);
  });

  it('says what a mistyped log source, field or tag was likely meant to be', () => {
    const hints = (text: string) => {
      const folder = folderOf({ 'r.yml': text });
      const { problems } = loadCatalogue({ atomics: [], rules: [folder] });
      return problems.map(({ hint }) => hint);
    };
    expect(hints(sigma('    TargetFilname: /x'))).toEqual(['Did you mean `TargetFilename`?']);
    expect(hints(sigma('    Image: /x').replace('file_event', 'proces_creation'))).toEqual([
      'Did you mean `category: process_creation`?',
    ]);
    expect(hints(sigma('    TargetFilename: /x', 'tags: [attack.t1053.03]'))).toEqual([
      'Did you mean `attack.t1053.003`?',
    ]);
    expect(hints(sigma('    TargetObject: x').replace('file_event', 'registry_set'))).toEqual([undefined]);
  });
});
