// What conditions mean: case, wildcards, null, arrays, numbers and text, each on events that tell them apart.

import { describe, expect, it } from 'vitest';
import { parseEql } from '../../../../harness/rules/eql/index.ts';
import { holdsOn, matchesOf, problemsOf, ruleOf } from './run.ts';

const sh = {
  process: { name: 'sh', args: ['sh', '-c', 'id'], args_count: 3, pid: 42, ratio: 2.5, trusted: true },
};
const nothing = {};

/** A condition, whether it holds on `sh`, and whether it holds where the field is absent. */
type Row = readonly [condition: string, onEvent: boolean, onNothing: boolean];

describe('equality', () => {
  it.each<Row>([
    ['process.name == "sh"', true, false],
    ['process.name == "SH"', false, false],
    ['process.name == "s*"', false, false],
    ['process.name : "SH"', true, false],
    ['process.name : "S*"', true, false],
    ['process.name : "?h"', true, false],
    ['process.name : "s?h"', false, false],
    ['process.name : "*"', true, false],
    ['process.name : ("bash", "S?")', true, false],
    ['"sh" == process.name', true, false],
    ['process.pid == 42', true, false],
    ['process.pid == 42.0', true, false],
    ['process.pid == "42"', true, false],
    ['process.ratio == 2.5', true, false],
    ['process.trusted == true', true, false],
    ['process.trusted', true, false],
    ['process.trusted == false', false, false],
  ])('%s', (condition, onEvent, onNothing) => {
    expect([holdsOn(condition, sh), holdsOn(condition, nothing)]).toEqual([onEvent, onNothing]);
  });
});

describe('negation holds wherever the positive condition does not, on absent fields too', () => {
  it.each<Row>([
    ['process.name != "sh"', false, true],
    ['not process.name == "sh"', false, true],
    ['not process.name != "sh"', true, false],
    ['process.name not in ("sh", "bash")', false, true],
    ['not process.name in ("sh", "bash")', false, true],
    ['process.name not in~ ("SH")', false, true],
    ['not process.name : "s*"', false, true],
    ['not process.name like "s*"', false, true],
    ['not process.name regex "s."', false, true],
    ['not startsWith(process.name, "s")', false, true],
    ['not process.pid > 40', false, true],
    ['not (process.pid > 40 and process.name == "sh")', false, true],
    ['process.trusted != true', false, true],
    ['process.trusted != false', true, true],
    ['not length(process.name) == 2', false, true],
    ['length(process.name) != 2', false, true],
    ['startsWith(process.name, "s") == false', false, true],
    ['startsWith(process.name, "s") != true', false, true],
    ['cidrMatch(process.name, "10.0.0.0/8") != true', true, true],
  ])('%s', (condition, onEvent, onNothing) => {
    expect([holdsOn(condition, sh), holdsOn(condition, nothing)]).toEqual([onEvent, onNothing]);
  });
});

describe('null', () => {
  it.each<Row>([
    ['process.name == null', false, true],
    ['null == process.name', false, true],
    ['process.name != null', true, false],
    ['not process.name == null', true, false],
    ['?process.name == null', false, true],
    ['?process.name : "sh"', true, false],
    ['process.pid > null', false, false],
    ['not process.pid > null', true, true],
    ['process.name in (null, "sh")', true, false],
    ['length(process.name) == null', false, true],
    ['length(process.name) != null', true, false],
    ['length(process.name) > 0', true, false],
    ['null == (process.pid > 1)', false, true],
    ['concat(process.name, process.working_directory) == null', true, true],
    ['startsWith(process.name, null)', false, false],
    ['null', false, false],
    ['not null', false, false],
    ['null == null', true, true],
    ['null != null', false, false],
    ['5 != null', true, true],
  ])('%s', (condition, onEvent, onNothing) => {
    expect([holdsOn(condition, sh), holdsOn(condition, nothing)]).toEqual([onEvent, onNothing]);
  });

  it('takes a field that holds null, or an empty array, as absent', () => {
    for (const name of [null, undefined, [], [null]]) {
      expect(holdsOn('process.name == null', { process: { name } })).toBe(true);
      expect(holdsOn('length(process.name) == null', { process: { name } })).toBe(true);
    }
    expect(holdsOn('process.name == null', { process: { name: '' } })).toBe(false);
  });
});

describe('arrays: any value will do', () => {
  it.each<readonly [string, boolean]>([
    ['process.args == "-c"', true],
    ['process.args == "sh" and process.args == "id"', true],
    ['process.args == "-x"', false],
    ['process.args != "-c"', false],
    ['process.args != "-x"', true],
    ['not process.args : "i*"', false],
    ['process.args in ("-x", "id")', true],
    ['length(process.args) == 3', false],
    ['length(process.args) == 2', true],
    ['not length(process.args) == 2', false],
    ['length(process.args) > 2', false],
    ['concat(process.args, process.args) == "sh-c"', true],
    ['stringContains(process.args, "d")', true],
    ['endsWith(process.args, process.name)', true],
  ])('%s', (condition, expected) => {
    expect(holdsOn(condition, sh)).toBe(expected);
  });

  it('bounds the combinations of values that one condition tries', () => {
    const event = { a: Array.from({ length: 3000 }, () => 'x'), b: Array.from({ length: 3000 }, () => 'y') };
    expect(holdsOn('concat(a, b, a, b) == "no"', event)).toBe(false);
  });
});

describe('numbers', () => {
  it.each<readonly [string, boolean]>([
    ['process.pid / 4 == 10', true],
    ['process.pid / 4.0 == 10.5', true],
    ['process.pid % 5 == 2', true],
    ['process.pid * 2 - 4 == 80', true],
    ['-process.pid + 100 == 58', true],
    ['100 - process.pid > 57.5', true],
    ['process.pid / 0 == 1', false],
    ['process.pid / 0 == null', true],
    ['process.ratio * 2 == 5', true],
    ['41 < process.pid', true],
    ['process.pid >= 42 and process.pid <= 42', true],
    ['process.name > "s" and process.name < "t"', true],
    ['process.name > "S" and process.name < "T"', false],
    ['process.pid == 42 or process.ratio > 100', true],
  ])('%s', (condition, expected) => {
    expect(holdsOn(condition, sh)).toBe(expected);
  });

  it.each<[string, object, boolean]>([
    ['?made_up.one == ?made_up.two', {}, true],
    ['?made_up.one != ?made_up.two', {}, false],
    ['?made_up.one == ?made_up.two', { made_up: { one: 'a' } }, false],
    ['?made_up.one == null', {}, true],
    [String.raw`process.command_line : "*it\'s*"`, { process: { command_line: "echo It's" } }, true],
    [String.raw`process.command_line == "\'\\\'"`, { process: { command_line: String.raw`'\'` } }, true],
    [String.raw`process.command_line == "\'"`, { process: { command_line: String.raw`\'` } }, false],
    [`process.command_line == "'"`, { process: { command_line: "'" } }, true],
  ])('optional fields and apostrophes: %s on %j', (condition, event, expected) => {
    expect(holdsOn(condition, event)).toBe(expected);
  });

  it('keeps integers of 64 bits exact', () => {
    expect(holdsOn('id == 9007199254740993', { id: '9007199254740993' })).toBe(true);
    expect(holdsOn('id == 9007199254740993', { id: '9007199254740992' })).toBe(false);
  });

  it('computes with numbers that events hold as text', () => {
    expect(holdsOn('process.pid + 1 == 43', { process: { pid: '42' } })).toBe(true);
    expect(holdsOn('process.pid > 9', { process: { pid: '42' } })).toBe(true);
    expect(holdsOn('length(user.id) == 4', { user: { id: 1000 } })).toBe(true);
  });
});

describe('addresses', () => {
  it.each<readonly [string, boolean]>([
    ['source.ip == "::1"', true],
    ['source.ip == "0:0:0:0:0:0:0:1"', true],
    ['source.ip != "::1"', false],
    ['source.ip in ("127.0.0.1", "::1")', true],
    ['destination.ip == "10.0.0.0/8"', true],
    ['destination.ip == "10.1.2.3"', true],
    ['destination.ip != "10.0.0.0/8"', false],
    ['cidrMatch(destination.ip, "192.168.0.0/16", "10.0.0.0/8")', true],
    ['cidrMatch(destination.ip, "192.168.0.0/16")', false],
    ['not cidrMatch(client.ip, "10.0.0.0/8")', true],
  ])('%s', (condition, expected) => {
    expect(holdsOn(condition, { source: { ip: '::1' }, destination: { ip: '10.1.2.3' } })).toBe(expected);
  });
});

describe('what depends on the type that a field has in ECS', () => {
  const event = {
    '@timestamp': '2024-02-03T10:20:30.456Z',
    event: { ingested: 1706955630456, created: '2024-02-03T12:20:30+02:00' },
    file: { mtime: '2023-12-31T23:59:59.999999Z', size: 900 },
    destination: { ip: ['10.0.0.9', 'fe80::1'], port: 900 },
    user: { name: '900' },
  };

  it.each<readonly [string, boolean]>([
    ['@timestamp == "2024-02-03T10:20:30.456Z"', true],
    ['@timestamp == "2024-02-03T11:20:30.456+01:00"', true],
    ['@timestamp == 1706955630456', true],
    ['@timestamp == "1706955630456"', true],
    ['event.ingested == "2024-02-03T10:20:30.456Z"', true],
    ['event.created == "2024-02-03T10:20:30Z"', true],
    // What a date leaves out belongs to it.
    ['@timestamp == "2024-02-03T10:20:30Z"', true],
    ['@timestamp == "2024-02-03"', true],
    ['@timestamp == "2024-02"', true],
    ['@timestamp == "2024-02-04"', false],
    ['@timestamp != "2024-02-04"', true],
    ['@timestamp > "2024-02-03"', false],
    ['@timestamp >= "2024-02-03"', true],
    ['@timestamp <= "2024-02-03"', true],
    ['@timestamp < "2024-02-03"', false],
    ['@timestamp < "2024-02-03T10:20:30.457Z" and @timestamp > "2024-02-03T10:20:30.455Z"', true],
    ['file.mtime < "2024" and file.mtime > "2023-11"', true],
    ['@timestamp in ("2024-02-01", "2024-02-03")', true],
    ['process.start == "2024"', false],
    // Addresses and numbers have an order of their own.
    ['destination.ip > "10.0.0.10"', true],
    ['destination.ip > "fe80::1"', false],
    ['destination.ip >= "9.255.255.255" and destination.ip < "10.0.0.10"', true],
    ['destination.port > "1000"', false],
    ['destination.port < "1000"', true],
    ['"1000" > file.size', true],
    ['user.name > "1000"', true],
  ])('%s', (condition, expected) => {
    expect(holdsOn(condition, event)).toBe(expected);
  });

  it('refuses dates that a clock would have to tell', () => {
    expect(problemsOf('any where @timestamp > "now-5m"')[0]).toContain('[eql/date-math]');
    expect(problemsOf('any where @timestamp > "2024-01-01||+1M"')[0]).toContain('[eql/date-math]');
    expect(problemsOf('any where user.name > "nowhere"')).toEqual([]);
  });
});

describe('events', () => {
  const events = [
    { event: { category: ['process'] }, n: 1 },
    { event: { category: ['file', 'process'] }, n: 2 },
    { event: { category: 'file' }, n: 3 },
    { n: 4 },
    { 'event.category': ['process'], n: 5 },
  ];

  it('looks at every category of an event', () => {
    expect(matchesOf('process where true', events)).toEqual([[0], [1], [4]]);
    expect(matchesOf('any where n > 1', events)).toEqual([[1], [2], [3], [4]]);
    expect(matchesOf('"file" where true', events)).toEqual([[1], [2]]);
  });

  it('applies pipes in order', () => {
    expect(matchesOf('any where true | head 4 | tail 2', events)).toEqual([[2], [3]]);
    expect(matchesOf('any where true | tail 2 | head 1', events)).toEqual([[3]]);
  });

  it('says which categories a query needs', () => {
    const source = (query: string) => ruleOf(query).source;
    expect(source('process where true')).toEqual({ kind: 'categories', categories: ['process'] });
    expect(source('any where true')).toEqual({ kind: 'categories', categories: ['any'] });
    expect(source('sequence [file where true] [process where true] [file where true]')).toEqual({
      kind: 'categories',
      categories: ['file', 'process'],
    });
  });
});

describe('sequences', () => {
  const at = (seconds: number, kind: string, user: string | null, more: object = {}) => ({
    '@timestamp': new Date(seconds * 1000).toISOString(),
    event: { category: [kind] },
    ...(user !== null && { user: { name: user } }),
    ...more,
  });
  const events = [
    at(0, 'file', 'alice'),
    at(1, 'file', 'bob'),
    at(2, 'process', 'alice'),
    at(3, 'process', null),
    at(50, 'process', 'bob'),
  ];

  it('joins by fields, within a span, until', () => {
    expect(matchesOf('sequence by user.name [file where true] [process where true]', events)).toEqual([
      [0, 2],
      [1, 4],
    ]);
    expect(
      matchesOf('sequence by user.name with maxspan=10s [file where true] [process where true]', events),
    ).toEqual([[0, 2]]);
    expect(
      matchesOf(
        'sequence by user.name [file where true] [process where true] until [file where user.name == "bob"]',
        events,
      ),
    ).toEqual([[0, 2]]);
  });

  it('repeats stages and notices missing events', () => {
    expect(matchesOf('sequence [file where true] with runs=2 [process where true]', events)).toEqual([
      [0, 1, 2],
    ]);
    expect(
      matchesOf(
        'sequence with maxspan=1m [file where user.name == "bob"] ![process where user.name == "alice"] [process where user.name == "bob"]',
        events,
      ),
    ).toEqual([]);
  });

  it('lowers spans and keys', () => {
    const { query } = ruleOf('sequence by a, ?b with maxspan=2h [any where true] by c [any where true] by d');
    expect(query).toMatchObject({
      kind: 'sequence',
      maxSpanMs: 7_200_000,
      stages: [
        {
          by: [
            { field: 'a', optional: false },
            { field: 'b', optional: true },
            { field: 'c', optional: false },
          ],
        },
        { by: [{ field: 'a' }, { field: 'b' }, { field: 'd' }] },
      ],
    });
  });
});

describe('regular expressions with signs that mean something elsewhere', () => {
  it('are taken literally, with a warning', () => {
    const { rules, problems } = parseEql(
      'query.eql',
      'any where a regex ("^/tmp/.*", "(?i)x", "\\\\(?x", "x^")',
    );
    expect(rules).toHaveLength(1);
    expect(problems.map(({ severity, place, message }) => [severity, place.column, message])).toEqual([
      ['warning', 20, "`^` stands for itself in Lucene's regular expressions"],
      ['warning', 32, "`(?` stands for itself in Lucene's regular expressions"],
    ]);
    expect(holdsOn('a regex "^/tmp/.*"', { a: '^/tmp/x' })).toBe(true);
    expect(holdsOn('a regex "^/tmp/.*"', { a: '/tmp/x' })).toBe(false);
  });
});

describe('what cannot mean anything', () => {
  it.each([
    ['length(a)', '1:11', 'expected a condition, found an integer'],
    ['"a"', '1:11', 'expected a condition, found a string'],
    ['a and 1', '1:17', 'expected a condition, found an integer'],
    ['not "a"', '1:15', 'expected a condition, found a string'],
    ['frob(a)', '1:11', 'expected the name of a function, found `frob`'],
    ['length(1) == 2', '1:18', 'expected a string as string, found an integer'],
    ['length(a, b) == 2', '1:11', 'expected `length(string)`, found 2 arguments'],
    [
      'between(a) == "b"',
      '1:11',
      'expected `between(source, left, right, [greedy_matching])`, found 1 argument',
    ],
    ['length~(a) == 2', '1:11', 'expected `length(`, found `length~(`: the function does not look at case'],
    ['number(true) == 1', '1:18', 'expected a string as string, found a boolean'],
    ['a + "b" == 1', '1:15', 'expected a number, found a string'],
    ['a : 1', '1:15', 'expected a string after `:`, found an integer'],
    ['a in~ (1)', '1:18', 'expected a string after `in~`, found an integer'],
    ['a like null', '1:18', 'expected a string after `like`, found null'],
    ['a > true', '1:11', 'expected `==` or `!=` with true'],
    [
      'cidrMatch(a, "10.0.0/8")',
      '1:24',
      'expected a network such as 10.0.0.0/8 or fe80::/10, found "10.0.0/8"',
    ],
    ['cidrMatch(a, b)', '1:24', 'expected a string literal as cidr_block'],
    ['a regex "(b"', '1:19', 'expected ) to end the group (at character 3 of the regular expression)'],
    ['length(a) : "b"', '1:11', 'expected a string to match, found an integer'],
    ['length(a) > "b"', '1:23', 'expected a number to compare with a number, found a string'],
    ['my-field == "b"', '1:23', 'expected a number to compare with a number, found a string'],
  ])('any where %s', (condition, place, message) => {
    const problems = problemsOf(`any where ${condition}`);
    expect(problems[0]?.split(' [eql/')[0]).toBe(`query.eql:${place}: error: ${message}`);
    expect(problems).toHaveLength(1);
  });
});
