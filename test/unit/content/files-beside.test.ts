// The files that lie beside foreign atomics: found in ART's layout and in flat ones, and nothing else of the machine.

import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { filesBeside } from '../../../harness/content/files-beside.ts';
import { folderOf } from './folder-of.ts';

const test = (name: string, command: string, more = '') => `- name: ${name}
  description: d
  supported_platforms: [linux]
${more}  executor:
    name: sh
    command: ${command}
`;
const file = (...tests: string[]) =>
  `attack_technique: T1053.003\ndisplay_name: d\natomic_tests:\n${tests.join('')}`;

function load(folder: string) {
  const { atomics, problems, written } = loadAtomics({ bundled: false, foreign: [folder] });
  expect(problems).toEqual([]);
  return atomics.map((atomic) => {
    const source =
      written.atomics.find((parsed) => parsed.atomic.guid === atomic.guid)?.yaml.source.file ?? '';
    const files = filesBeside(atomic, source).map(({ path, content, mode }) => [
      path.replace('/opt/AtomicRedTeam/', ''),
      Buffer.from(content).toString(),
      mode.toString(8),
    ]);
    return { name: atomic.name, unsupported: atomic.unsupported, files };
  });
}

it("brings the whole folder of each technique that is named, as ART's repository has it", () => {
  const folder = folderOf({
    'atomics/T1053.003/T1053.003.yaml': file(
      test('own', 'sh $PathToAtomicsFolder/T1053.003/src/x.sh'),
      test('other', 'sh "PathToAtomicsFolder/T1070/bin/y" && cat PathToAtomicsFolder/../ExternalPayloads/z'),
      test('none', 'id'),
    ),
    'atomics/T1053.003/src/x.sh': 'x',
    'atomics/T1070/bin/y': 'y',
    'ExternalPayloads/z': 'z',
  });
  chmodSync(join(folder, 'atomics/T1053.003/src/x.sh'), 0o750);
  chmodSync(join(folder, 'atomics/T1070/bin/y'), 0o644);
  const [own, other, none] = load(join(folder, 'atomics'));
  expect(own?.files).toContainEqual(['atomics/T1053.003/src/x.sh', 'x', '750']);
  expect(other?.files).toEqual([
    ['atomics/T1070/bin/y', 'y', '644'],
    ['ExternalPayloads/z', 'z', '644'],
  ]);
  expect(none?.files).toEqual([]);
});

it('finds src and bin beside a file that lies in no folder of its technique', () => {
  const folder = folderOf({
    'mine.yaml': file(test('flat', 'sh ../atomics/T1053.003/src/x.sh')),
    'src/x.sh': 'x',
    'secret.txt': 'not needed',
  });
  expect(load(folder)[0]).toMatchObject({
    unsupported: null,
    files: [['atomics/T1053.003/src/x.sh', 'x', expect.any(String)]],
  });
});

it('says what is not there, unless a prerequisite sees to it', () => {
  const dependency = `  input_arguments:
    tool: {description: t, type: path, default: PathToAtomicsFolder/T1053.003/src/tool}
  dependencies:
  - description: the tool
    prereq_command: test -f #{tool}
    get_prereq_command: curl -o #{tool} https://example.org/tool
`;
  const folder = folderOf({
    'T1053.003.yaml': file(
      test('missing', 'sh PathToAtomicsFolder/T1053.003/src/gone.sh'),
      test('fetched', 'sh #{tool}', dependency),
      test('pattern', 'cat PathToAtomicsFolder/T1053.003/src/*.sh'),
      test('written', 'echo > PathToAtomicsFolder/T1053.003/out'),
    ),
  });
  expect(load(folder).map(({ name, unsupported }) => [name, unsupported])).toEqual([
    ['missing', 'needs T1053.003/src/gone.sh, not found beside it'],
    ['fetched', null],
    ['pattern', null],
    ['written', null],
  ]);
});

it('follows no link out of the folder, and no path up from it', () => {
  const folder = folderOf({
    'T1053.003/T1053.003.yaml': file(
      test('links', 'sh PathToAtomicsFolder/T1053.003/src/x.sh; cat PathToAtomicsFolder/../../secret'),
    ),
    'T1053.003/src/x.sh': 'x',
    secret: 's',
  });
  symlinkSync(join(folder, 'secret'), join(folder, 'T1053.003/src/leak'));
  const names = load(folder)[0]?.files.map(([path]) => path);
  expect(names).toEqual(['atomics/T1053.003/T1053.003.yaml', 'atomics/T1053.003/src/x.sh']);
});
