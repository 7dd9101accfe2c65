// What is worked out once for an event must not be taken for the next one's.

import { expect, test } from 'vitest';
import { compileRules } from '../../../../harness/rules/index.ts';
import type { Predicate } from '../../../../harness/rules/predicate.ts';
import { eventRule, is, place } from './fixture.ts';

const keyword = (value: string): Predicate => ({
  kind: 'keyword',
  test: { op: 'contains', value, caseless: true },
  place,
});

test('keywords in folded case are looked for in each event anew', () => {
  const set = compileRules([eventRule(keyword('EVIL'), 'evil'), eventRule(keyword('/tmp'), 'tmp')], {
    fields: 'ecs',
  });
  const session = set.session();
  const matched = (event: object): string[] => session.push(event, 0).map(({ rule }) => rule.id);
  expect(matched({ process: { args: ['/TMP/x'], name: 'good' } })).toEqual(['tmp']);
  expect(matched({ message: 'eVIL' })).toEqual(['evil']);
  expect(matched({ message: 'nothing' })).toEqual([]);
  expect(matched({ process: { args: ['Evil', '/tmp/y'] } })).toEqual(['evil', 'tmp']);
});

test('a field is found however the event holds it, and though objects inherit its name', () => {
  const set = compileRules(
    [eventRule(is('auditd.data.a0', 'chmod'), 'nested'), eventRule(is('constructor', 'x'), 'inherited')],
    { fields: 'ecs' },
  );
  const session = set.session();
  const matched = (event: object): string[] => session.push(event, 0).map(({ rule }) => rule.id);
  expect(matched({ auditd: { data: { a0: 'chmod' } } })).toEqual(['nested']);
  expect(matched({ 'auditd.data.a0': 'chmod' })).toEqual(['nested']);
  expect(matched({ 'auditd.data': { a0: 'chmod' } })).toEqual(['nested']);
  expect(matched({ auditd: { 'data.a0': 'chmod' } })).toEqual(['nested']);
  expect(matched({ auditd: null })).toEqual([]);
  expect(matched({ constructor: 'x' })).toEqual(['inherited']);
  expect(matched({})).toEqual([]);
});
