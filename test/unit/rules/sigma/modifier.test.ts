// Every modifier on values that it makes match and on values that it does not, as the specification describes it.

import { describe, expect, test } from 'vitest';
import { detects, problemsOf, ruleText } from './try-rule.ts';

const NUL = '\0';
const b64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');

interface Case {
  /** The key and value of one detection item, YAML. */
  item: string;
  /** Values of the field `f`; `undefined`: the field is absent. */
  hits: readonly unknown[];
  misses: readonly unknown[];
}

const eventWith = (value: unknown): object => (value === undefined ? { other: 1 } : { f: value });

function check({ item, hits, misses }: Case): void {
  const detection = `sel:\n  ${item.replaceAll('\n', '\n  ')}\ncondition: sel`;
  for (const value of hits)
    expect.soft(detects(detection, eventWith(value)), `hit ${JSON.stringify(value)}`).toBe(true);
  for (const value of misses)
    expect.soft(detects(detection, eventWith(value)), `miss ${JSON.stringify(value)}`).toBe(false);
}

const table = (cases: readonly Case[]) => test.each(cases)('$item', check);

describe('no modifier', () => {
  table([
    {
      item: `f: cmd.exe`,
      hits: ['cmd.exe', 'CMD.exe', ['x', 'cmd.EXE']],
      misses: ['cmd.exe ', 'xcmd.exe', '', null, undefined, []],
    },
    {
      item: `f: 'C:\\Windows\\*.exe'`,
      hits: ['c:\\windows*.exe'],
      misses: ['C:\\Windows\\a.exe', 'C:\\Windows\\a\\b.exe'],
    },
    {
      item: `f: 'C:\\Windows\\\\*.exe'`,
      hits: ['c:\\windows\\a.EXE', 'C:\\Windows\\a\\b.exe', 'C:\\Windows\\\n.exe'],
      misses: ['C:\\Windows*.exe'],
    },
    { item: `f: '\\\\server\\share'`, hits: ['\\server\\share'], misses: ['\\\\server\\share'] },
    { item: `f: '\\\\\\\\server\\share'`, hits: ['\\\\server\\share'], misses: ['\\server\\share'] },
    { item: `f: a?c`, hits: ['abc', 'A?C', 'a\nc', 'a😀c'], misses: ['ac', 'abbc'] },
    { item: `f: 'a\\?c'`, hits: ['a?c'], misses: ['abc'] },
    { item: `f: '*'`, hits: ['', 'a', 0, false], misses: [null, undefined] },
    { item: `f: '?*'`, hits: ['a', 0], misses: ['', null, undefined] },
    { item: `f: ''`, hits: ['', ['']], misses: [null, undefined, ' ', 'a', 0, false, []] },
    { item: `f: null`, hits: [null, undefined, [null], []], misses: ['', 'a', 0, false, ['a', null]] },
    { item: `f:`, hits: [null, undefined], misses: ['', 'null'] },
    { item: `f: 'null'`, hits: ['null', 'NULL'], misses: [null, undefined] },
    { item: `f: 4624`, hits: [4624, '4624', [1, 4624]], misses: [46240, '04624', ' 4624', true] },
    { item: `f: '4624'`, hits: [4624, '4624'], misses: [46240] },
    { item: `f: 0`, hits: [0, '0'], misses: ['', false, null, undefined] },
    { item: `f: 1.5`, hits: [1.5, '1.5'], misses: [1, '1.50'] },
    {
      item: `f: 12345678901234567890`,
      hits: ['12345678901234567890'],
      misses: ['12345678901234567000', '12345678901234567891'],
    },
    { item: `f: true`, hits: [true, 'true', 'True'], misses: [false, 1, 'yes'] },
    { item: `f: 'true'`, hits: [true, 'TRUE'], misses: [false] },
    { item: `f: [a, 'b*']`, hits: ['A', 'bcd'], misses: ['ab', 'c'] },
    { item: `f: ÄÖ`, hits: ['äö'], misses: ['ao'] },
    { item: `f: 2024-01-01`, hits: ['2024-01-01'], misses: ['2024-01-02'] },
    { item: `f: no`, hits: ['no', 'NO'], misses: [false] },
  ]);
});

describe('contains, startswith, endswith', () => {
  table([
    { item: `f|contains: b`, hits: ['b', 'aBc'], misses: ['', 'ac', null, undefined] },
    { item: `f|contains: 'a*c'`, hits: ['xabcx', 'ac'], misses: ['ca'] },
    { item: `f|contains: '*b*'`, hits: ['abc', 'b'], misses: ['ac'] },
    { item: `f|contains: 80`, hits: [8080, 'port 80'], misses: [8181] },
    { item: `f|contains: ''`, hits: ['', 'x'], misses: [null, undefined] },
    { item: `f|startswith: a`, hits: ['a', 'Abc'], misses: ['ba', ''] },
    { item: `f|startswith: 'a?c'`, hits: ['abcd', 'axc'], misses: ['ac'] },
    {
      item: `f|endswith: '\\cmd.exe'`,
      hits: ['C:\\Windows\\CMD.EXE', '\\cmd.exe'],
      misses: ['cmd.exe', '\\cmd.exe '],
    },
    { item: `f|endswith: '\\'`, hits: ['a\\', '\\'], misses: ['a'] },
    { item: `f|endswith: ['.exe', '.dll']`, hits: ['a.exe', 'a.DLL'], misses: ['a.exe.txt'] },
    { item: `f|startswith|endswith: a`, hits: ['xax', 'a'], misses: ['b'] },
    { item: `f|contains: '\\*'`, hits: ['a*b'], misses: ['ab'] },
  ]);
});

describe('all', () => {
  table([
    { item: `f|contains|all: [a, b]`, hits: ['ab', 'xBAx'], misses: ['a', 'b'] },
    { item: `f|all|contains: [a, b]`, hits: ['ba'], misses: ['a'] },
    { item: `f|all: ['*a*', 'b*']`, hits: ['ba', ['xa', 'b']], misses: ['ab'] },
    { item: `f|contains|all: [a, b]`, hits: [['xa', 'bx']], misses: [['a', 'c']] },
    { item: `f|re|all: ['^a', 'b$']`, hits: ['ab', 'axb'], misses: ['a', 'b'] },
    { item: `f|all|contains|windash: ['-a', '-b']`, hits: ['/a -b', '–b —a'], misses: ['/a'] },
  ]);
});

describe('cased', () => {
  table([
    { item: `f|cased: aB`, hits: ['aB'], misses: ['ab', 'AB'] },
    { item: `f|contains|cased: -O`, hits: ['wget -O x'], misses: ['wget -o x'] },
    { item: `f|cased|contains: -O`, hits: ['wget -O x'], misses: ['wget -o x'] },
    { item: `f|cased|endswith: 'a*B'`, hits: ['xaxB'], misses: ['xaxb'] },
    { item: `f|cased: true`, hits: [true, 'true'], misses: ['True'] },
  ]);
});

describe('neq', () => {
  table([
    { item: `f|neq: a`, hits: ['b', '', null, undefined], misses: ['a', 'A', ['a', 'b']] },
    { item: `f|neq: [a, b]`, hits: ['c'], misses: ['a', 'b'] },
    { item: `f|neq: 5`, hits: [6, 'x'], misses: [5, '5'] },
    { item: `f|contains|neq: a`, hits: ['b'], misses: ['cat'] },
    { item: `f|neq|contains|all: [a, b]`, hits: ['a', 'b'], misses: ['ab'] },
    { item: `f|re|neq: '^a'`, hits: ['b', undefined], misses: ['ab'] },
    { item: `f|neq: null`, hits: ['a', ''], misses: [null, undefined] },
    { item: `f|cidr|neq: 10.0.0.0/8`, hits: ['11.0.0.1', 'x'], misses: ['10.1.1.1'] },
  ]);
});

describe('exists', () => {
  table([
    { item: `f|exists: true`, hits: ['', 'a', 0, false, null, []], misses: [undefined] },
    { item: `f|exists: false`, hits: [undefined], misses: ['', 'a', 0, null] },
    // As YAML 1.1 has it, which other tools read.
    ...['yes', 'Yes', 'ON', 'TRUE'].map((word) => ({
      item: `f|exists: ${word}`,
      hits: ['a'],
      misses: [undefined],
    })),
    ...['no', 'No', 'off', 'False'].map((word) => ({
      item: `f|exists: ${word}`,
      hits: [undefined],
      misses: ['a'],
    })),
    { item: `f|exists|neq: true`, hits: [undefined], misses: ['a'] },
  ]);
});

describe('lt, lte, gt, gte', () => {
  table([
    { item: `f|lt: 5`, hits: [4, '4', -1, 4.9], misses: [5, 6, '5', 'abc', '', null, undefined, true] },
    { item: `f|lte: 5`, hits: [5, '5'], misses: [5.1] },
    { item: `f|gt: 5`, hits: [6, '10'], misses: [5, '5', 'x'] },
    { item: `f|gte: 5`, hits: [5, 6], misses: [4] },
    { item: `f|gte: 0x10`, hits: [16], misses: [15] },
    { item: `f|lt: -1.5`, hits: [-2], misses: [-1] },
    { item: `f|gt: [100, 5]`, hits: [6], misses: [5] },
    // Whole numbers that a double cannot hold: each is told from its neighbours.
    {
      item: `f|gt: 9007199254740992`,
      hits: ['9007199254740993', '9007199254740994'],
      misses: ['9007199254740992', '9007199254740991'],
    },
    {
      item: `f|gte: 18446744073709551615`,
      hits: ['18446744073709551615', '18446744073709551616'],
      misses: ['18446744073709551614'],
    },
    {
      item: `f|lt: -9007199254740993`,
      hits: ['-9007199254740994'],
      misses: ['-9007199254740993', '-9007199254740992', 5],
    },
    { item: `f|lte: 9007199254740993`, hits: ['9007199254740993', 4.5], misses: ['9007199254740994'] },
  ]);
});

describe('cidr', () => {
  table([
    {
      item: `f|cidr: 10.0.0.0/8`,
      hits: ['10.0.0.0', '10.255.255.255'],
      misses: ['11.0.0.0', '10.0.0', 'x', '', undefined, '::1'],
    },
    { item: `f|cidr: 192.168.1.128/25`, hits: ['192.168.1.129'], misses: ['192.168.1.127'] },
    { item: `f|cidr: 127.0.0.1`, hits: ['127.0.0.1'], misses: ['127.0.0.2'] },
    { item: `f|cidr: 0.0.0.0/0`, hits: ['1.2.3.4'], misses: ['::1'] },
    { item: `f|cidr: 'fe80::/10'`, hits: ['fe80::1', 'FEBF::1'], misses: ['fec0::1', '10.0.0.1'] },
    { item: `f|cidr: '2001:db8::/32'`, hits: ['2001:0db8:0:0:0:0:0:1'], misses: ['2001:db9::1'] },
    { item: `f|cidr: '::1/128'`, hits: ['::1', '0:0:0:0:0:0:0:1'], misses: ['::2'] },
    { item: `f|cidr: [10.0.0.0/8, 172.16.0.0/12]`, hits: ['172.31.0.1'], misses: ['172.32.0.1'] },
  ]);
});

describe('re', () => {
  table(
    [
      { item: `f|re: 'b.d'`, hits: ['abcde'], misses: ['aBcde', 'bd'] },
      { item: `f|re: '^b.d$'`, hits: ['bcd'], misses: ['abcd'] },
      { item: `f|re: '\\\\cmd\\.exe'`, hits: ['C:\\cmd.exe'], misses: ['C:\\cmdxexe', 'cmd.exe'] },
      { item: `f|re|i: abc`, hits: ['xABCx'], misses: ['ab'] },
      { item: `f|re: '^b'`, hits: ['b'], misses: ['a\nb'] },
      { item: `f|re|m: '^b$'`, hits: ['a\nb\nc'], misses: ['ab'] },
      { item: `f|re: 'a.b'`, hits: ['axb'], misses: ['a\nb'] },
      { item: `f|re|s: 'a.b'`, hits: ['a\nb'], misses: ['ab'] },
      { item: `f|re|i|m|s: '^A.B'`, hits: ['x\na\nb'], misses: ['xa\nb'] },
      { item: `f|re|ignorecase|multiline|dotall: '^A.B'`, hits: ['x\na\nb'], misses: ['xa\nb'] },
      { item: `f|re: '(?i)abc'`, hits: ['ABC'], misses: ['ab'] },
      { item: `f|re: '[0-9]{3,}'`, hits: [1234, '123'], misses: ['12'] },
      { item: `f|re: ['^a', '^b']`, hits: ['ax', 'bx'], misses: ['xa'] },
      { item: `f|re: '*?'`, hits: [], misses: [] },
      { item: `f|re|contains: 'b'`, hits: ['abc'], misses: ['ac'] },
      { item: `f|re|startswith: 'b|c'`, hits: ['bx', 'cx'], misses: ['ab', 'ac'] },
      { item: `f|re|endswith: 'b|c'`, hits: ['ab', 'xc'], misses: ['bx', 'cx'] },
      { item: `f|re: '^$'`, hits: [''], misses: ['a', null, undefined] },
    ].filter(({ hits }) => hits.length > 0),
  );
});

describe('windash', () => {
  table([
    {
      item: `f|windash|contains: ' -f '`,
      hits: ['a -f b', 'a /f b', 'a –f b', 'a —f b', 'a ―f b', 'A -F B'],
      misses: ['a +f b', 'a --f b'],
    },
    { item: `f|contains|windash: '/s'`, hits: ['x -s', 'x /s', 'x –s'], misses: ['x s'] },
    { item: `f|windash: '-a-b -c'`, hits: ['/a-b -c', '-a-b /c', '—a-b ―c'], misses: ['-a/b -c'] },
    { item: `f|windash|contains: ' --opt'`, hits: ['x --opt', 'x -/opt'], misses: ['x /-opt'] },
    { item: `f|windash|endswith: '–x'`, hits: ['-x', '/x'], misses: ['x'] },
    { item: `f|windash: 'no dash'`, hits: ['No Dash'], misses: ['no-dash'] },
    { item: `f|windash|contains|cased: '-E'`, hits: ['/E'], misses: ['/e'] },
    { item: `f|windash: '-a*-b'`, hits: ['/ax/b', '-a -b'], misses: ['a b'] },
  ]);
});

describe('base64 and base64offset', () => {
  const sentence = 'http://example.test/payload';
  table([
    {
      item: `f|base64: ping`,
      hits: [b64('ping'), b64('ping').toLowerCase()],
      misses: ['ping', `x${b64('ping')}`],
    },
    { item: `f|base64|contains: ping`, hits: [`echo ${b64('ping')} | base64 -d`], misses: ['ping'] },
    { item: `f|base64: 'a\\*b'`, hits: [b64('a*b')], misses: [b64('a\\*b')] },
    { item: `f|base64: 'ü'`, hits: [b64('ü')], misses: [b64('ü', 'latin1')] },
    {
      item: `f|base64offset|contains: '${sentence}'`,
      hits: ['', 'x', 'xy', 'xyz'].flatMap((before) =>
        ['', 'x', 'xy'].map((after) => b64(before + sentence + after)),
      ),
      misses: [sentence, b64('http://example.test/other')],
    },
    {
      item: `f|wide|base64offset|contains: 'IEX ('`,
      hits: ['', 'a', 'ab'].map((before) => b64(`${before}IEX (x`, 'utf16le')),
      misses: [b64('IEX (x')],
    },
    {
      item: `f|utf16be|base64: ab`,
      hits: [Buffer.from([0, 97, 0, 98]).toString('base64')],
      misses: [b64('ab')],
    },
    {
      item: `f|utf16|base64: ab`,
      hits: [Buffer.from([255, 254, 97, 0, 98, 0]).toString('base64')],
      misses: [b64('ab', 'utf16le')],
    },
    { item: `f|utf16le|base64: é`, hits: [b64('é', 'utf16le')], misses: [b64('é')] },
    {
      item: `f|windash|base64offset|contains: ' -enc '`,
      hits: [b64('x -enc y'), b64('xx /enc y')],
      misses: [b64('x enc y')],
    },
    { item: `f|base64|base64: ab`, hits: [b64(b64('ab'))], misses: [b64('ab')] },
    {
      item: `f|base64|wide|contains: abc`,
      hits: [`x${[...b64('abc')].join(NUL)}${NUL}`],
      misses: [b64('abc')],
    },
    { item: `f|base64|cased: ping`, hits: [b64('ping')], misses: [b64('ping').toLowerCase()] },
  ]);
});

describe('wide, utf16le, utf16be, utf16', () => {
  const wide = `c${NUL}m${NUL}d${NUL}`;
  table([
    { item: `f|wide: cmd`, hits: [wide, wide.toUpperCase()], misses: ['cmd'] },
    { item: `f|utf16le|contains: cmd`, hits: [`x${wide}y`], misses: ['cmd'] },
    { item: `f|utf16be: cmd`, hits: [`${NUL}c${NUL}m${NUL}d`], misses: [wide] },
    { item: `f|utf16: cmd`, hits: [`\ufeff${wide}`], misses: [wide] },
    { item: `f|wide: 'c*d'`, hits: [wide], misses: ['cmd'] },
  ]);
});

describe('minute, hour, day, week, month, year', () => {
  table([
    {
      item: `f|minute: 7`,
      hits: ['2025-03-04T05:07:59Z', '2025-03-04 05:07'],
      misses: ['2025-03-04T07:05:00Z', '2025-03-04', 'x', null, undefined],
    },
    {
      item: `f|hour: 5`,
      hits: ['2025-03-04 05:07:00.123', '2025-03-04T05:07:00+05:00'],
      misses: ['2025-03-04T06:05:05Z', '5'],
    },
    { item: `f|day: 4`, hits: ['2025-03-04', '2025/3/4 10:00:00'], misses: ['2025-04-03'] },
    { item: `f|month: 3`, hits: ['2025-03-04'], misses: ['2025-04-03'] },
    {
      item: `f|year: 2025`,
      hits: ['2025-03-04', 1741064820, 1741064820000, '1741064820'],
      misses: ['2024-12-31'],
    },
    {
      item: `f|week: 1`,
      hits: ['2024-12-30', '2025-01-05', '2020-01-01'],
      misses: ['2025-01-06', '2021-01-01'],
    },
    { item: `f|week: 53`, hits: ['2021-01-03', '2020-12-31'], misses: ['2021-01-04'] },
    {
      item: `f|hour|gte: 22`,
      hits: ['2025-03-04T23:00:00Z', '2025-03-04T22:00:00Z'],
      misses: ['2025-03-04T21:59:00Z', 'x'],
    },
    { item: `f|hour|neq: 5`, hits: ['2025-03-04T06:00:00Z'], misses: ['2025-03-04T05:00:00Z'] },
    { item: `f|hour: [1, 2]`, hits: ['2025-03-04T02:00:00Z'], misses: ['2025-03-04T03:00:00Z'] },
  ]);
});

describe('fieldref', () => {
  const matches = (item: string, event: object) => detects(`sel:\n  ${item}\ncondition: sel`, event);
  test.each([
    ['f|fieldref: g', { f: 'a', g: 'A' }, true],
    ['f|fieldref: g', { f: 'a', g: 'b' }, false],
    ['f|fieldref: g', { f: 5, g: '5' }, true],
    ['f|fieldref: g', { f: 'a' }, false],
    ['f|fieldref: g', {}, false],
    ['f|fieldref: g', { f: null, g: null }, false],
    ['f|fieldref: g', { f: ['x', 'y'], g: ['y', 'z'] }, true],
    ['f|fieldref: g.h', { f: 'a', g: { h: 'a' } }, true],
    ['f|fieldref|neq: g', { f: 'a', g: 'b' }, true],
    ['f|fieldref|neq: g', { f: 'a', g: 'a' }, false],
    ['f|fieldref|cased: g', { f: 'a', g: 'A' }, false],
    ['f|cased|fieldref: g', { f: 'a', g: 'A' }, false],
    ['f|cased|fieldref|contains: g', { f: 'xAx', g: 'A' }, true],
    ['f|fieldref|startswith: g', { f: 'abc', g: 'AB' }, true],
    ['f|fieldref|startswith: g', { f: 'abc', g: 'bc' }, false],
    ['f|fieldref|endswith: g', { f: 'abc', g: 'bc' }, true],
    ['f|fieldref|contains: g', { f: 'abc', g: 'b' }, true],
    ['f|fieldref|contains: g', { f: 'b', g: 'abc' }, false],
    ['f|fieldref: [g, h]', { f: 'a', g: 'b', h: 'a' }, true],
    ['f|fieldref|all: [g, h]', { f: 'a', g: 'b', h: 'a' }, false],
  ])('%s on %j: %s', (item, event, expected) => {
    expect(matches(item, event)).toBe(expected);
  });
});

describe('expand', () => {
  const options = {
    fields: 'sigma',
    placeholders: { servers: ['srv*', 'db1'], one: ['x.y'], nets: ['10.0.0.0/8', 'fe80::/10'], none: [] },
  } as const;
  const matches = (item: string, value: string) =>
    detects(`sel:\n  ${item}\ncondition: sel`, { f: value }, options);
  test.each([
    ["f|expand: '%servers%'", 'SRV17', true],
    ["f|expand: '%servers%'", 'db1', true],
    ["f|expand: '%servers%'", 'db2', false],
    ["f|expand: '%one%-%servers%'", 'x.y-db1', true],
    ["f|contains|expand: '(%one%)'", 'a (x.y) b', true],
    ["f|expand|contains: '(%one%)'", 'a (x.y) b', true],
    ["f|expand: '\\%plain%one%'", '%plainx.y', true],
    ["f|expand: '100%'", '100%', true],
    ["f: '%one%'", '%one%', true],
    ["f: '%one%'", 'x.y', false],
    ["f|re|expand: '^a%one%$'", 'ax.y', true],
    ["f|re|expand: '^a%one%$'", 'axzy', false],
    ["f|re|expand: '^%servers%$'", 'srv5', true],
    ["f|cidr|expand: '%nets%'", '10.1.2.3', true],
    ["f|cidr|expand: '%nets%'", '11.1.2.3', false],
    ["f|cidr|expand|neq: '%nets%'", '11.1.2.3', true],
  ])('%s on %s: %s', (item, value, expected) => {
    expect(matches(item, value)).toBe(expected);
  });

  test('a value that is no network makes a rule of networks unusable', () => {
    const text = ruleText("sel:\n  f|cidr|expand: '%one%'\ncondition: sel");
    expect(problemsOf(text, options).join()).toContain('test.yml:5:20: error: `x.y` is not an IP network');
  });

  test('a placeholder without values makes the rule unusable', () => {
    for (const name of ['unknown', 'none', 'constructor']) {
      const text = ruleText(`sel:\n  f|expand: '%${name}%'\ncondition: sel`);
      expect(problemsOf(text, options).join()).toContain(
        `no values are given for the placeholder \`%${name}%\``,
      );
    }
  });
});

describe('refused', () => {
  test.each([
    ['f|kontains: a', '5:7', 'unknown modifier `kontains`', 'Did you mean `contains`?'],
    ['f|Contains: a', '5:7', 'unknown modifier `Contains`', 'Did you mean `contains`?'],
    ['f|contains|any: a', '5:16', 'unknown modifier `any`', 'the values of a list are alternatives already'],
    ['f|equalsfield: g', '5:7', 'unknown modifier `equalsfield`', 'Write `fieldref`.'],
    ['f|nothing: a', '5:7', 'unknown modifier `nothing`', 'Known are: all, neq, contains'],
    ['f|: a', '5:7', 'expected the name of a modifier after `|`', ''],
    ['f|contains|contains: a', '5:16', '`contains` occurs twice', ''],
    ['f|base64|re: a', '5:14', "`re` can't follow `base64`", '`re` must come first.'],
    ['f|contains|re: a', '5:16', "`re` can't follow `contains`", '`re` must come first.'],
    ['f|contains|base64: a', '5:16', "`base64` can't follow `contains`", 'Write `base64` before it.'],
    ['f|i: a', '5:7', "`i` can't come first", '`i` is a flag of `re`.'],
    ['f|re|cased: a', '5:10', "`cased` can't follow `re`", 'Here may stand: all, neq'],
    ['f|re|windash: a', '5:10', "`windash` can't follow `re`", ''],
    ['f|cidr|contains: 10.0.0.0/8', '5:12', "`contains` can't follow `cidr`", ''],
    ['f|contains|cidr: 10.0.0.0/8', '5:16', "`cidr` can't follow `contains`", '`cidr` must come first.'],
    ['f|exists|contains: true', '5:14', "`contains` can't follow `exists`", ''],
    ['f|lt|gt: 5', '5:10', "`gt` can't follow `lt`", ''],
    ['f|hour|minute: 5', '5:12', "`minute` can't follow `hour`", ''],
    ['f|lt|hour: 5', '5:10', "`hour` can't follow `lt`", ''],
    ['f|contains|fieldref: g', '5:16', "`fieldref` can't follow `contains`", '`fieldref` must come first.'],
    ['f|base64offset|windash: a', '5:20', "`windash` can't follow `base64offset`", ''],
    ['f|wide|fieldref: g', '5:12', "`fieldref` can't follow `wide`", '`fieldref` must come first.'],
    ['f|cased|re: a', '5:13', "`re` can't follow `cased`", '`re` must come first.'],
    ["'|exists': true", '5:7', '`exists` needs a field', ''],
    ["'|fieldref': g", '5:7', '`fieldref` needs a field', ''],
    ["'|hour': 5", '5:7', '`hour` needs a field', ''],
    ["'|gt': 5", '5:7', '`gt` needs a field', ''],
    ["'|neq': a", '5:7', '`neq` needs a field', ''],
    ["f|exists: 'yes'", '5:15', '`exists` wants true or false', 'without quotes'],
    ['f|exists: y', '5:15', '`exists` wants true or false', ''],
    ['f|exists: 1', '5:15', '`exists` wants true or false', ''],
    ["f|lt: '5'", '5:11', '`lt` wants a number, got the string `5`', 'Leave the quotes out.'],
    ['f|lt: abc', '5:11', '`lt` wants a number', ''],
    ['f|hour: x', '5:13', '`hour` wants a number', ''],
    ['f|cidr: 10.0.0.0/33', '5:13', 'not an IP network', ''],
    ['f|cidr: 5', '5:13', '`cidr` wants text', ''],
    ['f|fieldref: g*', '5:17', 'without wildcards', ''],
    ['f|base64: a*', '5:15', "with wildcards can't be encoded", ''],
    ['f|base64offset|contains: a', '5:30', 'too short', ''],
    ['f|wide: ü', '5:13', 'only ASCII', 'wide|base64offset'],
    ['f|base64: 5', '5:15', '`base64` wants text', "Quote it: '5'."],
    ['f|contains: null', '5:17', "`null` can't be the value of `contains`", ''],
    ['f|contains: {a: b}', '5:17', 'expected a value of `f`, got a map', ''],
    ['f: [[a]]', '5:9', 'expected a value of `f`, got a list', ''],
    ['f: []', '5:5', 'empty list', ''],
  ])('%s', (item, place, message, hint) => {
    const [problem = ''] = problemsOf(ruleText(`sel:\n  ${item}\ncondition: sel`));
    expect(problem).toContain(`test.yml:${place}: error: `);
    expect(problem).toContain(message);
    expect(problem).toContain(hint);
  });

  test('too many spellings', () => {
    const text = ruleText(`sel:\n  f|windash: '-a -b -c -d -e -f'\ncondition: sel`);
    expect(problemsOf(text).join()).toContain('more than 5000 ways');
  });
});

describe('warned about', () => {
  test.each([
    ['f|contains|all: a', '`all` has no effect on a single value'],
    ['f: [a, null]', '`null` should not be a value among others'],
    ['f|base64offset: abc', 'a field is hardly ever just what `base64offset` leaves'],
    ['f|base64offset|utf16le|contains: abc', '`utf16le` after `base64offset` spells the Base64 text itself'],
    ['f: 0x17', '`0x17` is the number 23'],
    ['f: 0755', '`0755` is the number 755'],
  ])('%s', (item, message) => {
    const text = ruleText(`sel:\n  ${item}\ncondition: sel`);
    expect(problemsOf(text)).toEqual([expect.stringContaining(`warning: ${message}`)]);
  });
});
