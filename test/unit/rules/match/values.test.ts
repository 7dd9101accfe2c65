// The small parts that give values their meaning: case, wildcards, networks, numbers, time.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { networkMatcher } from '../../../../harness/rules/match/cidr.ts';
import { fold } from '../../../../harness/rules/match/text.ts';
import { timestampOf } from '../../../../harness/rules/match/timestamp.ts';
import { orderTester, textTester } from '../../../../harness/rules/match/value-test.ts';
import { wildcardMatcher } from '../../../../harness/rules/match/wildcard.ts';
import { anyOne, anyRun, type WildcardPattern } from '../../../../harness/rules/predicate.ts';
import { processorMs } from '../../processor-time.ts';

describe('fold', () => {
  test.each([
    ['ABC', 'abc'],
    ['ÉÑ', 'éñ'],
    // One code point stays one, wherever it stands.
    ['İ', 'i'],
    ['ΑΣ', 'ας'.replace('ς', 'σ')],
    ['ΣΑ', 'σα'],
    ['ς', 'ς'],
    ['ß', 'ß'],
  ])('%s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe('wildcards', () => {
  const pattern = (text: string): WildcardPattern =>
    [...text].map((character) => (character === '*' ? anyRun : character === '?' ? anyOne : character));

  test.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'a\nb', true],
    ['?', '', false],
    ['?', '\n', true],
    ['?', '😀', true],
    ['??', '😀', false],
    ['*?', '😀', true],
    ['a*b', 'ab', true],
    ['a*b', 'abc', false],
    ['a*b*c', 'a-b-b-c', true],
    ['*a*a', 'a', false],
    ['a?c', 'abc', true],
    ['*.?s', 'x.ps.js', true],
    ['*ab?', 'abaab', false],
    ['*ab?', 'abaabc', true],
  ])('%s and %j: %s', (text, value, expected) => {
    expect(wildcardMatcher(pattern(text))(value)).toBe(expected);
  });

  test('many stars take no long time', () => {
    const matches = wildcardMatcher(pattern(`${'*a'.repeat(30)}b`));
    expect(processorMs(() => matches('a'.repeat(100_000)))).toBeLessThan(10_000);
    expect(matches('a'.repeat(100_000))).toBe(false);
  });
});

describe('networks', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['fe80::/10', 'febf::1%eth0', true],
    ['fe80::/10', 'fec0::1', false],
    ['2001:db8::/32', '2001:DB8:0:0:1::', true],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['::ffff:10.0.0.0/104', '10.0.0.1', true],
    ['10.0.0.0/8', '10.0.0.01', false],
    ['10.0.0.0/8', '10.0.0', false],
    ['10.0.0.0/8', 'name', false],
    ['::/0', '1:2:3:4:5:6:7:8:9', false],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(networkMatcher(network)?.(address)).toBe(expected);
  });

  test.each([
    '',
    'x',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    '1::2::3',
    '::ffff:1.2.3.4/90',
  ])('%s is no network', (network) => {
    expect(networkMatcher(network)).toBeUndefined();
  });
});

describe('order', () => {
  test.each([
    ['<', 10, 9, true],
    ['<', 10, '9', true],
    ['<', 10, ' 9 ', true],
    ['<', 10, '', false],
    ['<', 10, 'nine', false],
    ['<', 10, true, false],
    ['>=', 10, 10, true],
    ['<', '10', '9', false],
    ['>', 'a', 'b', true],
  ] as const)('x %s %j for %j: %s', (op, bound, value, expected) => {
    expect(orderTester({ op, value: bound })(value)).toBe(expected);
  });
});

test('numbers are compared by their text in text tests', () => {
  expect(textTester({ op: 'equals', value: 4688, caseless: true })('4688')).toBe(true);
});

describe('time', () => {
  test.each([
    [1_700_000_000_000, 1_700_000_000_000],
    ['1700000000000', 1_700_000_000_000],
    ['1', 1],
    ['2024', Date.UTC(2024, 0, 1)],
    ['2024-05-01T00:00:00Z', Date.UTC(2024, 4, 1)],
    ['2024-05-01T00:00:00.123456789Z', Date.UTC(2024, 4, 1) + 123.456789],
    ['2024-05-01T02:00:00.5+02:00', Date.UTC(2024, 4, 1) + 500],
    ['2024-05-01T02:00:00', Date.UTC(2024, 4, 1, 2)],
    ['2024-05-01 02:00:00.250', Date.UTC(2024, 4, 1, 2) + 250],
    ['yesterday', undefined],
    [undefined, undefined],
    [null, undefined],
  ])('%j', (stamp, expected) => {
    const time = timestampOf({ '@timestamp': stamp });
    if (expected === undefined) expect(time).toBeUndefined();
    else expect(time).toBeCloseTo(expected, 3);
  });
});

// 22:13:20 on 14 November 2023, in UTC.
const instant = 1_700_000_000_000;
describe.each(['UTC', 'America/New_York', 'Asia/Kathmandu'])('on a machine in %s', (zone) => {
  beforeEach(() => vi.stubEnv('TZ', zone));
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['2023-11-14T22:13:20Z', 0],
    ['2023-11-14t22:13:20z', 0],
    ['2023-11-14T22:13:20.123456789Z', 123.456789],
    ['2023-11-14T22:13:20,123Z', 123],
    ['2023-11-14T22:13:20.123+0000', 123],
    ['2023-11-14T23:13:20+01', 0],
    ['2023-11-14T17:13:20.5-05:00', 500],
    ['2023-11-14 22:13:20 UTC', 0],
    ['2023-11-14 22:13:20.123456789 +0000 UTC', 123.456789],
    ['2023-11-14T22:13', -20_000],
    ['2023-11-14T22', -800_000],
    ['2023-11-14', -80_000_000],
    ['2023/11/14 22:13:20', 0],
    ['Nov 14, 2023 @ 22:13:20.123', 123],
    ['Tue Nov 14 22:13:20 2023', 0],
    ['11/14/2023, 10:13:20 PM', 0],
    ['Tue, 14 Nov 2023 23:13:20 +0100', 0],
    ['Tue Nov 14 2023 23:13:20 GMT+0100 (CET)', 0],
  ])('%s', (stamp, after) => {
    expect(timestampOf({ '@timestamp': stamp })).toBeCloseTo(instant + after, 3);
  });
});
