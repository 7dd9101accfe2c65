// A file's events come in the order of its lines, whatever of it is a log and whatever is none.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { eventsOf } from '../../../harness/main/event-stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-event-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ecs = (action: string) => ({ event: { category: ['process'], action } });
const journal = (message: string) => ({
  ...{ __REALTIME_TIMESTAMP: '1700000000000000', SYSLOG_IDENTIFIER: 'cron', MESSAGE: message },
});

async function read(records: readonly object[]): Promise<unknown[]> {
  const file = join(folder, 'events.ndjson');
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const found: unknown[] = [];
  const nothing = () => {};
  const reading = {
    ...{ onBytes: nothing, onUnreadable: nothing, onNote: nothing },
    ...{ signal: new AbortController().signal, zone: null, timesMatter: false },
  };
  for await (const some of eventsOf(file, reading)) {
    for (const { line, event } of some) {
      const { event: fields, message } = event as { event: { action: string }; message?: string };
      found.push([line, message ?? fields.action]);
    }
  }
  return found;
}

it.each([
  ['events alone', [ecs('a'), ecs('b')], ['a', 'b']],
  ['a log alone', [journal('a'), journal('b')], ['a', 'b']],
  ['a log among events', [ecs('a'), journal('b'), ecs('c'), journal('d')], ['a', 'b', 'c', 'd']],
  ['events behind a log', [journal('a'), ecs('b')], ['a', 'b']],
])('%s', async (_what, records, expected) => {
  expect(await read(records)).toEqual(expected.map((text, index) => [index + 1, text]));
});

it('a log that begins far behind', async () => {
  const events = Array.from({ length: 5_000 }, (_, index) => ecs(`${index}`));
  const found = await read([...events, journal('first'), ...events]);
  expect(found).toHaveLength(10_001);
  expect(found.slice(4_999, 5_002)).toEqual([
    [5_000, '4999'],
    [5_001, 'first'],
    [5_002, '0'],
  ]);
});
