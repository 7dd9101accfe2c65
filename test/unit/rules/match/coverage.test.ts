// Rule coverage: what counts as a branch, and which events prove it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RuleCoverage } from '../../../../harness/rules/coverage.ts';
import { branchesOf } from '../../../../harness/rules/coverage-branches.ts';
import { compileRules } from '../../../../harness/rules/match/rule-set.ts';
import type { Predicate } from '../../../../harness/rules/predicate.ts';
import type { Rule, SequenceStage } from '../../../../harness/rules/rule.ts';
import { event, predicate } from '../interpreter/arbitrary.ts';
import { and, eventRule, is, not, or, place, ruleOf } from './fixture.ts';

const a = is('a', '1');
const b = is('b', '1');
const c = is('c', '1');
const x = is('x', '1');
const y = is('y', '1');

const branchList = (where: Predicate): string[] =>
  branchesOf(eventRule(where)).map(({ kind, text }) => `${kind}: ${text}`);

describe('branches', () => {
  test.each<[string, Predicate, string[]]>([
    ['one condition is one alternative', a, ['alternative: a is "1"']],
    ['so is an `and`', and(a, b), ['alternative: a is "1" and b is "1"']],
    ['each part of an `or`', and(c, or(a, b)), ['alternative: a is "1"', 'alternative: b is "1"']],
    [
      'of nested ones the innermost',
      or(and(c, or(a, b)), x),
      ['alternative: a is "1"', 'alternative: b is "1"', 'alternative: x is "1"'],
    ],
    [
      'one value spelled in several ways is one',
      { ...or(a, b), single: true } as Predicate,
      ['alternative: a is "1" or b is "1"'],
    ],
    [
      'each part of what is excluded',
      and(a, not(or(x, and(y, b)))),
      [
        'alternative: a is "1" and not (x is "1" or (y is "1" and b is "1"))',
        'exclusion: x is "1"',
        'exclusion: y is "1" and b is "1"',
      ],
    ],
    [
      'what is let through again is an alternative',
      and(or(a, b), not(and(x, not(y)))),
      [
        'alternative: a is "1"',
        'alternative: b is "1"',
        'exclusion: x is "1" and not y is "1"',
        'alternative: y is "1"',
      ],
    ],
  ])('%s', (_name, where, expected) => {
    expect(branchList(where)).toEqual(expected);
  });

  test('ids tell them apart', () => {
    const ids = branchesOf(eventRule(and(or(a, b), not(or(x, y))))).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });
});

describe('coverage', () => {
  function proven(
    where: Predicate,
    show: (coverage: RuleCoverage, rule: ReturnType<typeof eventRule>) => void,
  ): string[] {
    const rule = eventRule(where);
    const coverage = new RuleCoverage([rule], { fields: 'ecs' });
    show(coverage, rule);
    const { branches, proven } = coverage.of(rule);
    return branches.filter(({ id }) => proven.has(id)).map(({ text }) => text);
  }
  const matched = (where: Predicate, event: object): string[] =>
    proven(where, (coverage, rule) => coverage.matched(rule, [event]));
  const seen = (where: Predicate, event: object): string[] =>
    proven(where, (coverage) => coverage.seen(event));

  test('a match proves every alternative that it came through', () => {
    expect(matched(or(a, b, c), { a: '1', b: '1' })).toEqual(['a is "1"', 'b is "1"']);
  });

  test('an alternative inside a branch that did not hold is not proven', () => {
    expect(matched(or(and(x, or(a, b)), c), { a: '1', c: '1' })).toEqual(['c is "1"']);
  });

  test('a match through an exception to an exclusion proves the exception', () => {
    const where = and(a, not(and(x, not(y))));
    expect(matched(where, { a: '1', x: '1', y: '1' })).toContain('y is "1"');
    expect(matched(where, { a: '1', y: '1' })).not.toContain('y is "1"');
  });

  test('an event that only the exclusion kept out proves it', () => {
    expect(seen(and(a, not(or(x, y))), { a: '1', x: '1' })).toEqual(['x is "1"']);
  });

  test.each([
    ['does not meet the rest', { x: '1' }],
    ['is excluded twice', { a: '1', x: '1', y: '1' }],
    ['matches', { a: '1' }],
  ])('an event that %s proves no exclusion', (_name, event) => {
    expect(seen(and(a, not(or(x, y))), event)).toEqual([]);
  });

  test('a category that is not the rule’s proves nothing', () => {
    const rule = eventRule(and(a, not(x)), 'r', { category: 'process' });
    const coverage = new RuleCoverage([rule], { fields: 'ecs' });
    coverage.seen({ a: '1', x: '1', event: { category: ['file'] } });
    expect(coverage.of(rule).proven.size).toBe(0);
    coverage.seen({ a: '1', x: '1', event: { category: ['process'] } });
    expect(coverage.of(rule).proven.size).toBe(1);
  });

  test('a sequence has the branches of its stages; missing stages have no event in a match', () => {
    const stage = (where: Predicate, missing = false, runs = 1): SequenceStage => ({
      where,
      by: [],
      runs,
      missing,
      place,
    });
    const rule = ruleOf({
      kind: 'sequence',
      stages: [stage(or(a, b), false, 2), stage(x, true), stage(or(c, y))],
      pipes: [],
    });
    const coverage = new RuleCoverage([rule], { fields: 'ecs' });
    coverage.matched(rule, [{ a: '1' }, { b: '1' }, { y: '1' }]);
    const { branches, proven } = coverage.of(rule);
    expect(branches.filter(({ id }) => !proven.has(id)).map(({ text }) => text)).toEqual([
      'x is "1"',
      'c is "1"',
    ]);
  });
});

describe('over a stream', () => {
  const streams = fc.record({
    rules: fc.array(predicate.map(eventRule), { minLength: 1, maxLength: 4 }),
    events: fc.array(event, { maxLength: 12 }),
  });

  /** What each event proves where nothing was proven before. */
  const eachAlone = (rules: readonly Rule[], events: readonly object[]): Set<string>[] => {
    const proven = rules.map(() => new Set<string>());
    for (const one of events) {
      const coverage = new RuleCoverage(rules, { fields: 'ecs' });
      coverage.seen(one);
      const session = compileRules(rules, { fields: 'ecs' }).session();
      for (const { rule } of session.push(one, 0)) coverage.matched(rule, [one]);
      for (const [index, rule] of rules.entries())
        for (const id of coverage.of(rule).proven) proven[index]?.add(id);
    }
    return proven;
  };

  test('what was proven already changes nothing, nor does who looks for it', () => {
    fc.assert(
      fc.property(streams, ({ rules: anyRules, events }) => {
        const rules = anyRules.map((rule, index) => ({ ...rule, id: `${index}` }));
        const coverage = new RuleCoverage(rules, { fields: 'ecs' });
        const session = compileRules(rules, { fields: 'ecs' }).session(coverage.watched);
        for (const one of events) {
          const found = session.push(one, 0);
          coverage.seenPassing(one, session.lastWatched);
          for (const { rule } of found) coverage.matched(rule, [one]);
        }
        expect(rules.map((rule) => coverage.of(rule).proven)).toEqual(eachAlone(rules, events));
      }),
      { numRuns: 300 },
    );
  });
});
