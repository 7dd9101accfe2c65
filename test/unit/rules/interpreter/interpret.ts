// The slow, obviously right meaning of rules: what the compiled engine is checked against. Shares no code with it.

import { RE2JS } from 're2js';
import {
  anyOne,
  anyRun,
  type Predicate,
  type ValueTest,
  type WildcardPattern,
} from '../../../../harness/rules/predicate.ts';
import type { EventFilter } from '../../../../harness/rules/rule.ts';

/** Whether a predicate holds on an event. */
export function holds(predicate: Predicate, event: object): boolean {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value;
    case 'and':
      return predicate.of.every((part) => holds(part, event));
    case 'or':
      return predicate.of.some((part) => holds(part, event));
    case 'not':
      return !holds(predicate.of, event);
    case 'field':
      return flatten(valuesAt(event, predicate.field)).some((value) => passes(predicate.test, value));
    case 'keyword':
      return leaves(event).some((value) => passes(predicate.test, value));
    case 'computed':
      return predicate.holds(
        (field) => {
          const values = valuesAt(event, field);
          return values.length > 1 ? flatten(values) : values[0];
        },
        (field) => isThere(event, field),
      );
  }
}

/** Whether an event passes a filter: category, log source, condition. */
export function passesFilter(filter: EventFilter, event: object, fields: 'ecs' | 'sigma' = 'ecs'): boolean {
  const categories = flatten(valuesAt(event, 'event.category'));
  if (filter.category !== undefined && !categories.includes(filter.category)) return false;
  if (fields === 'ecs') return holds(filter.where, event);
  const { logsource, ...record } = event as { readonly logsource?: Readonly<Record<string, unknown>> };
  for (const [key, wanted] of Object.entries(filter.logsource ?? {})) {
    if (typeof logsource === 'object' && logsource !== null && logsource[key] !== wanted) return false;
  }
  return holds(filter.where, record);
}

export interface TimedEvent {
  readonly event: object;
  readonly handle: number;
  readonly timestampMs: number;
}

/** Every value at a dotted path, trying each way to split the path. Null is no value. */
function valuesAt(node: unknown, path: string): unknown[] {
  if (Array.isArray(node)) return node.flatMap((item) => valuesAt(item, path));
  if (typeof node !== 'object' || node === null) return [];
  const found: unknown[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (value === null || value === undefined) continue;
    if (key === path) found.push(value);
    else if (path.startsWith(`${key}.`)) found.push(...valuesAt(value, path.slice(key.length + 1)));
  }
  return found;
}

/** Whether anything, null included, stands at a dotted path. */
function isThere(node: unknown, path: string): boolean {
  if (Array.isArray(node)) return node.some((item) => isThere(item, path));
  if (typeof node !== 'object' || node === null) return false;
  return Object.entries(node).some(
    ([key, value]) =>
      key === path || (path.startsWith(`${key}.`) && isThere(value, path.slice(key.length + 1))),
  );
}

const flatten = (values: readonly unknown[]): unknown[] =>
  values.flat(Number.POSITIVE_INFINITY).filter((value) => value !== null && value !== undefined);

const leaves = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : flatten([value]);

function passes(test: ValueTest, value: unknown): boolean {
  if (test.op === 'exists') return true;
  if (typeof value === 'object') return false;
  const text = String(value);
  switch (test.op) {
    case 'equals':
      return test.caseless ? lower(text) === lower(String(test.value)) : text === String(test.value);
    case 'starts-with':
      return test.caseless ? lower(text).startsWith(lower(test.value)) : text.startsWith(test.value);
    case 'ends-with':
      return test.caseless ? lower(text).endsWith(lower(test.value)) : text.endsWith(test.value);
    case 'contains':
      return test.caseless ? lower(text).includes(lower(test.value)) : text.includes(test.value);
    case 'wildcard':
      return test.caseless
        ? like(
            test.pattern.map((part) => (typeof part === 'string' ? lower(part) : part)),
            lower(text),
          )
        : like(test.pattern, text);
    case 'regex': {
      let flags = 0;
      if (test.flags.includes('i')) flags |= RE2JS.CASE_INSENSITIVE;
      if (test.flags.includes('m')) flags |= RE2JS.MULTILINE;
      if (test.flags.includes('s')) flags |= RE2JS.DOTALL;
      const pattern = RE2JS.compile(test.source, flags);
      return test.whole ? pattern.matches(text) : pattern.matcher(text).find();
    }
    case 'cidr':
      return inNetwork(text, test.network);
    default: {
      if (typeof test.value === 'string')
        return compare(test.op, text < test.value ? -1 : text > test.value ? 1 : 0);
      const [left, right] = [value, test.value].map(wholeNumber);
      if (left !== undefined && right !== undefined) {
        return compare(test.op, left < right ? -1 : Number(left > right));
      }
      const number =
        typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : NaN;
      return !Number.isNaN(number) && compare(test.op, number - Number(test.value));
    }
  }
}

/** Exact, whatever its size; undefined for what is no whole number in plain digits. */
const wholeNumber = (value: unknown): bigint | undefined => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
};

const compare = (op: '<' | '<=' | '>' | '>=', difference: number): boolean =>
  op === '<' ? difference < 0 : op === '<=' ? difference <= 0 : op === '>' ? difference > 0 : difference >= 0;

/** Code point by code point, so that neither neighbours nor length play a role. */
const lower = (text: string): string =>
  [...text].map((character) => (character === 'İ' ? 'i' : character.toLowerCase())).join('');

/** Wildcards by trying every way: fine for the short texts of tests. */
function like(pattern: WildcardPattern, text: string): boolean {
  const [part, ...rest] = pattern;
  if (part === undefined) return text === '';
  if (part === anyOne) {
    const [first] = text;
    return first !== undefined && like(rest, text.slice(first.length));
  }
  if (part === anyRun) {
    for (let skip = 0; skip <= text.length; skip++) {
      const insidePair =
        /[\udc00-\udfff]/.test(text[skip] ?? '') && /[\ud800-\udbff]/.test(text[skip - 1] ?? '');
      if (!insidePair && like(rest, text.slice(skip))) return true;
    }
    return false;
  }
  return text.startsWith(part) && like(rest, text.slice(part.length));
}

/** IPv4 only: enough for the tests that compare with this interpreter. */
function inNetwork(text: string, network: string): boolean {
  const [base = '', length = '32'] = network.split('/');
  const [address, start] = [bitsOf(text), bitsOf(base)];
  if (address === undefined || start === undefined) return false;
  return address.slice(0, Number(length)) === start.slice(0, Number(length));
}

function bitsOf(text: string): string | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  return text
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
}
