// What is asked of a run whose foreign atomics cannot all be used: what is bundled never stands in for them.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTargets } from '../../../harness/content/targets.ts';
import { loadForRun } from '../../../harness/main/load-content.ts';
import { ContentError } from '../../../harness/model/errors.ts';
import { folderOf } from '../content/folder-of.ts';
import { bareRequest } from './bare-request.ts';

const targets = new Map([...readTargets()].filter(([name]) => name === 'debian12'));
const mine = `attack_technique: T1053.002
display_name: At
atomic_tests:
- name: My own
  auto_generated_guid: 6a3f7c3e-9a43-4d0c-9a51-0e5a0c5ba001
  description: d
  supported_platforms: [linux]
  executor: {name: sh, command: echo id | at now}
`;
const written = () => folderOf({ 'T1053.002.yaml': mine, 'T1053.003.yaml': 'atomic_tests: 3\n' });
const load = (atomics: string[], selectors: string[]) =>
  loadForRun({ ...bareRequest, atomics, selectors }, targets, () => {});

it.each([
  ['a path that is not there', 'nowhere', 'no such file or folder'],
  ['a file that is none of atomics', 'T1053.003.yaml', '`atomic_tests`: expected a list'],
])('%s is refused before anything runs, with selectors too', (_, name, message) => {
  const folder = written();
  for (const selectors of [[], ['T1053.002'], ['at-stdin']]) {
    const attempt = () => load([join(folder, name)], selectors);
    expect(attempt).toThrow(ContentError);
    expect(attempt).toThrow(message);
  }
});

it('one bad file beside a good one hides it not, and is told', () => {
  const { planned, hasErrors } = load([written()], []);
  expect(hasErrors).toBe(true);
  const names = planned.flatMap((one) => (one.kind === 'attack' ? [one.atomic.name] : []));
  expect(names).toEqual(['My own']);
});
