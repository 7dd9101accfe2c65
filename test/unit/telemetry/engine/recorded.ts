// What an engine said of a target and of two containers that an attack started beside it, as events.

import { readFileSync } from 'node:fs';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { engineEvent } from '../../../../harness/telemetry/engine/ecs.ts';
import { parseRecord } from '../../../../harness/telemetry/engine/record.ts';

export const recordedLines: readonly string[] = readFileSync(
  new URL('fixtures/run.ndjson', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n');

export function engineEvents(): EcsEvent[] {
  const setups = new Map<string, Parameters<typeof engineEvent>[2]>();
  return recordedLines.map((line, at) => {
    const record = parseRecord(line);
    const { ID: id } = record.event.Actor;
    if (record.setup) setups.set(id, record.setup);
    return engineEvent(record, at + 1, setups.get(id));
  });
}
