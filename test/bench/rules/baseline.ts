// What the engine is compared with: every rule a function of its own, all of them called for every event.

import { fold } from '../../../harness/rules/engine/text.ts';
import { textTester } from '../../../harness/rules/engine/value-test.ts';
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
    const categories = valueAt(event, 'event.category');
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
      return (event) => parts.every((holds) => holds(event));
    }
    case 'or': {
      const parts = predicate.of.map(compile);
      return (event) => parts.some((holds) => holds(event));
    }
    case 'not': {
      const holds = compile(predicate.of);
      return (event) => !holds(event);
    }
    case 'field': {
      const passes = compileTest(predicate.test);
      return (event) => anyValue(valueAt(event, predicate.field), passes);
    }
    case 'keyword': {
      const passes = compileTest(predicate.test);
      return (event) => anyLeaf(event, passes);
    }
    case 'computed':
      return (event) =>
        predicate.holds(
          (field) => valueAt(event, field),
          (field) => valueAt(event, field) !== undefined,
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
    case 'contains': {
      const literal = test.caseless ? fold(String(test.value)) : String(test.value);
      const method = (
        { 'starts-with': 'startsWith', 'ends-with': 'endsWith', contains: 'includes' } as const
      )[test.op as 'contains'];
      return (value) => {
        const text = test.caseless ? fold(String(value)) : String(value);
        return test.op === 'equals' ? text === literal : text[method](literal);
      };
    }
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

const valueAt = (event: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined | null)?.[key], event);

const anyValue = (value: unknown, passes: (value: unknown) => boolean): boolean => {
  if (value === undefined || value === null) return false;
  return Array.isArray(value) ? value.some((item) => anyValue(item, passes)) : passes(value);
};

const anyLeaf = (value: unknown, passes: (value: unknown) => boolean): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some((item) => anyLeaf(item, passes))
    : value !== undefined && value !== null && passes(value);
