// Comparisons that depend on a field's type. Events carry no mapping: what a field is, its name in the Elastic Common
// Schema tells, else the kind of value that the event holds.

import type { ProblemText } from '../../model/source.ts';
import { addressOrder } from '../match/cidr.ts';
import { instantOf } from '../match/timestamp.ts';
import type { ComparisonOperator } from './ast.ts';
import { compareValues, orderHolds, parseNumber, type Value } from './value.ts';

type Literal = Exclude<Value, null>;
type Operator = Exclude<ComparisonOperator, '!='>;
/** Whether one value of a field passes. */
export type TypedTest = (value: Literal) => boolean;

/**
 * The comparison of a field with a literal where plain text or numbers would not do: dates, the order of addresses,
 * numbers written as text. Undefined where they do; a problem where the literal has no meaning without a clock.
 */
export function typedTest(
  field: string,
  operator: Operator,
  literal: Literal,
): TypedTest | ProblemText | undefined {
  if (isDateField(field)) return dateTest(operator, literal);
  if (operator === '==' || typeof literal !== 'string') return undefined;
  if (isAddressField(field)) {
    const bound = addressOrder(literal);
    if (bound === undefined) return undefined;
    return (value) => inOrder(operator, compare(addressOrder(String(value)), bound));
  }
  if (parseNumber(literal) === null) return undefined;
  return (value) => inOrder(operator, compareValues(value, literal));
}

const addressNames: ReadonlySet<string> = new Set(['ip', 'resolved_ip', 'forwarded_ip']);

/** The fields of type `ip` in ECS, by the last part of their names. */
export const isAddressField = (field: string): boolean => addressNames.has(field.split('.').at(-1) ?? '');

const dateNames =
  /^@timestamp$|^(event|process(\..+)?)\.(start|end)$|\.(created|ingested|accessed|[cm]time|not_(after|before)|(first|last)_seen)$/;

/** The fields of type `date` in ECS. */
const isDateField = (field: string): boolean => dateNames.test(field);

/**
 * A date that leaves something out stands for all of that time: a day for its 24 hours.
 * Source: elastic.co, "Range query", rounding of missing date components.
 */
function dateTest(operator: Operator, literal: Literal): TypedTest | ProblemText | undefined {
  if (typeof literal === 'string' && /^now\b|\|\|/.test(literal)) {
    return {
      code: 'date-math',
      message: `expected a fixed date, found ${JSON.stringify(literal)}`,
      hint: 'What such a date means depends on when the query is run.',
    };
  }
  const period = periodOf(literal);
  if (period === undefined) return undefined;
  const [from, until] = period;
  return (value) => {
    const instant = instantOf(typeof value === 'bigint' ? Number(value) : value);
    if (instant === undefined) return false;
    return inOrder(operator, instant < from ? -1 : instant >= until ? 1 : 0);
  };
}

/** The first instant of a date and the first after it, in milliseconds since 1970. */
function periodOf(literal: Literal): readonly [from: number, until: number] | undefined {
  if (typeof literal === 'boolean') return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] =
    isoDate.exec(String(literal)) ?? [];
  if (typeof literal !== 'string' || year === undefined) {
    const instant = Number(literal);
    return Number.isNaN(instant) || literal === '' ? undefined : [instant, instant + 1];
  }
  const from = instantOf(
    `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${(fraction ?? '').padEnd(3, '0')}${zone}`,
  );
  if (from === undefined) return undefined;
  if (month === undefined) return [from, Date.UTC(Number(year) + 1, 0)];
  if (day === undefined) return [from, Date.UTC(Number(year), Number(month))];
  const length =
    hour === undefined ? 86_400_000 : minute === undefined ? 3_600_000 : second === undefined ? 60_000 : 1000;
  return [from, from + length / 10 ** (fraction?.length ?? 0)];
}

const isoDate =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/;

const compare = (left: bigint | undefined, right: bigint): number | undefined =>
  left === undefined ? undefined : left < right ? -1 : left > right ? 1 : 0;

const inOrder = (operator: Operator, order: number | undefined): boolean =>
  order !== undefined && orderHolds[operator](order);
