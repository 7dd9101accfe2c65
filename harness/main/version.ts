// The version of this harness, as its package says it, and that of Node which it needs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../model/package-root.ts';

export { checkNode } from '../docker/doctor/checks/machine.ts';

export function harnessVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
