// Values that are looked for as they are or as modifiers spell them: texts, numbers, booleans, null.

import { anyRun, type Predicate, type WildcardPattern } from '../predicate.ts';
import { isNull } from './computed.ts';
import type { ModifierName } from './modifier.ts';
import type { FieldName } from './names.ts';
import { testOfPattern } from './pattern.ts';
import type { Report } from './report.ts';
import { textVariants } from './text-variants.ts';
import { spellingsOf, testOf, type ValueUse } from './value-use.ts';
import type { YamlScalar } from './yaml-node.ts';

/** No modifier but those that spell, place or case a text. */
export function lowerPlain(valueUse: ValueUse): Predicate | undefined {
  const { value, field, modifiers, use, lowering } = valueUse;
  const { report } = lowering;
  if (value.value === null) return lowerNull(valueUse);
  const needsText = modifiers.find(({ name }) => textOnly.has(name));
  if (typeof value.value !== 'string' && needsText !== undefined) {
    return report.error(
      'value-type',
      value.place,
      `\`${needsText.name}\` wants text, got the ${typeof value.value} \`${value.value}\``,
      `Quote it: '${value.value}'.`,
    );
  }
  warnAboutNumber(value, report);
  const spelled = field === null ? undefined : spellingIn(field, value.value);
  if (spelled !== undefined && modifiers.every(({ name }) => keepsValue.has(name))) {
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

/** They say what is made of a match, not what is looked for. */
const keepsValue: ReadonlySet<ModifierName> = new Set<ModifierName>(['all', 'neq', 'cased']);

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
    return lowering.report.error(
      'value-type',
      value.place,
      `\`null\` can't be ${user}`,
      field === null ? 'A detection wants fields with values, or keywords.' : undefined,
    );
  }
  return isNull(field.field, value.place);
}

/** Rules mean what stands in the log: a number in another notation is rarely that. */
function warnAboutNumber({ value, written, place }: YamlScalar, report: Report): void {
  if (written === undefined) return;
  report.warning(
    'number-notation',
    place,
    `\`${written}\` is the number ${value} and matches that text`,
    `If the log has it as it is written here, quote it: '${written}'.`,
  );
}
