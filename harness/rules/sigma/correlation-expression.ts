// Reads the condition of a temporal correlation in words: `failed and not (successful or locked)`.

import type { Place } from '../../model/place.ts';
import type { RuleExpression } from '../rule.ts';
import type { Condition, CorrelationType, Reference } from './ast.ts';
import { parseCondition } from './condition.ts';
import type { Report } from './report.ts';
import type { YamlScalar } from './yaml-node.ts';

/** A condition in words, and the rules that it names. */
export interface ReadExpression {
  /** Rules are named as they are written. */
  readonly expression: RuleExpression;
  readonly rules: readonly Reference[];
}

/** Gives undefined after reporting when it can't be used. */
export function readExpression(
  node: YamlScalar,
  type: CorrelationType,
  report: Report,
): ReadExpression | undefined {
  const fail = (place: Place, message: string, hint: string) =>
    report.error('correlation-condition', place, message, hint);
  const condition = parseCondition(String(node.value), node.placeOf, report);
  if (condition === undefined) return undefined;
  const rules: Reference[] = [];
  const expression = expressionOf(condition, rules, (place) =>
    fail(place, 'a correlation names its rules one by one', 'Write `rule_a or rule_b`.'),
  );
  if (expression === undefined) return undefined;
  if (type === 'temporal_ordered' && !isConjunction(expression)) {
    return fail(
      node.place,
      '`or` and `not` say nothing about an order: `temporal_ordered` wants `and` between its rules',
      'Write alternatives as several correlations, or use `temporal`.',
    );
  }
  if (holdsOfNothing(expression)) {
    return fail(
      node.place,
      'the condition holds where no rule matches at all, so no event can make it true',
      'Join what must not match to what must: `rule_a and not rule_b`.',
    );
  }
  return { expression, rules };
}

function expressionOf(
  condition: Condition,
  rules: Reference[],
  refuse: (place: Place) => undefined,
): RuleExpression | undefined {
  switch (condition.kind) {
    case 'name': {
      const { name: id, place } = condition;
      if (!rules.some(({ to }) => to === id)) rules.push({ to: id, place });
      return { kind: 'rule', id };
    }
    case 'quantified':
      return refuse(condition.place);
    case 'not': {
      const of = expressionOf(condition.of, rules, refuse);
      return of && { kind: 'not', of };
    }
    case 'and':
    case 'or': {
      const parts = condition.of.map((part) => expressionOf(part, rules, refuse));
      const of = parts.filter((part) => part !== undefined);
      return of.length < parts.length ? undefined : { kind: condition.kind, of };
    }
  }
}

const isConjunction = (expression: RuleExpression): boolean =>
  expression.kind === 'rule' || (expression.kind === 'and' && expression.of.every(isConjunction));

function holdsOfNothing(expression: RuleExpression): boolean {
  switch (expression.kind) {
    case 'rule':
      return false;
    case 'not':
      return !holdsOfNothing(expression.of);
    case 'and':
      return expression.of.every(holdsOfNothing);
    case 'or':
      return expression.of.some(holdsOfNothing);
  }
}
