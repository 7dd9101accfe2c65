// containers/targets.yaml: what is bundled is valid, what is wrong is said with its place.

import { describe, expect, it } from 'vitest';
import { loadTargets, parseTargets, readTargets } from '../../../harness/content/targets.ts';
import { sourceOf } from '../../../harness/model/source.ts';

const dockerfileIn = (context: string, name: string) =>
  context === 'target' && name === 'Dockerfile'
    ? 'ARG BASE\nFROM ${BASE}\n# ARG OLD\narg CRON=cron EXTRA="a b=c" \\\n  MORE\nRUN true\nFROM x\nARG LATER\n'
    : undefined;
const parse = (text: string) => parseTargets(sourceOf('targets.yaml', text), dockerfileIn);

describe('the bundled targets', () => {
  it('withhold everything by default', () => {
    expect(readTargets().get('debian12')?.profile).toEqual({
      capabilities: [],
      noNewPrivileges: false,
      withoutCapabilities: [],
      readOnlyRoot: false,
      tmpfs: { '/run': '', '/run/lock': '', '/tmp': 'exec', '/dev/shm': 'exec,mode=1777,size=64m' },
      memoryMiB: 256,
      pids: 512,
      diskMiB: 2048,
    });
  });
});

describe('a targets file', () => {
  const entry = (rest: string): string =>
    `targets:\n  one:\n    title: One\n    context: target\n    base: { image: a, suite: b }\n${rest}`;

  it('may grant a profile', () => {
    const text = entry('    profile: { capabilities: [SYS_ADMIN], pids: 1024 }\n');
    expect(parse(text).targets.get('one')?.profile).toMatchObject({
      capabilities: ['SYS_ADMIN'],
      pids: 1024,
    });
  });

  it.each([
    [
      'a folder outside of containers/',
      entry('').replace('context: target', 'context: ../x'),
      'targets.one.context',
      [4, 14],
    ],
    [
      'a capability with its prefix missing its form',
      entry('    profile: { capabilities: [cap_sys] }\n'),
      'capabilities[0]',
      [6, 31],
    ],
    ['an unknown key', entry('    privileged: true\n'), '`targets.one.privileged` is no known key', [6, 5]],
    ['a name in capitals', entry('').replace('one:', 'ONE:'), '`targets.ONE` cannot be a key', [2, 3]],
    [
      'a folder without a Dockerfile',
      entry('').replace('context: target', 'context: other'),
      'containers/other holds no Dockerfile',
      [4, 14],
    ],
    [
      'a build argument that no stage takes',
      entry('    buildArgs: { EXTRA: a, CRAN: b }\n'),
      'takes an ARG CRAN',
      [6, 28],
    ],
    [
      'a Dockerfile of another name that is not there',
      entry('    dockerfile: Dockerfile.dnf\n'),
      'containers/target holds no Dockerfile.dnf',
      [4, 14],
    ],
    [
      'a target to stand on that there is not',
      `${entry('')}  two:\n    title: Two\n    on: won\n`,
      'there is no target won',
      [8, 9],
    ],
    [
      'a target that has both an image and a target to stand on',
      entry('    on: one\n'),
      'expected either `base`, an image, or `on`, another target',
      [2, 3],
    ],
    [
      'a target that has neither',
      'targets:\n  one:\n    title: One\n    context: target\n',
      'expected either `base`, an image, or `on`, another target',
      [2, 3],
    ],
    [
      'a base without a folder',
      'targets:\n  one:\n    title: One\n    base: { image: a }\n',
      'expected `context`',
      [2, 3],
    ],
    [
      'one that stands on itself',
      'targets:\n  one:\n    title: One\n    on: one\n',
      'one stands on itself',
      [4, 9],
    ],
    [
      'a build argument where nothing is built',
      `${entry('')}  two:\n    title: Two\n    on: one\n    buildArgs: { EXTRA: a }\n`,
      'two builds nothing',
      [9, 18],
    ],
    ['one in a comment', entry('    buildArgs:\n      CRON: a\n      OLD: b\n'), 'ARG OLD', [8, 7]],
    ['one that chooses the image only', entry('    buildArgs: { BASE: a }\n'), 'ARG BASE', [6, 18]],
  ])('complains about %s at its place', (_, text, part, [line, column]) => {
    const { targets, problems } = parse(text);
    expect([...targets]).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(part);
    expect(problems[0]?.place).toEqual({ file: 'targets.yaml', line, column });
    expect(problems[0]?.sourceLine).toBe(text.split('\n')[(line ?? 0) - 1]);
  });

  it('may stand on another target: it has its image, or one that is built on it', () => {
    const { targets, problems } = parse(
      `${entry('')}  two:\n    title: Two\n    on: one\n    profile: { noNewPrivileges: true }\n` +
        '  three:\n    title: Three\n    on: two\n    context: target\n    verified: false\n',
    );
    expect(problems).toEqual([]);
    const one = targets.get('one');
    expect(one?.image).toMatchObject({ name: 'one', context: 'target', base: { image: 'a' }, on: null });
    expect(targets.get('two')?.image).toEqual(one?.image);
    expect(targets.get('two')?.profile.noNewPrivileges).toBe(true);
    expect(one?.profile.noNewPrivileges).toBe(false);
    expect(targets.get('three')?.image).toMatchObject({ name: 'three', on: one?.image });
    expect([...targets.values()].map(({ verified }) => verified)).toEqual([true, true, false]);
  });

  it('gives build arguments that some stage takes, or Docker itself', () => {
    const buildArgs = { CRON: 'a', EXTRA: 'b', MORE: 'c', LATER: 'd', https_proxy: 'e' };
    const text = entry(`    buildArgs: ${JSON.stringify(buildArgs)}\n`);
    expect(parse(text).targets.get('one')?.image.buildArgs).toEqual(buildArgs);
  });

  it('says what a mistyped build argument was likely meant to be', () => {
    expect(parse(entry('    buildArgs: { CRAN: b }\n')).problems[0]?.hint).toContain('mean CRON?');
  });

  it('says every problem at once', () => {
    const text = entry('    privileged: true\n').replace('title: One', 'title: 7');
    expect(parse(text).problems.map(({ place }) => place.line)).toEqual([3, 6]);
  });

  it('that is not there is a problem, too', () => {
    const { targets, problems } = loadTargets('/nowhere/targets.yaml');
    expect([...targets]).toEqual([]);
    expect(problems.map(({ code, place }) => [code, place.file])).toEqual([
      ['file/unreadable', '/nowhere/targets.yaml'],
    ]);
  });

  it('complains about broken YAML at its place', () => {
    expect(parse('targets:\n  - [').problems[0]?.place.line).toBe(2);
  });
});
