// What lies on a tmpfs of a target must be written by a process in it.

import { describe, expect, it } from 'vitest';
import { readTargets } from '../../../harness/content/targets.ts';
import { onTmpfs } from '../../../harness/docker/container/system-container.ts';
import type { TargetDefinition } from '../../../harness/model/target.ts';

const { profile } = readTargets().get('debian12') as TargetDefinition;

describe('tmpfs', () => {
  it.each([
    '/run',
    '/run/x',
    '/run/lock/x',
    '/tmp/a/b',
    '/etc/../tmp/x',
    '/tmp//x',
    '/var/run/x',
    '/var/lock/x',
  ])('holds %s', (path) => {
    expect(onTmpfs(path, profile)).toBe(true);
  });

  it.each(['/etc/x', '/running', '/tmpfile', '/', '/var/run/x/../../../etc/y'])(
    'does not hold %s',
    (path) => {
      expect(onTmpfs(path, profile)).toBe(false);
    },
  );
});
