import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordsOf } from '../../../harness/content/event-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string): Promise<unknown[]> {
  const file = join(folder, 'events');
  writeFileSync(file, text);
  const found: unknown[] = [];
  for await (const record of recordsOf(file, () => {})) {
    found.push([record.kind, record.line, record.kind === 'audit' ? record.text : record.value]);
  }
  return found;
}

describe('recordsOf', () => {
  it('counts lines from 1, the empty ones too', async () => {
    expect(await read('\n{"a":1}\r\n\n{"a":2}')).toEqual([
      ['json', 2, { a: 1 }],
      ['json', 4, { a: 2 }],
    ]);
  });

  it('is empty for an empty file', async () => {
    expect(await read('')).toEqual([]);
  });

  it('tells the journal and an audit log by their first line', async () => {
    expect(await read('{"__REALTIME_TIMESTAMP":"1","MESSAGE":"x"}\n')).toMatchObject([['journal', 1, {}]]);
    const audit = 'type=EXECVE msg=audit(1.000:2): argc=1 a0="ls"';
    expect(await read(`${audit}\n`)).toEqual([['audit', 1, audit]]);
  });

  it('takes one document: an event over several lines, or a list', async () => {
    expect(await read('{\n  "a": 1\n}\n')).toEqual([['json', 1, { a: 1 }]]);
    expect(await read('[{"a":1},\n {"a":2}]')).toEqual([
      ['json', 1, { a: 1 }],
      ['json', 2, { a: 2 }],
    ]);
    expect(await read('{ "a":\n 1 }')).toEqual([['json', 1, { a: 1 }]]);
  });

  it('passes over a byte order mark', async () => {
    expect(await read('\uFEFF{"a":1}\n')).toEqual([['json', 1, { a: 1 }]]);
  });

  it.each([
    ['<xml/>', /:1:1: expected JSON objects/],
    ['{"a":1}\n{"a":', /:2:1: it is not JSON/],
    ['{"a":1}\n[]', /:2:1: expected a JSON object/],
    ['[1]', /item 1 of the list is not an object/],
    ['{\n"a": }', /neither one JSON object a line nor one JSON document/],
  ])('says where %j is wrong', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
