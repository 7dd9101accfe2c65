// The list of fields that lint holds rules against is what the sensors really give.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isTelemetryField } from '../../harness/content/lint/telemetry-fields.ts';
import { recordOf, temporaryFolder } from './cli.ts';

/** Dotted names of everything in the event that is no object itself. */
const fieldsOf = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([key, child]) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? fieldsOf(child, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );

it('knows every field of every event of a run', async () => {
  await using folder = await temporaryFolder();
  await recordOf(['run', 'timer-user', 'crontab-stdin', '--mitigation', 'none', '--out', folder.path]);
  const cases = join(folder.path, 'cases');
  const events = readdirSync(cases).flatMap((name) =>
    readFileSync(join(cases, name, 'events.ndjson'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { atomclock: { sensor: string } }),
  );
  expect(new Set(events.map(({ atomclock }) => atomclock.sensor)).size).toBeGreaterThan(1);
  const unknown = new Set(
    events.flatMap((event) => fieldsOf(event)).filter((field) => !isTelemetryField(field)),
  );
  expect([...unknown].sort()).toEqual([]);
});
