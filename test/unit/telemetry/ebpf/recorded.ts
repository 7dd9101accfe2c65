// Lines that the sensor wrote in a debian12 target: one of each operation, and an at job from submission to end.

import { readFileSync } from 'node:fs';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { parseAccounts } from '../../../../harness/telemetry/accounts.ts';
import { EcsMapper } from '../../../../harness/telemetry/ebpf/ecs.ts';
import { parseLine, type RawRecord } from '../../../../harness/telemetry/ebpf/raw.ts';

const lines = (file: string): string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

export const recordedLines: readonly string[] = lines('records.ndjson');

export const recorded: readonly RawRecord[] = recordedLines.map((line) => {
  const parsed = parseLine(line);
  if (parsed.kind !== 'record') throw new TypeError(`not a record: ${line}`);
  return parsed.record;
});

export const goldenEvents = (): EcsEvent[] =>
  lines('events.golden.ndjson').map((line) => JSON.parse(line) as EcsEvent);

const accounts = parseAccounts(
  'root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/bash\n',
  'root:x:0:\ndaemon:x:1:\nalice:x:1000:\n',
);

export function newMapper(): EcsMapper {
  const mapper = new EcsMapper({ targetId: 'f'.repeat(64), bootTime: '1795297047.370217350' });
  mapper.useAccounts(accounts);
  return mapper;
}

export function mapRecorded(): EcsEvent[] {
  const mapper = newMapper();
  return recorded.flatMap((record) => mapper.map(record));
}
