// Words → typed options.

import { expect, it } from 'vitest';
import { parseArguments } from '../../../harness/cli/arguments.ts';
import { commands } from '../../../harness/cli/commands.ts';
import { readListOptions, readReplayOptions, readRunOptions } from '../../../harness/cli/options.ts';

const parse = (name: string, line: string) => {
  const command = commands.find((each) => each.name === name);
  if (!command) throw new TypeError(`no command ${name}`);
  return parseArguments(command, line.split(' ').filter(Boolean));
};

it('has defaults that leave the choice to the engine', () => {
  expect(readRunOptions(parse('run', ''))).toEqual({
    selectors: [],
    targets: [],
    mitigations: { kind: 'declared' },
    given: {},
    getPrereqs: false,
    variants: { kind: 'none' },
    atomics: [],
    rules: [],
    expect: [],
    sensors: [],
    clock: 'fast',
    jobs: null,
    shard: null,
    placeholders: {},
    placeholderFiles: [],
    out: null,
    reports: [{ format: 'console', file: null }],
    requirements: [],
    quiet: false,
    watch: 'progress',
    repeat: null,
  });
});

it('reads how a run is to end, and how often it is done', () => {
  expect(readRunOptions(parse('run', '--bail --repeat 20'))).toMatchObject({ bail: true, repeat: 20 });
});

it('reads every option of run', () => {
  const line =
    'T1053.003 at-* --target debian12,debian13-cronie --target alma9 --mitigation at-allow,cron-allow --variants writer,place --variants writer --atomics a --atomics b ' +
    '--arg path=/tmp/x=y --arg empty= --get-prereqs --rules r.yml --expect e.yaml --quiet --placeholder a=1 --placeholder %b%=x=y --placeholder a=2 --sensor ebpf,journal --sensor audit --clock=real --jobs 4 --shard 2/3 --durations old --out o --require rules-fire,survival=95 --report junit=a=b.xml --json';
  expect(readRunOptions(parse('run', line))).toEqual({
    selectors: ['T1053.003', 'at-*'],
    targets: ['debian12', 'debian13-cronie', 'alma9'],
    mitigations: { kind: 'named', names: ['at-allow', 'cron-allow'] },
    given: { path: '/tmp/x=y', empty: '' },
    getPrereqs: true,
    variants: { kind: 'axes', names: ['writer', 'place'] },
    atomics: ['a', 'b'],
    rules: ['r.yml'],
    expect: ['e.yaml'],
    quiet: true,
    watch: 'progress',
    repeat: null,
    sensors: ['ebpf', 'journal', 'audit'],
    clock: 'real',
    jobs: 4,
    shard: { index: 2, count: 3 },
    durations: 'old',
    placeholders: { a: ['1', '2'], b: ['x=y'] },
    placeholderFiles: [],
    out: 'o',
    reports: [
      { format: 'junit', file: 'a=b.xml' },
      { format: 'json', file: null },
    ],
    requirements: [
      { gate: 'rules-fire', percent: 100 },
      { gate: 'survival', percent: 95 },
    ],
  });
});

it('shows a run that is watched live, one case at a time', () => {
  expect(readRunOptions(parse('run', '--watch'))).toMatchObject({ watch: 'watch', jobs: 1, live: true });
  expect(readRunOptions(parse('run', '--watch --step'))).toMatchObject({
    watch: 'step',
    jobs: 1,
    live: true,
  });
});

it.each([
  ['--arg path', "--arg expects NAME=VALUE, got 'path'"],
  ['--arg =x', "--arg expects NAME=VALUE, got '=x'"],
  ['--arg a=1 --arg a=2', "--arg expects one value for a, got '1' and '2'"],
])('refuses %s', (line, message) => {
  expect(() => readRunOptions(parse('run', line))).toThrow(message);
});

it('reads mitigations that are applied together', () => {
  expect(readRunOptions(parse('run', '--mitigation a+b,c --mitigation d+e+f')).mitigations).toEqual({
    kind: 'named',
    names: ['a+b', 'c', 'd+e+f'],
  });
});

it.each(['all', 'none'] as const)('knows --mitigation %s', (kind) => {
  expect(readRunOptions(parse('run', `--mitigation ${kind}`)).mitigations).toEqual({ kind });
});

it.each([
  ['all', { kind: 'all' }],
  ['none', { kind: 'none' }],
  ['pairs', { kind: 'pairs', most: 64 }],
  ['pairs=1000', { kind: 'pairs', most: 1000 }],
])('knows --variants %s', (word, choice) => {
  expect(readRunOptions(parse('run', `--variants ${word}`)).variants).toEqual(choice);
  expect(() => readRunOptions(parse('run', `--variants ${word},writer`))).toThrow(
    expect.objectContaining({ code: 'usage/invalid-value' }),
  );
});

it('reads axes of variants, each once', () => {
  expect(readRunOptions(parse('run', '--variants writer,place --variants writer')).variants).toEqual({
    kind: 'axes',
    names: ['writer', 'place'],
  });
});

it.each(['pairs=0', 'pairs=', 'pairs=many', 'pairs=-1'])('takes no --variants %s', (word) => {
  for (const command of ['run', 'list'] as const) {
    const read = command === 'run' ? readRunOptions : readListOptions;
    const line = command === 'run' ? `--variants ${word}` : `${word} --variants`;
    expect(() => read(parse(command, line))).toThrow(
      expect.objectContaining({ code: 'usage/invalid-value', message: expect.stringContaining('pairs=N') }),
    );
  }
});

it.each([
  ['', ['console']],
  ['--report junit=x', ['junit']],
  ['--report junit=x --report console', ['junit', 'console']],
  ['--quiet', []],
  ['--quiet --report markdown', ['markdown']],
])(
  'shows the console where no report is asked for, and not when it is to be quiet: run %s',
  (line, formats) => {
    expect(readRunOptions(parse('run', line)).reports.map(({ format }) => format)).toEqual(formats);
  },
);

it('reads the options of replay', () => {
  expect(
    readReplayOptions(
      parse('replay', 'events.ndjson --sensor ebpf,residue --rules a --rules b --fields sigma --json'),
    ),
  ).toEqual({
    source: 'events.ndjson',
    watch: false,
    rules: ['a', 'b'],
    expect: [],
    quiet: false,
    fields: 'sigma',
    zone: null,
    sensors: ['ebpf', 'residue'],
    placeholders: {},
    placeholderFiles: [],
    out: null,
    reports: [{ format: 'json', file: null }],
    requirements: [],
  });
});
