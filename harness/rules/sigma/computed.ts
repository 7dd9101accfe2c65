// The conditions that are more than one field against one literal: presence, another field, a part of a date.
// Absence is a condition of its own, not a negation: for coverage it is something to match, not an exclusion.

import type { Place } from '../../model/place.ts';
import { fold } from '../match/text.ts';
import type { ComputedTest } from '../predicate.ts';
import { type TimePart, timePartOf } from './timestamp.ts';

/** Sigma's `exists`: the field is there, whatever its value is, null included. */
export const isPresent = (field: string, place: Place): ComputedTest => ({
  kind: 'computed',
  text: `${field} exists`,
  fields: [field],
  holds: (_, isThere) => isThere(field),
  place,
});

/** Sigma's `exists: false`: the field is not there, not even as null. */
export const isMissing = (field: string, place: Place): ComputedTest => ({
  kind: 'computed',
  text: `not ${field} exists`,
  fields: [field],
  holds: (_, isThere) => !isThere(field),
  place,
});

/** Sigma's `null`: the field is not there, or is null. */
export const isNull = (field: string, place: Place): ComputedTest => ({
  kind: 'computed',
  text: `${field} is null`,
  fields: [field],
  holds: (value) => isEmpty(value(field)),
  place,
});

/** The field has not this value; it may be absent. */
export const isNot = (field: string, unwanted: string, place: Place): ComputedTest => ({
  kind: 'computed',
  text: `${field} is not ${JSON.stringify(unwanted)}`,
  fields: [field],
  holds: (value) => {
    const actual = value(field);
    return Array.isArray(actual) ? !actual.includes(unwanted) : actual !== unwanted;
  },
  place,
});

/** A list of nothing but nulls has no value either. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.every(isEmpty));

/** How the value of one field is looked for in the other. */
export type Comparison = 'equals' | 'startswith' | 'endswith' | 'contains';

/** Sigma's `fieldref`: one of the field's values compares with one of the other field's. An absent field never does. */
export const compareFields = (
  field: string,
  comparison: Comparison,
  other: string,
  caseless: boolean,
  place: Place,
): ComputedTest => ({
  kind: 'computed',
  text: `${field} ${comparison} ${other}${caseless ? '' : ' (cased)'}`,
  fields: [field, other],
  holds: (value) => {
    const sought = textsOf(value(other), caseless);
    return textsOf(value(field), caseless).some((text) =>
      sought.some((part) => comparisons[comparison](text, part)),
    );
  },
  place,
});

const comparisons: Readonly<Record<Comparison, (text: string, part: string) => boolean>> = {
  equals: (text, part) => text === part,
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

function textsOf(value: unknown, caseless: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, caseless));
  if (value === undefined || value === null || typeof value === 'object') return [];
  return [caseless ? fold(String(value)) : String(value)];
}

export type Order = 'equals' | 'lt' | 'lte' | 'gt' | 'gte';

const orders: Readonly<Record<Order, (part: number, bound: number) => boolean>> = {
  equals: (part, bound) => part === bound,
  lt: (part, bound) => part < bound,
  lte: (part, bound) => part <= bound,
  gt: (part, bound) => part > bound,
  gte: (part, bound) => part >= bound,
};

/** Sigma's `hour`, `week` …: a part of the date in a field against a number. */
export const comparePart = (
  field: string,
  part: TimePart,
  order: Order,
  bound: number,
  place: Place,
): ComputedTest => ({
  kind: 'computed',
  text: `${part} of ${field} ${order} ${bound}`,
  fields: [field],
  holds: (value) => {
    const dates = value(field);
    return (Array.isArray(dates) ? dates : [dates]).some((date) => {
      const actual = timePartOf(date, part);
      return actual !== undefined && orders[order](actual, bound);
    });
  },
  place,
});
