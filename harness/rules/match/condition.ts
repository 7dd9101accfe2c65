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
  const [holds] = compileConditions([predicate], view);
  return (event) => {
    view.show(event);
    return holds?.() ?? false;
  };
}

/**
 * Prepares predicates that look at the same events. Equal parts of them become one condition, and one that is asked
 * in several places remembers its answer until the next event.
 */
export function compileConditions(predicates: readonly Predicate[], view: EventView): readonly Condition[] {
  const compiler = new ConditionCompiler(view);
  // All are interned before the first is built: only then is known what is asked in several places.
  const interned = predicates.map((predicate) => compiler.intern(predicate));
  for (const each of interned) each.uses += 1;
  return interned.map((each) => compiler.conditionOf(each));
}

class ConditionCompiler {
  readonly #view: EventView;
  readonly #interned = new Map<string, Interned>();

  constructor(view: EventView) {
    this.#view = view;
  }

  intern(predicate: Predicate): Interned {
    const parts = this.#partsOf(predicate);
    const key = keyOf(predicate, parts);
    let interned = this.#interned.get(key);
    if (interned === undefined) {
      interned = { number: this.#interned.size, predicate, parts, uses: 0, condition: undefined };
      for (const part of parts) part.uses += 1;
      this.#interned.set(key, interned);
    }
    return interned;
  }

  conditionOf(interned: Interned): Condition {
    interned.condition ??= interned.uses > 1 ? this.#remembered(this.#make(interned)) : this.#make(interned);
    return interned.condition;
  }

  /** Distinct parts, cheap ones first: the order is of no consequence to the result. */
  #partsOf(predicate: Predicate): readonly Interned[] {
    if (!('of' in predicate)) return [];
    const of = predicate.kind === 'not' ? [predicate.of] : predicate.of;
    const parts = new Set(of.map((part) => this.intern(part)));
    return [...parts].sort(
      (a, b) => costs[a.predicate.kind] - costs[b.predicate.kind] || a.number - b.number,
    );
  }

  #make({ predicate, parts }: Interned): Condition {
    switch (predicate.kind) {
      case 'constant': {
        const { value } = predicate;
        return () => value;
      }
      case 'not': {
        const [holds] = parts.map((part) => this.conditionOf(part));
        return () => !holds?.();
      }
      case 'and':
        return this.#all(parts);
      case 'or':
        return this.#any(parts);
      case 'field':
        return this.#test(this.#view.field(predicate.field), predicate.test);
      case 'keyword':
        return this.#test(this.#view.wholeEvent, predicate.test);
      case 'computed': {
        const { fields, holds } = predicate;
        const views = new Map(fields.map((field) => [field, this.#view.field(field)]));
        const presences = new Map(fields.map((field) => [field, this.#view.presence(field)]));
        return () =>
          holds(
            (field) => views.get(field)?.value(),
            (field) => presences.get(field)?.() ?? false,
          );
      }
    }
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
    const conditions = parts.map((part) => this.conditionOf(part));
    return () => {
      for (const holds of conditions) if (!holds()) return false;
      return true;
    };
  }

  /** Many tests of the same values are made in one go. */
  #any(parts: readonly Interned[]): Condition {
    const conditions: Condition[] = [];
    for (const [values, group] of Map.groupBy(parts, ({ predicate }) => this.#searchedValues(predicate))) {
      if (values !== undefined && group.length >= worthwhile) {
        const tests = group.map(({ predicate }) => predicate).filter(isTest);
        conditions.push(anyOfMany(values, tests.map(({ test }) => test).filter(isSearchable)));
      } else {
        conditions.push(...group.map((part) => this.conditionOf(part)));
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

/** What equal predicates have in common. */
interface Interned {
  readonly number: number;
  readonly predicate: Predicate;
  readonly parts: readonly Interned[];
  /** In how many places it is asked. */
  uses: number;
  condition: Condition | undefined;
}

/** Equal predicates have equal keys: the kind, and what it is made of by number. */
function keyOf(predicate: Predicate, parts: readonly Interned[]): string {
  switch (predicate.kind) {
    case 'constant':
      return `constant ${predicate.value}`;
    case 'not':
    case 'and':
    case 'or':
      return `${predicate.kind} ${parts.map(({ number }) => number).join()}`;
    case 'field':
      return `field ${JSON.stringify(predicate.field)} ${testKey(predicate.test)}`;
    case 'keyword':
      return `keyword ${testKey(predicate.test)}`;
    case 'computed':
      return `computed ${JSON.stringify([predicate.text, predicate.fields])}`;
  }
}

/** Rough order of cost: what is cheap to ask is asked first. */
const costs = { constant: 0, field: 1, keyword: 1, not: 2, or: 3, and: 3, computed: 4 } as const;

const isTest = (predicate: Predicate): predicate is FieldTest | KeywordTest =>
  predicate.kind === 'field' || predicate.kind === 'keyword';

/** The test as text: equal tests have equal keys. */
const testKey = (test: ValueTest): string =>
  JSON.stringify(test, (_key, value: unknown) =>
    typeof value === 'symbol'
      ? { symbol: value.description }
      : typeof value === 'bigint'
        ? { bigint: String(value) }
        : value,
  );
