// What a program asks for is what the command line asks for in words, and what is misspelt is not passed over.

import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../harness/cli/arguments.ts';
import { commands } from '../../../harness/cli/commands.ts';
import { readReplayOptions, readRunOptions } from '../../../harness/cli/options.ts';
import {
  checkOptions,
  type ReplayOptions,
  type RunOptions,
  replayRequestOf,
  requirementsOf,
  runRequestOf,
} from '../../../harness/library/options.ts';

const parsed = (name: string, words: readonly string[]) => {
  const command = commands.find((one) => one.name === name);
  if (!command) throw new RangeError(`no command ${name}`);
  return parseArguments(command, words);
};

it.each<[string, RunOptions]>([
  ['', {}],
  ['T1053.003', { selectors: 'T1053.003' }],
  ['at-stdin cron-d-drop', { selectors: ['at-stdin', 'cron-d-drop'] }],
  ['--target debian12,debian13', { targets: ['debian12', 'debian13'] }],
  ['--mitigation none', { mitigations: 'none' }],
  ['--mitigation all', { mitigations: 'all' }],
  ['--mitigation at-allow+cron-allow', { mitigations: 'at-allow+cron-allow' }],
  ['--mitigation at-allow,cron-allow', { mitigations: ['at-allow', 'cron-allow'] }],
  ['--variants all', { variants: 'all' }],
  ['--variants pairs=5', { variants: 'pairs=5' }],
  ['--variants writer,place', { variants: ['writer', 'place', 'writer'] }],
  ['--atomics foreign --rules a --rules b', { atomics: 'foreign', rules: ['a', 'b'] }],
  ['--expect mine.yaml --sensor ebpf', { expect: 'mine.yaml', sensors: 'ebpf' }],
  ['--arg command=/usr/bin/true', { args: { command: '/usr/bin/true' } }],
  [
    '--placeholder admins=root --placeholder v.yml',
    { placeholders: { admins: 'root' }, placeholderFiles: 'v.yml' },
  ],
  ['--clock real --jobs 3 --shard 2/3', { clock: 'real', jobs: 3, shard: { index: 2, count: 3 } }],
  ['--shard 2/3 --durations recorded', { shard: { index: 2, count: 3 }, durations: 'recorded' }],
  ['--get-prereqs --out run', { getPrereqs: true, out: 'run' }],
  ['--resume run --bail', { resume: 'run', bail: true }],
])('run %s', (words, options) => {
  const {
    reports: _,
    quiet: __,
    watch: ___,
    repeat: ____,
    requirements,
    ...request
  } = readRunOptions(parsed('run', words.split(' ').filter(Boolean)));
  expect(runRequestOf(options)).toEqual(request);
  expect(requirementsOf(options)).toEqual(requirements);
});

it.each<[string, ReplayOptions]>([
  ['', {}],
  ['--rules mine --sensor journal', { rules: 'mine', sensors: ['journal'] }],
  ['--fields sigma --zone Europe/Berlin', { fields: 'sigma', zone: 'Europe/Berlin' }],
  ['--expect mine.yaml --out again', { expect: 'mine.yaml', out: 'again' }],
])('replay %s', (words, options) => {
  const {
    reports: _,
    quiet: __,
    requirements: ___,
    watch: ____,
    ...request
  } = readReplayOptions(parsed('replay', ['runs/1', ...words.split(' ').filter(Boolean)]));
  expect(replayRequestOf('runs/1', options)).toEqual(request);
});

it('asks for gates as --require does', () => {
  const words = ['--require', 'attacks-seen,branches=90'];
  const { requirements } = readRunOptions(parsed('run', words));
  expect(requirementsOf({ require: { branches: 90, 'attacks-seen': 100 } })).toEqual(requirements);
});

describe('refused', () => {
  it.each<['run' | 'replay' | 'detonate' | 'recorded', object, string, RegExp]>([
    ['run', { selector: 'at-stdin' }, 'library/unknown-option', /^run has no option selector$/],
    ['detonate', { targets: 'debian12' }, 'library/unknown-option', /^detonate has no option targets$/],
    ['recorded', { out: 'x' }, 'library/unknown-option', /^recorded has no option out$/],
    ['run', { jobs: 0 }, 'library/invalid-option', /^run: jobs: .*>=1/],
    [
      'run',
      { selectors: 7 },
      'library/invalid-option',
      /^run: selectors: expected a text, or an array of texts$/,
    ],
    ['run', { mitigations: 'a+a' }, 'library/invalid-option', /^run: mitigations: /],
    ['detonate', { mitigation: 'a+a' }, 'library/invalid-option', /each mitigation once/],
    [
      'run',
      { shard: { index: 4, count: 3 } },
      'library/invalid-option',
      /^run: shard: .*no more than the count/,
    ],
    ['run', { require: { 'attacks-sen': 1 } }, 'library/invalid-option', /^run: require/],
    ['run', { require: { branches: 101 } }, 'library/invalid-option', /^run: require\.branches: .*<=100/],
    [
      'replay',
      { zone: 'Middle/Earth' },
      'library/invalid-option',
      /^replay: zone: expected the name of a time zone/,
    ],
    ['replay', { fields: 'ces' }, 'library/invalid-option', /^replay: fields: .*"ecs"/],
    ['run', { onEvent: 'log' }, 'library/invalid-option', /^run: onEvent: expected a function/],
  ])('%s %j', (of, options, code, message) => {
    const refused = () => checkOptions(of, options);
    expect(refused).toThrow(expect.objectContaining({ code, exitCode: 2 }));
    expect(refused).toThrow(message);
  });

  it('with what was likely meant', () => {
    expect(() => checkOptions('run', { selector: 'x' })).toThrow(
      expect.objectContaining({ hint: 'Did you mean selectors?' }),
    );
  });
});
