// The sensor's list of operations and the table that names them in ECS are two languages' halves of one thing.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../../harness/model/package-root.ts';
import { operationNames } from '../../../../harness/telemetry/ebpf/actions.ts';

it('has an ECS action for each operation of the sensor, and for nothing else', () => {
  const list = readFileSync(join(packageRoot, 'containers/sensors/ebpf/operations.h'), 'utf8');
  const words = [...list.matchAll(/^\tOP\([A-Z_]+, "([a-z_]+)"\)/gm)].map(([, word]) => word);
  expect(words).toContain('exec');
  // Joined by the sensor itself, and named as the call that was asked for.
  const neverOnALine = new Set(['argv_more']);
  expect(words.filter((word) => word && !neverOnALine.has(word)).toSorted()).toEqual(
    [...operationNames, 'io_uring'].toSorted(),
  );
});
