// Gives a detection item, `Field|modifier: value`, its meaning as a predicate.

import type { Place } from '../../model/place.ts';
import { networkMatcher } from '../engine/cidr.ts';
import { anyOne, anyRun, type Predicate, type ValueTest, type WildcardPattern } from '../predicate.ts';
import type { DetectionItem } from './ast.ts';
import {
  type Comparison,
  compareFields,
  comparePart,
  isMissing,
  isNull,
  isPresent,
  type Order,
} from './computed.ts';
import { type CheckedModifier, checkModifiers, type ModifierName } from './modifier.ts';
import type { FieldName, Names } from './names.ts';
import { hasWildcards, literalOf, parsePattern, testOfPattern } from './pattern.ts';
import type { Placeholders } from './placeholder.ts';
import { quoteRegex, translateRegex } from './regex.ts';
import type { Complaints } from './source.ts';
import { expandPlaceholders, textVariants } from './text-value.ts';
import { timeParts } from './timestamp.ts';
import type { YamlScalar } from './yaml.ts';

export interface Lowering {
  readonly names: Names;
  readonly placeholders: Placeholders;
  readonly complaints: Complaints;
}

/** Gives undefined after complaining when the item has no meaning. */
export function lowerItem(item: DetectionItem, lowering: Lowering): Predicate | undefined {
  const { complaints, names } = lowering;
  const modifiers = checkModifiers(item, complaints);
  if (modifiers === undefined) return undefined;
  const use = new Set(modifiers.map(({ name }) => name));
  const field = item.field === null ? null : names.field(item.field, item.place);
  warnAboutUse(item, use, complaints);
  const of: Predicate[] = [];
  for (const value of item.values) {
    const predicate = lowerValue({ value, field, modifiers, use, lowering });
    if (predicate !== undefined) of.push(predicate);
  }
  if (of.length < item.values.length) return undefined;
  const [only] = of;
  const matches: Predicate | undefined =
    of.length === 1 ? only : { kind: use.has('all') ? 'and' : 'or', of, place: item.place };
  return matches && use.has('neq') ? { kind: 'not', of: matches, place: item.place } : matches;
}

function warnAboutUse(
  { values, modifiers: uses, place }: DetectionItem,
  use: ReadonlySet<ModifierName>,
  complaints: Complaints,
): void {
  const [first] = values;
  if (values.length === 1 && use.has('all')) {
    complaints.warning(
      'single-all',
      first?.place ?? place,
      '`all` has no effect on a single value',
      'Leave it out.',
    );
  }
  const fragment = uses.find(({ name }) => name === 'base64offset');
  if (
    fragment !== undefined &&
    !['contains', 'startswith', 'endswith'].some((name) => use.has(name as ModifierName))
  ) {
    complaints.warning(
      'base64offset',
      fragment.place,
      'a field is hardly ever just what `base64offset` leaves of a value',
      'Write `base64offset|contains`.',
    );
  }
  const missing = values.length > 1 ? values.find(({ value }) => value === null) : undefined;
  if (missing !== undefined) {
    complaints.warning(
      'null-in-list',
      missing.place,
      '`null` should not be a value among others',
      'Sigma wants it in a detection of its own: `1 of selection_*`.',
    );
  }
}

/** One value of an item, and all that bears on it. */
interface ValueUse {
  readonly value: YamlScalar;
  /** null: a keyword. */
  readonly field: FieldName | null;
  readonly modifiers: readonly CheckedModifier[];
  readonly use: ReadonlySet<ModifierName>;
  readonly lowering: Lowering;
}

function lowerValue(valueUse: ValueUse): Predicate | undefined {
  const { use, field, value } = valueUse;
  if (field !== null) {
    if (use.has('exists')) return lowerExists(valueUse, field);
    if (use.has('fieldref')) return lowerFieldReference(valueUse, field);
    const part = timeParts.find((name) => use.has(name));
    if (part !== undefined) {
      const bound = numberOf(valueUse, part);
      return bound === undefined
        ? undefined
        : comparePart(field.field, part, orderOf(use), bound, value.place);
    }
  }
  if (use.has('re')) return lowerRegex(valueUse);
  if (use.has('cidr')) return lowerNetwork(valueUse);
  if (orderOf(use) !== 'equals') return lowerComparison(valueUse);
  return lowerText(valueUse);
}

function lowerExists({ value, lowering }: ValueUse, { field }: FieldName): Predicate | undefined {
  if (typeof value.value !== 'boolean') {
    return lowering.complaints.error('value-type', value.place, '`exists` wants true or false');
  }
  return value.value ? isPresent(field, value.place) : isMissing(field, value.place);
}

function lowerFieldReference(valueUse: ValueUse, { field }: FieldName): Predicate | undefined {
  const { value, use, lowering } = valueUse;
  const name = textOf(valueUse, 'fieldref');
  if (name === undefined) return undefined;
  const pattern = parsePattern(name);
  if (hasWildcards(pattern) || name === '') {
    return lowering.complaints.error(
      'value-type',
      value.place,
      '`fieldref` wants the name of a field, without wildcards',
    );
  }
  const other = lowering.names.field(literalOf(pattern), value.place);
  return compareFields(field, comparisonOf(use), other.field, !use.has('cased'), value.place);
}

/** `startswith` and `endswith` together leave both ends open, as they do on a text. */
function comparisonOf(use: ReadonlySet<ModifierName>): Comparison {
  if (use.has('contains') || (use.has('startswith') && use.has('endswith'))) return 'contains';
  if (use.has('startswith')) return 'startswith';
  return use.has('endswith') ? 'endswith' : 'equals';
}

const orderOf = (use: ReadonlySet<ModifierName>): Order =>
  (['lt', 'lte', 'gt', 'gte'] as const).find((order) => use.has(order)) ?? 'equals';

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function lowerComparison(valueUse: ValueUse): Predicate | undefined {
  const order = orderOf(valueUse.use);
  const bound = numberOf(valueUse, order);
  if (bound === undefined || order === 'equals') return undefined;
  return testOf(valueUse, { op: operators[order], value: bound });
}

function lowerNetwork(valueUse: ValueUse): Predicate | undefined {
  const network = textOf(valueUse, 'cidr');
  if (network === undefined) return undefined;
  if (networkMatcher(network) === undefined) {
    const { lowering, value } = valueUse;
    return lowering.complaints.error(
      'cidr',
      value.place,
      `\`${network}\` is not an IP network`,
      'Expected something like `10.0.0.0/8` or `fe80::/10`.',
    );
  }
  return testOf(valueUse, { op: 'cidr', network });
}

function lowerRegex(valueUse: ValueUse): Predicate | undefined {
  const { value, use, lowering } = valueUse;
  const { complaints } = lowering;
  const pattern = plainTextOf(valueUse, 're');
  if (pattern === undefined) return undefined;
  const patterns = use.has('expand')
    ? expandPlaceholders(pattern, { ...lowering, place: value.place }, regexOfPlaceholder)
    : [pattern];
  if (patterns === undefined) return undefined;
  const of: Predicate[] = [];
  for (const each of patterns) {
    const translated = translateRegex(each);
    if (!translated.ok) {
      const { index, message, hint } = translated.fault;
      return complaints.error('regex', value.placeOf(use.has('expand') ? 0 : index), message, hint);
    }
    of.push(testOf(valueUse, regexTest(translated.source, use)));
  }
  return spellingsOf(of, value.place);
}

function regexTest(source: string, use: ReadonlySet<ModifierName>): ValueTest {
  const flags = [
    use.has('i') || use.has('ignorecase') ? 'i' : '',
    use.has('m') || use.has('multiline') ? 'm' : '',
    use.has('s') || use.has('dotall') ? 's' : '',
  ].join('');
  switch (comparisonOf(use)) {
    case 'startswith':
      return { op: 'regex', source: `\\A(?:${source})`, flags, whole: false };
    case 'endswith':
      return { op: 'regex', source: `(?:${source})\\z`, flags, whole: false };
    default:
      return { op: 'regex', source, flags, whole: false };
  }
}

/** A placeholder's value inside of a regular expression: its wildcards work, everything else is plain. */
const regexOfPlaceholder = (value: string): string =>
  parsePattern(value)
    .map((part) => (part === anyRun ? '.*' : part === anyOne ? '.' : quoteRegex(part as string)))
    .join('');

function lowerText(valueUse: ValueUse): Predicate | undefined {
  const { value, field, modifiers, use, lowering } = valueUse;
  const { complaints } = lowering;
  if (value.value === null) return lowerNull(valueUse);
  const needsText = modifiers.find(({ name }) => textOnly.has(name));
  if (typeof value.value !== 'string' && needsText !== undefined) {
    return complaints.error(
      'value-type',
      value.place,
      `\`${needsText.name}\` wants text, got the ${typeof value.value} \`${value.value}\``,
      `Quote it: '${value.value}'.`,
    );
  }
  warnAboutNumber(value, complaints);
  const spelled = field === null ? undefined : spellingIn(field, value.value);
  if (spelled !== undefined && modifiers.length === 0) {
    return testOf(valueUse, { op: 'equals', value: spelled, caseless: true });
  }
  const caseless = !use.has('cased');
  if (typeof value.value !== 'string' && modifiers.length === 0 && field !== null) {
    return testOf(valueUse, { op: 'equals', value: value.value, caseless });
  }
  const variants = textVariants(String(value.value), modifiers, { ...lowering, place: value.place });
  if (variants === undefined) return undefined;
  const anchored = use.has('startswith') || use.has('endswith');
  const patterns = field === null && !anchored ? variants.map(anywhere) : variants;
  return spellingsOf(
    patterns.map((pattern) => testOf(valueUse, testOfPattern(pattern, caseless))),
    value.place,
  );
}

/** How the events spell the value, where they spell it otherwise. */
function spellingIn({ values = {} }: FieldName, value: string | number | boolean): string | undefined {
  const name = String(value).toLowerCase();
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

const textOnly: ReadonlySet<ModifierName> = new Set<ModifierName>([
  'windash',
  'expand',
  'wide',
  'utf16le',
  'utf16be',
  'utf16',
  'base64',
  'base64offset',
]);

/** A keyword is found anywhere in the text. */
const anywhere = (pattern: WildcardPattern): WildcardPattern => [anyRun, ...pattern, anyRun];

/** `null`: the field is absent or null. */
function lowerNull({ value, field, modifiers, lowering }: ValueUse): Predicate | undefined {
  const other = modifiers.find(({ name }) => name !== 'all' && name !== 'neq');
  if (field === null || other !== undefined) {
    const user = other === undefined ? 'a keyword' : `the value of \`${other.name}\``;
    return lowering.complaints.error('value-type', value.place, `\`null\` can't be ${user}`);
  }
  return isNull(field.field, value.place);
}

/** Rules mean what stands in the log: a number in another notation is rarely that. */
function warnAboutNumber({ value, written, place }: YamlScalar, complaints: Complaints): void {
  if (written === undefined) return;
  complaints.warning(
    'number-notation',
    place,
    `\`${written}\` is the number ${value} and matches that text`,
    `If the log has it as it is written here, quote it: '${written}'.`,
  );
}

/** The test on the field, or on what keywords are looked for in. */
function testOf({ field, value: { place }, lowering }: ValueUse, test: ValueTest): Predicate {
  const name = field === null ? lowering.names.keywordField : field.field;
  return name === undefined ? { kind: 'keyword', test, place } : { kind: 'field', field: name, test, place };
}

/** Several ways to spell one value: coverage counts them as one. */
function spellingsOf(of: readonly Predicate[], place: Place): Predicate | undefined {
  return of.length > 1 ? { kind: 'or', of, place, single: true } : of[0];
}

function textOf(valueUse: ValueUse, modifier: ModifierName): string | undefined {
  const { value, lowering } = valueUse;
  if (typeof value.value === 'string') return value.value;
  return lowering.complaints.error(
    'value-type',
    value.place,
    `\`${modifier}\` wants text, got \`${value.value}\``,
  );
}

/** Text, or a number as it was written. */
function plainTextOf(valueUse: ValueUse, modifier: ModifierName): string | undefined {
  const { value } = valueUse.value;
  return typeof value === 'number' ? (valueUse.value.written ?? String(value)) : textOf(valueUse, modifier);
}

function numberOf({ value, lowering }: ValueUse, modifier: string): number | undefined {
  if (typeof value.value === 'number') return value.value;
  const quoted =
    typeof value.value === 'string' && value.value.trim() !== '' && !Number.isNaN(Number(value.value));
  return lowering.complaints.error(
    'value-type',
    value.place,
    `\`${modifier}\` wants a number, got ${value.value === null ? 'nothing' : `the ${typeof value.value} \`${value.value}\``}`,
    quoted ? 'Leave the quotes out.' : undefined,
  );
}
