// What the engine is compared with: every rule a function of its own, all of them called for every event. Plain, and
// not slowed down: paths are split and literals folded beforehand, values are folded only by who asks for it.

import { textTester } from '../../../harness/rules/match/value-test.ts';
import type { Predicate, ValueTest } from '../../../harness/rules/predicate.ts';
import type { Rule } from '../../../harness/rules/rule.ts';

type Matcher = (event: object) => boolean;

/** Number of rules over single events that match. */
export function closurePerRule(rules: readonly Rule[]): (event: object) => number {
  const matchers = rules.flatMap(({ query }) =>
    query.kind === 'event' ? [{ ...query, holds: compile(query.where) }] : [],
  );
  return (event) => {
    let matches = 0;
    const categories = valueAt(event, ['event', 'category']);
    for (const { category, holds } of matchers) {
      if (category !== undefined && !(Array.isArray(categories) && categories.includes(category))) continue;
      if (holds(event)) matches += 1;
    }
    return matches;
  };
}

function compile(predicate: Predicate): Matcher {
  switch (predicate.kind) {
    case 'constant':
      return () => predicate.value;
    case 'and': {
      const parts = predicate.of.map(compile);
      return (event) => {
        for (const holds of parts) if (!holds(event)) return false;
        return true;
      };
    }
    case 'or': {
      const parts = predicate.of.map(compile);
      return (event) => {
        for (const holds of parts) if (holds(event)) return true;
        return false;
      };
    }
    case 'not': {
      const holds = compile(predicate.of);
      return (event) => !holds(event);
    }
    case 'field': {
      const passes = compileTest(predicate.test);
      const path = predicate.field.split('.');
      return (event) => anyValue(valueAt(event, path), passes);
    }
    case 'keyword': {
      const passes = compileTest(predicate.test);
      return (event) => anyLeaf(event, passes);
    }
    case 'computed':
      return (event) =>
        predicate.holds(
          (field) => valueAt(event, field.split('.')),
          (field) => valueAt(event, field.split('.')) !== undefined,
        );
  }
}

function compileTest(test: ValueTest): (value: unknown) => boolean {
  switch (test.op) {
    case 'exists':
      return () => true;
    case 'equals':
    case 'starts-with':
    case 'ends-with':
    case 'contains':
      return compileLiteral(test.op, String(test.value), test.caseless);
    case 'wildcard':
    case 'regex':
    case 'cidr': {
      const matches = textTester(test);
      return (value) => matches(String(value));
    }
    case '<':
      return (value) => Number(value) < Number(test.value);
    case '<=':
      return (value) => Number(value) <= Number(test.value);
    case '>':
      return (value) => Number(value) > Number(test.value);
    case '>=':
      return (value) => Number(value) >= Number(test.value);
  }
}

function compileLiteral(
  op: 'equals' | 'starts-with' | 'ends-with' | 'contains',
  value: string,
  caseless: boolean,
): (value: unknown) => boolean {
  const textOf = caseless ? (each: unknown) => String(each).toLowerCase() : String;
  const literal = textOf(value);
  switch (op) {
    case 'equals':
      return (each) => textOf(each) === literal;
    case 'starts-with':
      return (each) => textOf(each).startsWith(literal);
    case 'ends-with':
      return (each) => textOf(each).endsWith(literal);
    case 'contains':
      return (each) => textOf(each).includes(literal);
  }
}

function valueAt(event: object, path: readonly string[]): unknown {
  let node: unknown = event;
  for (const key of path) {
    if (node === undefined || node === null) return undefined;
    node = (node as Readonly<Record<string, unknown>>)[key];
  }
  return node;
}

function anyValue(value: unknown, passes: (value: unknown) => boolean): boolean {
  if (value === undefined || value === null) return false;
  return Array.isArray(value) ? value.some((item) => anyValue(item, passes)) : passes(value);
}

function anyLeaf(value: unknown, passes: (value: unknown) => boolean): boolean {
  if (typeof value !== 'object') return value !== undefined && passes(value);
  if (value === null) return false;
  if (Array.isArray(value)) return value.some((item) => anyLeaf(item, passes));
  for (const key in value) {
    if (anyLeaf((value as Readonly<Record<string, unknown>>)[key], passes)) return true;
  }
  return false;
}
