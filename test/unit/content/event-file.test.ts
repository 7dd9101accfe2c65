import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { recordsOf } from '../../../harness/content/event-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-events-'));
const file = join(folder, 'events');
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer, complaints: string[] = []): Promise<unknown[]> {
  writeFileSync(file, content);
  const found: unknown[] = [];
  const reading = { onBytes: () => {}, onUnreadable: (complaint: string) => complaints.push(complaint) };
  for await (const records of recordsOf(file, reading)) {
    for (const record of records) {
      if (record.kind === 'object') found.push([record.line, record.value]);
      else found.push([record.line, record.text, ...(record.written === undefined ? [] : [record.written])]);
    }
  }
  return found;
}

describe('recordsOf', () => {
  it('counts lines from 1, the empty ones too', async () => {
    expect(await read('\n{"a":1}\r\n\n{"a":2}')).toEqual([
      [2, { a: 1 }],
      [4, { a: 2 }],
    ]);
  });

  it.each(['', '\n', '  \n\t\n'])('is empty for an empty file: %j', async (text) => {
    expect(await read(text)).toEqual([]);
  });

  it.each([' ', '\t', '\r'])('counts lines of %j alone, and takes them for nothing', async (blank) => {
    expect(await read(`${blank}\n{"a":1}\n${blank}\n${blank}\n{"a":\n${blank}\n2}\n${blank}\n`)).toEqual([
      [2, { a: 1 }],
      [5, { a: 2 }],
    ]);
  });

  it('takes everything else for lines of text', async () => {
    expect(await read('type=CWD msg=…\n\n[   1.2] audit: …')).toEqual([
      [1, 'type=CWD msg=…'],
      [3, '[   1.2] audit: …'],
    ]);
  });

  it('takes objects over several lines, one or many', async () => {
    expect(await read('{\n  "a": 1\n}\n')).toEqual([[1, { a: 1 }]]);
    expect(await read('{ "a":\n 1 }')).toEqual([[1, { a: 1 }]]);
    expect(await read('{\n\t"a" : {\n\t\t"b" : 1\n\t}\n}\n{\n\t"a" : 2\n}\n')).toEqual([
      [1, { a: { b: 1 } }],
      [6, { a: 2 }],
    ]);
  });

  it('keeps all digits of whole numbers, wherever they stand in their line', async () => {
    const lines: string[] = [];
    const expected: unknown[] = [];
    for (let before = 0; before < 40; before++) {
      const text = 'x1'.repeat(before).slice(0, before);
      for (const digits of [
        '123456789012345',
        '9007199254740991',
        '9007199254740993',
        '12345678901234567890',
      ]) {
        lines.push(`{"t":"${text}","n":${digits}}`);
        expected.push({
          t: text,
          n: digits.length > 16 || digits.endsWith('3') ? BigInt(digits) : Number(digits),
        });
      }
    }
    const found = await read(lines.join('\n'));
    expect(found).toEqual(expected.map((value, index) => [index + 1, value]));
  });

  it('takes a list, and journalctl’s streams', async () => {
    const two = [
      [1, { a: 1 }],
      [2, { a: 2 }],
    ];
    expect(await read('[{"a":1},\n {"a":2}]')).toEqual(two);
    expect(await read('[\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  }\n]\n')).toEqual(two);
    expect(await read('\u001e{"a":1}\n\u001e{"a":2}\n')).toEqual(two);
    expect(await read('data: {"a":1}\n\ndata: {"a":2}\n')).toEqual([
      [1, { a: 1 }],
      [3, { a: 2 }],
    ]);
    expect(await read('[]')).toEqual([]);
  });

  it('takes off what Elasticsearch and Kibana wrap around events', async () => {
    const events = [{ a: 1 }, { 'a.b': ['x'] }];
    const hits = [
      { _index: 'logs', _source: events[0], fields: { a: [1] } },
      { _index: 'logs', fields: events[1] },
    ];
    const lines = await read(hits.map((hit) => JSON.stringify(hit)).join('\n'));
    expect(lines).toEqual(events.map((event, index) => [index + 1, event]));
    for (const indent of [0, 2]) {
      const answer = JSON.stringify({ took: 1, hits: { total: { value: 2 }, hits } }, null, indent);
      expect(await read(answer)).toEqual(events.map((event) => [1, event]));
    }
    expect(await read('{"fields":{"a":1}}')).toEqual([[1, { fields: { a: 1 } }]]);
  });

  it.each<[string, string, unknown[]]>([
    [
      "evtx_dump's heads of records",
      'Record 1\n{\n  "a": 1\n}\nRecord 2\n{"a": 2}\n',
      [
        [2, { a: 1 }],
        [6, { a: 2 }],
      ],
    ],
    [
      'what Chainsaw finds in one document or several',
      JSON.stringify([
        { group: 'Sigma', kind: 'individual', document: { kind: 'evtx', path: 'x', data: { a: 1 } } },
        { group: 'Sigma', kind: 'aggregate', documents: [2, 3].map((a) => ({ kind: 'evtx', data: { a } })) },
      ]),
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
        [2, { a: 3 }],
      ],
    ],
    [
      "rows of Splunk's results",
      '{"preview":false,"offset":0,"result":{"a":"1"}}\n{"preview":false,"lastrow":true}',
      [
        [1, { a: '1' }],
        [2, { preview: false, lastrow: true }],
      ],
    ],
    [
      'what Splunk is sent',
      [
        { time: 1.5, host: 'h', sourcetype: '_json', event: { a: 1 } },
        // Not Splunk's, whatever it has beside its event.
        { host: { name: 'h' }, event: { kind: 'event' }, source: { ip: '10.0.0.1' } },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
      [
        [1, { a: 1 }],
        [2, { host: { name: 'h' }, event: { kind: 'event' }, source: { ip: '10.0.0.1' } }],
      ],
    ],
    [
      "rows of Splunk's results that have the event itself, or the fields that were taken out of it",
      [
        { preview: false, result: { _raw: '{"a":1}', _time: '2026-01-01', host: 'h', sourcetype: '_json' } },
        { result: { _raw: '{"a":2}', sourcetype: '_json' }, lastrow: true },
        { preview: false, result: { _raw: '{"a":3}', a: '3' } },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
        [3, { _raw: '{"a":3}', a: '3' }],
      ],
    ],
    [
      "where Elasticsearch's _bulk is to put a document",
      '{"index":{"_index":"x"}}\n{"a":1}\n{"create":{}}\n{"a":2}\n',
      [
        [2, { a: 1 }],
        [4, { a: 2 }],
      ],
    ],
    [
      'nothing off what only looks like it belonged to _bulk',
      '{"index":{"name":"x"}}\n{"index":{},"a":1}\n{"create":1}\n',
      [
        [1, { index: { name: 'x' } }],
        [2, { index: {}, a: 1 }],
        [3, { create: 1 }],
      ],
    ],
    [
      'nothing off what only looks like these',
      '{"document":{"data":{"a":1}}}\n{"result":{"a":1}}\n{"documents":[1,null]}',
      [
        [1, { document: { data: { a: 1 } } }],
        [2, { result: { a: 1 } }],
        [3, { documents: [1, null] }],
      ],
    ],
  ])('takes off %s', async (_, content, expected) => {
    expect(await read(content)).toEqual(expected);
  });

  it.each<[string, string, unknown[]]>([
    [
      'a container runtime',
      [
        '2026-01-01T00:00:00.1Z stdout P {"a"',
        '2026-01-01T00:00:00.2Z stderr F line one',
        '2026-01-01T00:00:00.3Z stdout F:x :1}',
        '2026-01-01T00:00:00.4+01:00 stderr F   {"torn":',
        '2026-01-01T00:00:00.5Z stdout F',
        'somebody else',
        '2026-01-01T00:00:00.6Z stdout P cut',
      ].join('\n'),
      [
        [2, 'line one', '2026-01-01T00:00:00.2Z'],
        [1, { a: 1 }],
        [4, '  {"torn":', '2026-01-01T00:00:00.4+01:00'],
        [5, '', '2026-01-01T00:00:00.5Z'],
        [6, 'somebody else'],
        [7, 'cut', '2026-01-01T00:00:00.6Z'],
      ],
    ],
    [
      'Docker',
      [
        { log: 'line ', stream: 'stdout', time: '2026-01-01T00:00:00Z' },
        { log: '{"a":1}\r\n', stream: 'stderr', time: '2026-01-01T00:00:00Z' },
        { log: 'one\n', stream: 'stdout', time: '2026-01-01T00:00:01Z', kubernetes: {} },
        { log: 'none', level: 'info' },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
      [
        [2, { a: 1 }],
        [1, 'line one', '2026-01-01T00:00:00Z'],
        [4, { log: 'none', level: 'info' }],
      ],
    ],
    [
      'Loki and Wazuh',
      [
        { line: 'one', labels: {}, timestamp: '2026-01-01T00:00:00Z' },
        { timestamp: '2026-01-01T00:00:00.1+0000', full_log: 'two', location: '/var/log/syslog', rule: {} },
        { line: 'three', labels: ['a'] },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
      [
        [1, 'one', '2026-01-01T00:00:00Z'],
        [2, 'two', '2026-01-01T00:00:00.1+0000'],
        [3, { line: 'three', labels: ['a'] }],
      ],
    ],
    [
      'Filebeat and Vector',
      [
        {
          '@timestamp': '2026-01-01T00:00:00Z',
          message: 'Jan  1 00:00:00 h a: b',
          log: { file: { path: 'x' } },
        },
        { message: '<78>1 - h CRON 1 - - x', 'log.file.path': 'x', 'agent.type': 'filebeat', host: {} },
        {
          file: 'x',
          source_type: 'file',
          message: 'type=A msg=audit(1.0:1): a',
          timestamp: '2026-01-01T00:00:00Z',
        },
        // What nobody can take apart stays a message, and so does one of which somebody has taken it.
        { message: 'Started x.', log: { file: { path: 'x' } } },
        { message: 'Jan  1 00:00:00 h a: b', log: { file: { path: 'x' } }, process: { name: 'a' } },
        { message: 'Jan  1 00:00:00 h a: b' },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
      [
        [1, 'Jan  1 00:00:00 h a: b', '2026-01-01T00:00:00Z'],
        [2, '<78>1 - h CRON 1 - - x'],
        [3, 'type=A msg=audit(1.0:1): a', '2026-01-01T00:00:00Z'],
        [4, { message: 'Started x.', log: { file: { path: 'x' } } }],
        [5, { message: 'Jan  1 00:00:00 h a: b', log: { file: { path: 'x' } }, process: { name: 'a' } }],
        [6, { message: 'Jan  1 00:00:00 h a: b' }],
      ],
    ],
    [
      'Splunk',
      [
        {
          preview: false,
          result: { _raw: 'one', _time: '2026-01-01T00:00:00.0+00:00', host: 'h', index: 'os' },
        },
        { result: { _raw: 'two', _time: '2026-01-01 00:00:00 CET', linecount: '1', _cd: '1:2' } },
        { event: 'three', sourcetype: 'syslog', time: 1.5 },
        // Of one event of the audit system.
        { result: { _raw: 'type=A msg=audit(1.0:1): a\ntype=B msg=audit(1.0:1): b', source: 'audit' } },
        { result: { _raw: 'a message\nof two lines' } },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
      [
        [1, 'one', '2026-01-01T00:00:00.0+00:00'],
        [2, 'two'],
        [3, 'three'],
        [4, 'type=A msg=audit(1.0:1): a'],
        [4, 'type=B msg=audit(1.0:1): b'],
        [5, 'a message\nof two lines'],
      ],
    ],
  ])('takes the lines out of what %s wraps around them', async (_, content, expected) => {
    expect(await read(content)).toEqual(expected);
  });

  it.each([
    [gzipSync(Array.from({ length: 99_999 }, (_, a) => JSON.stringify({ a })).join('\n')), 'gzip'],
    [zstdCompressSync(Array.from({ length: 99_999 }, (_, a) => JSON.stringify({ a })).join('\n')), 'zstd'],
  ])('reads what there is of a packed file that breaks off: %#', async (packed) => {
    const complaints: string[] = [];
    const records = await read(packed.subarray(0, packed.length - 20), complaints);
    expect(records.slice(0, 2)).toEqual([
      [1, { a: 0 }],
      [2, { a: 1 }],
    ]);
    const next = records.length + 1;
    expect(complaints).toEqual([expect.stringContaining(`:${next}:1: the packed file breaks off here: `)]);
  });

  it('tells a torn object before the next head of a record', async () => {
    const complaints: string[] = [];
    expect(await read('Record 1\n{\n  "a": 1,\nRecord 2\n{"a": 2}\n', complaints)).toEqual([[5, { a: 2 }]]);
    expect(complaints).toEqual([expect.stringContaining(':2:1: it is not JSON')]);
  });

  it('takes an answer of any number of events', async () => {
    const hits = Array.from({ length: 200_000 }, () => ({ _source: {} }));
    expect(await read(JSON.stringify({ hits: { hits } }))).toHaveLength(200_000);
  });

  it.each([
    ['with a byte order mark', Buffer.from('\uFEFF{"a":"ü"}\n')],
    ['in UTF-16', Buffer.from('\uFEFF{"a":"ü"}\r\n', 'utf16le')],
    ['in big-endian UTF-16', Buffer.from('\uFEFF{"a":"ü"}\r\n', 'utf16le').swap16()],
    ['packed', gzipSync('{"a":"ü"}\n')],
    ['in UTF-16 without a mark', Buffer.from('{"a":"ü"}\n', 'utf16le')],
    ['in big-endian UTF-16 without a mark', Buffer.from('{"a":"ü"}\n', 'utf16le').swap16()],
    ['packed with zstd', zstdCompressSync('{"a":"ü"}\n')],
    ['packed in parts', Buffer.concat([gzipSync('{"a":'), gzipSync('"ü"}\n')])],
  ])('reads files %s', async (_, content) => {
    expect(await read(content)).toEqual([[1, { a: 'ü' }]]);
  });

  it('reads characters of several bytes wherever they lie among pieces of ASCII', async () => {
    const piece = 64 * 1024;
    // Of two, three and four bytes, and a mark that is one at the beginning of a file alone.
    const characters = ['ü', '€', '🕰', '\uFEFF'];
    for (const character of characters) {
      for (let before = piece - 5; before <= piece + 1; before++) {
        const lines = [
          `{"a":"${'x'.repeat(before - 6)}${character}"}`,
          '{"a":1}',
          `{"a":"${'y'.repeat(2 * piece)}"}`,
        ];
        const expected = lines.map((line, at) => [at + 1, JSON.parse(line)]);
        expect(await read(`${lines.join('\n')}\n`)).toEqual(expected);
      }
    }
  });

  it.each([
    ['{"a":1}\n{"a":\n{"a":2}\n', /:2:1: it is not JSON/],
    ['{"a":1}\n{"a"\n}\n{"a":2}\n', /:3:1: it is not JSON: Expected ':'/],
    ['{"a":1}\n{"a": 1 x}\n{"a":2}\n', /:2:9: it is not JSON: Expected ',' or '}'/],
    ['{"a":1}\ngarbage\n{"a":2}\n', /:2:1: it is not JSON: Unexpected token 'g'$/],
    [
      '[{"a":1},\n{"a":2},\n{"a":',
      /:3:6: it is not JSON: Unexpected end.*; 2 items of the list could be read/,
    ],
    ['[{"a":1},\n{"a": x},{"a":2}]', /:2:7: it is not JSON: .*; 2 items of the list could be read/],
    ['[{"a":1},{"a":2}\n', /it is not JSON: .*; 2 items of the list could be read/],
    ['{"a":1}\n[]\n{"a":2}\n', /:2:1: expected a JSON object/],
    ['{"a":1}\nnull\n{"a":2}\n', /:2:1: expected a JSON object/],
    ['[{"a":1},1,{"a":2}]', /:1:1: item 2 of the list is not an object/],
  ])('says where %j is wrong, and reads the rest', async (text, message) => {
    const complaints: string[] = [];
    expect(await read(text, complaints)).toMatchObject([
      [1, { a: 1 }],
      [expect.any(Number), { a: 2 }],
    ]);
    expect(complaints).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    ['[{"a": }]', /:1:8: it begins like a JSON list and is none/],
    [gzipSync('{"a":1}\n'.repeat(9)).subarray(0, 11), /cannot read .*: unexpected end of file/],
    [Buffer.from('28b52ffd00', 'hex'), /cannot read /],
    [Buffer.from('fd377a585a00', 'hex'), /xz; unpack it first/],
    [Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar\0')]), /tar archive; unpack it first/],
    [gzipSync(Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar\0')])), /tar archive/],
    [Buffer.from('LPKSHHRH….'), /journalctl --file/],
  ])('gives up on %s', async (content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });
});
