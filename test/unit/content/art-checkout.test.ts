// A whole checkout of Atomic Red Team given as atomics: what holds none is passed over without a word.

import { expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { folderOf } from './folder-of.ts';

const atomics = (technique: string, ...executors: string[]): string =>
  `attack_technique: ${technique}\ndisplay_name: d\natomic_tests:\n${executors
    .map(
      (executor) =>
        `- name: ${executor} of ${technique}\n  description: d\n  supported_platforms: [${executor === 'sh' ? 'linux' : 'windows'}]\n  executor: {name: ${executor}, command: id}\n`,
    )
    .join('')}`;

/** What lies in the real one: indexes beside the atomics, payloads and drafts below, workflows outside. */
const files = {
  'T1053.003/T1053.003.yaml': atomics('T1053.003', 'sh', 'powershell'),
  'T1053.003/src/pod.yaml': 'kind: Pod\n',
  'T1059/T1059.yaml': atomics('T1059', 'command_prompt'),
  'Indexes/index.yaml': 'persistence:\n  T1053.003:\n    atomic_tests: []\n',
  'Indexes/linux-index.yaml': 'atomic_tests: 1\n',
};
const outside = {
  '.github/workflows/validate.yml': 'on: push\n',
  'atomic_red_team/spec.yaml': atomics('T1', 'sh'),
  'mine/expectations.yaml': '{}\n',
};
const below = (folder: string, tree: Record<string, string>) =>
  Object.fromEntries(Object.entries(tree).map(([path, text]) => [`${folder}/${path}`, text]));

it.each<[string, Record<string, string>]>([
  ['the repository', { ...below('atomics', files), ...outside }],
  ['its folder of atomics', files],
])('of %s', (_, tree) => {
  const { atomics: found, problems } = loadAtomics({ bundled: false, foreign: [folderOf(tree)] });
  expect(problems).toEqual([]);
  expect(found.map(({ name, unsupported }) => [name, unsupported])).toEqual([
    ['sh of T1053.003', null],
    ['powershell of T1053.003', 'supported platforms: windows'],
    ['command_prompt of T1059', 'supported platforms: windows'],
  ]);
});

it('still tells what it passes over in a folder of other kinds', () => {
  const { problems } = loadAtomics({
    bundled: false,
    foreign: [folderOf({ 'a.yaml': atomics('T1053.003', 'sh'), 'notes/b.yaml': 'kind: Pod\n' })],
  });
  expect(problems.map(({ code }) => code)).toEqual(['atomic/ignored']);
});
