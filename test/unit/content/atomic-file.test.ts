// One file of atomics: what comes out of a good one, and where a bad one is wrong.

import { describe, expect, it } from 'vitest';
import { looksLikeAtomicFile, parseAtomicFile } from '../../../harness/content/atomic-file.ts';
import { parseYaml } from '../../../harness/content/yaml.ts';
import { formatProblem } from '../../../harness/model/errors.ts';
import { sourceOf } from '../../../harness/model/source.ts';

const origin = { source: 'T1053.003.yaml', foreign: true };
function parse(text: string) {
  const { yaml, problems } = parseYaml(sourceOf('f.yaml', text));
  if (!yaml) throw new TypeError(problems.map(formatProblem).join('\n'));
  return parseAtomicFile(yaml, origin);
}
const head = `attack_technique: T1053.003
display_name: 'Scheduled Task/Job: Cron'
atomic_tests:
`;
const test = (name: string, more = '', executor = '{name: sh, command: id}', platforms = '[linux]') =>
  `- name: ${name}
  description: d
  supported_platforms: ${platforms}
  executor: ${executor}
${more}`;
const unsupported = (executor: string, platforms?: string) =>
  parse(head + test('x', '', executor, platforms)).atomics[0]?.atomic.unsupported;

describe('a good file', () => {
  it('becomes atomics with everything that a run needs', () => {
    const { atomics, problems } = parse(`${head}- name: ' One '
  auto_generated_guid: 54AB3323-A55C-4F46-B831-B7E58EEBAFD7
  description: |
    First line.
  supported_platforms:
  - macos
  - linux
  input_arguments:
    text: {description: t, type: string, default: hello}
    number: {description: n, type: integer, default: 5}
    nothing: {description: o, type: string, default: }
  dependency_executor_name: bash
  dependencies:
  - description: needs x
    prereq_command: test -e x
    get_prereq_command: ''
  executor:
    name: sh
    elevation_required: true
    command: |
      echo #{text}
    cleanup_command: rm x
`);
    expect(problems).toEqual([]);
    expect(atomics.map(({ atomic }) => atomic)).toEqual([
      {
        guid: '54ab3323-a55c-4f46-b831-b7e58eebafd7',
        name: 'One',
        description: 'First line.',
        technique: 'T1053.003',
        source: 'T1053.003.yaml',
        foreign: true,
        platforms: ['macos', 'linux'],
        inputs: {
          text: { description: 't', type: 'string', default: 'hello' },
          number: { description: 'n', type: 'integer', default: '5' },
          nothing: { description: 'o', type: 'string', default: '' },
        },
        dependencies: [{ description: 'needs x', check: 'test -e x', get: null }],
        dependencyExecutor: 'bash',
        executor: { name: 'sh', elevationRequired: true, command: 'echo #{text}\n', cleanup: 'rm x' },
        unsupported: null,
      },
    ]);
  });

  it('gives an atomic without a GUID one that stays, apart from all others', () => {
    const guidOf = (name: string, text = head) => parse(text + test(name)).atomics[0]?.atomic.guid;
    expect(guidOf('a')).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    expect(guidOf('a')).toBe(guidOf('a'));
    expect(new Set([guidOf('a'), guidOf('b'), guidOf('a', head.replace('.003', '.002'))]).size).toBe(3);
  });
});

it.each([
  ['true', true],
  ['"true"', true],
  ['True', true],
  ['yes', true],
  ['On', true],
  ['no', false],
  ["'false'", false],
])('reads elevation_required: %s as ART does', (written, meant) => {
  const { atomics, problems } = parse(
    head + test('x', '', `{name: sh, command: id, elevation_required: ${written}}`),
  );
  expect(problems).toEqual([]);
  expect(atomics[0]?.atomic.executor.elevationRequired).toBe(meant);
});

it.each(['maybe', '1', '[true]'])('refuses elevation_required: %s', (written) => {
  const { problems } = parse(head + test('x', '', `{name: sh, command: id, elevation_required: ${written}}`));
  expect(problems).toMatchObject([
    { code: 'schema/invalid-type', message: expect.stringContaining('expected true or false') },
  ]);
});

describe('what cannot run on a Linux target', () => {
  it('says why', () => {
    expect(unsupported('{name: command_prompt, command: at}', '[windows]')).toBe(
      'supported platforms: windows',
    );
    expect(unsupported('{name: sh, command: launchctl}', '[macos, windows]')).toBe(
      'supported platforms: macos, windows',
    );
    expect(unsupported('{name: bash, command: kubectl run x}', '[containers]')).toBe(
      'supported platforms: containers (needs kubectl)',
    );
    expect(unsupported('{name: powershell, command: x}')).toBe('executor powershell');
    expect(unsupported('{name: manual, steps: look around}')).toBe(
      'executor manual: steps for a person, not for a machine',
    );
    expect(unsupported('{name: sh, command: sh $PathToAtomicsFolder/T1053.003/src/x.sh}')).toBe(
      'needs T1053.003/src/x.sh, not found beside it',
    );
    expect(
      parse(
        `${head}${test('x', '  dependency_executor_name: powershell\n  dependencies:\n  - {description: d}')}`,
      ).atomics[0]?.atomic.unsupported,
    ).toBe('executor powershell for its dependencies');
    expect(unsupported('{name: bash, command: id}')).toBeNull();
  });
});

describe('a bad file', () => {
  const complaints = (text: string) =>
    parse(text).problems.map(
      ({ place, code, message }) => `${place.line}:${place.column} ${code} ${message}`,
    );

  it('keeps the good tests beside the bad ones', () => {
    const { atomics, problems } = parse(
      head + test('first') + test('[not, text]') + test('no command', '', '{name: sh}') + test('last'),
    );
    expect(atomics.map(({ atomic }) => atomic.name)).toEqual(['first', 'last']);
    expect(problems).toHaveLength(2);
  });

  it('says where and what, in the words of YAML', () => {
    expect(complaints(head + test('[a, b]'))).toEqual([
      '4:9 schema/invalid-type `atomic_tests[0].name`: expected text, got a list',
    ]);
    expect(complaints(`${head}- name: x\n  description: d\n  supported_platforms: [linux]\n`)).toEqual([
      '4:3 schema/missing `atomic_tests[0].executor`: missing, expected a mapping',
    ]);
    expect(complaints(head + test('x', '', '{name: sh}'))).toEqual([
      '7:13 atomic/executor expected a `command` for the executor sh',
    ]);
    expect(complaints(head + test('x', '', '{name: manual, command: id}'))).toEqual([
      '7:13 atomic/executor expected `steps` for a person to follow: the executor is manual',
    ]);
    expect(complaints(head + test('x', '  auto_generated_guid: 123\n'))[0]).toMatch(
      /^8:24 schema\/invalid-type/,
    );
    expect(complaints(head.replace('T1053.003', 'cron') + test('x'))).toEqual([
      '1:19 schema/invalid-format `attack_technique`: expected an ATT&CK technique id such as T1053.003',
    ]);
    expect(complaints(head.replace(/\n.*\n$/, '\natomic_tests: {}\n'))).toEqual([
      '3:15 schema/invalid-type `atomic_tests`: expected a list, got a mapping',
    ]);
  });

  it('says where an input argument has a value that is no scalar', () => {
    const more = '  input_arguments:\n    a: {description: d, type: string, default: [1]}\n';
    expect(complaints(head + test('x', more))).toEqual([
      '9:48 schema/invalid-union `atomic_tests[0].input_arguments.a.default`: expected text or a number or true or false',
    ]);
  });
});

it('tells a file of atomics from what lies beside it', () => {
  const looks = (text: string) => {
    const { yaml } = parseYaml(sourceOf('f.yaml', text));
    return yaml !== null && looksLikeAtomicFile(yaml);
  };
  expect(['atomic_tests: []', 'attack_technique: x', '{"atomic_tests": 1}'].map(looks)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['', '[]', 'a: 1', 'persistence:\n  T1053:\n    atomic_tests: []'].map(looks)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
