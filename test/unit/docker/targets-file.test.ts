// containers/targets.yaml: what is bundled is valid, what is wrong is said with its place.

import { describe, expect, it } from 'vitest';
import { parseTargets, readTargets } from '../../../harness/docker/image/targets-file.ts';
import { ContentError } from '../../../harness/model/errors.ts';

const problems = (text: string) => {
  try {
    parseTargets(text, 'targets.yaml');
    return [];
  } catch (error) {
    if (error instanceof ContentError) return error.problems;
    throw error;
  }
};

describe('the bundled targets', () => {
  it('withhold everything by default', () => {
    expect(readTargets().get('debian12')?.profile).toEqual({
      capabilities: [],
      noNewPrivileges: false,
      readOnlyRoot: false,
      tmpfs: { '/run': '', '/run/lock': '', '/tmp': 'exec' },
      memoryMiB: 256,
      pids: 512,
    });
  });
});

describe('a targets file', () => {
  const entry = (rest: string): string =>
    `targets:\n  one:\n    title: One\n    context: target\n    base: { image: a, suite: b }\n${rest}`;

  it('may grant a profile', () => {
    const text = entry('    profile: { capabilities: [SYS_ADMIN], pids: 1024 }\n');
    expect(parseTargets(text, 'f').get('one')?.profile).toMatchObject({
      capabilities: ['SYS_ADMIN'],
      pids: 1024,
    });
  });

  it.each([
    [
      'a folder outside of containers/',
      entry('').replace('context: target', 'context: ../x'),
      'targets.one.context',
      4,
    ],
    [
      'a capability with its prefix missing its form',
      entry('    profile: { capabilities: [cap_sys] }\n'),
      'capabilities',
      6,
    ],
    ['an unknown key', entry('    privileged: true\n'), 'privileged', 3],
    ['a name in capitals', entry('').replace('one:', 'ONE:'), 'targets.ONE', 3],
  ])('complains about %s at its place', (_, text, part, line) => {
    const [problem] = problems(text);
    expect(problem?.message).toContain(part);
    expect(problem?.place).toMatchObject({ file: 'targets.yaml', line });
  });

  it('complains about broken YAML at its place', () => {
    expect(problems('targets:\n  - [')[0]?.place.line).toBe(2);
  });
});
