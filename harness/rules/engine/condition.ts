// Turns predicates into functions over the event shown; what several predicates ask is asked once per event.

import type { FieldTest, KeywordTest, Predicate, ValueTest } from '../predicate.ts';
import { EventView } from './event-view.ts';
import { anyOfMany, isSearchable, worthwhile } from './many-literals.ts';
import { foldableTester, orderTester } from './value-test.ts';
import type { Values } from './values.ts';

/** Whether the predicate holds on the event that the compiler's view shows. */
export type Condition = () => boolean;

/** A condition on its own. */
export type EventCondition = (event: object) => boolean;

/** Prepares one predicate; the result tells whether it holds on an event. */
export function compileCondition(predicate: Predicate): EventCondition {
  const view = new EventView();
  const holds = new ConditionCompiler(view).compile(predicate);
  return (event) => {
    view.show(event);
    return holds();
  };
}

/**
 * Compiles predicates that look at the same events. Equal parts of predicates become one condition, which
 * remembers its answer until the next event.
 */
export class ConditionCompiler {
  readonly #view: EventView;
  readonly #interned = new Map<string, Interned>();

  constructor(view: EventView) {
    this.#view = view;
  }

  compile(predicate: Predicate): Condition {
    return this.#intern(predicate).condition;
  }

  /** Equal predicates have equal keys: the kind, and what it is made of by number. */
  #intern(predicate: Predicate): Interned {
    switch (predicate.kind) {
      case 'constant': {
        const { value } = predicate;
        return this.#once(`constant ${value}`, 'constant', () => () => value);
      }
      case 'not': {
        const part = this.#intern(predicate.of);
        return this.#once(`not ${part.number}`, 'not', () => () => !part.condition());
      }
      case 'and':
      case 'or': {
        const { kind } = predicate;
        const parts = this.#parts(predicate.of);
        const key = `${kind} ${parts.map(({ number }) => number).join()}`;
        return this.#once(key, kind, () => (kind === 'and' ? this.#all(parts) : this.#any(predicate.of)));
      }
      case 'field': {
        const { field, test } = predicate;
        return this.#once(`field ${JSON.stringify(field)} ${testKey(test)}`, 'test', () =>
          this.#test(this.#view.field(field), test),
        );
      }
      case 'keyword':
        return this.#once(`keyword ${testKey(predicate.test)}`, 'test', () =>
          this.#test(this.#view.wholeEvent, predicate.test),
        );
      case 'computed': {
        const { text, fields, holds } = predicate;
        const views = new Map(fields.map((field) => [field, this.#view.field(field)]));
        const presences = new Map(fields.map((field) => [field, this.#view.presence(field)]));
        return this.#once(
          `computed ${JSON.stringify([text, fields])}`,
          'computed',
          () => () =>
            holds(
              (field) => views.get(field)?.value(),
              (field) => presences.get(field)?.() ?? false,
            ),
        );
      }
    }
  }

  /** Distinct parts, cheap ones first: the order is of no consequence to the result. */
  #parts(predicates: readonly Predicate[]): readonly Interned[] {
    const parts = new Set(predicates.map((predicate) => this.#intern(predicate)));
    return [...parts].sort((a, b) => costs[a.kind] - costs[b.kind] || a.number - b.number);
  }

  #once(key: string, kind: Interned['kind'], make: () => Condition): Interned {
    let interned = this.#interned.get(key);
    if (interned === undefined) {
      const condition = kind === 'constant' ? make() : this.#remembered(make());
      interned = { number: this.#interned.size, kind, condition };
      this.#interned.set(key, interned);
    }
    return interned;
  }

  #remembered(condition: Condition): Condition {
    const view = this.#view;
    let epoch = -1;
    let answer = false;
    return () => {
      if (epoch !== view.epoch) {
        answer = condition();
        epoch = view.epoch;
      }
      return answer;
    };
  }

  #all(parts: readonly Interned[]): Condition {
    const conditions = parts.map(({ condition }) => condition);
    return () => {
      for (const holds of conditions) if (!holds()) return false;
      return true;
    };
  }

  /** Many tests of the same values are made in one go. */
  #any(predicates: readonly Predicate[]): Condition {
    const conditions: Condition[] = [];
    for (const [values, group] of Map.groupBy(predicates, (predicate) => this.#searchedValues(predicate))) {
      const tests = new Map(group.filter(isTest).map(({ test }) => [testKey(test), test]));
      if (values !== undefined && tests.size >= worthwhile) {
        conditions.push(anyOfMany(values, [...tests.values()].filter(isSearchable)));
      } else {
        conditions.push(...this.#parts(group).map(({ condition }) => condition));
      }
    }
    return () => {
      for (const holds of conditions) if (holds()) return true;
      return false;
    };
  }

  /** The values that a test looks at, if it is one that can be made together with others. */
  #searchedValues(predicate: Predicate): Values | undefined {
    if (!isTest(predicate) || !isSearchable(predicate.test)) return undefined;
    return predicate.kind === 'field' ? this.#view.field(predicate.field) : this.#view.wholeEvent;
  }

  #test(values: Values, test: ValueTest): Condition {
    switch (test.op) {
      case 'exists':
        return () => values.isPresent();
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const passes = orderTester(test);
        return () => values.someValue(passes);
      }
      case 'equals':
      case 'starts-with':
      case 'ends-with':
      case 'contains':
      case 'wildcard':
      case 'regex':
      case 'cidr': {
        const { ofFolded, matches } = foldableTester(test);
        return ofFolded ? () => values.someFolded(matches) : () => values.someText(matches);
      }
    }
  }
}

interface Interned {
  readonly number: number;
  readonly kind: keyof typeof costs;
  readonly condition: Condition;
}

/** Rough order of cost: what is cheap to ask is asked first. */
const costs = { constant: 0, test: 1, not: 2, or: 3, and: 3, computed: 4 } as const;

const isTest = (predicate: Predicate): predicate is FieldTest | KeywordTest =>
  predicate.kind === 'field' || predicate.kind === 'keyword';

/** The test as text: equal tests have equal keys. */
const testKey = (test: ValueTest): string =>
  JSON.stringify(test, (_key, value: unknown) =>
    typeof value === 'symbol' ? { symbol: value.description } : value,
  );
