// Gives a detection item, `Field|modifier: value`, its meaning as a predicate.

import type { Predicate } from '../predicate.ts';
import type { DetectionItem, ModifierUse } from './ast.ts';
import { lowerExists, lowerFieldReference, lowerTimePart } from './field-condition.ts';
import { checkModifiers, type ModifierName } from './modifier.ts';
import { lowerPlain } from './plain-value.ts';
import { lowerComparison, lowerNetwork } from './range-value.ts';
import { lowerRegex } from './regex-value.ts';
import type { Report } from './report.ts';
import { timeParts } from './timestamp.ts';
import { type Lowering, orderOf, type ValueUse } from './value-use.ts';

/** Gives undefined after reporting when the item has no meaning. */
export function lowerItem(item: DetectionItem, lowering: Lowering): Predicate | undefined {
  const { report, names } = lowering;
  const modifiers = checkModifiers(item, report);
  if (modifiers === undefined) return undefined;
  const use = new Set(modifiers.map(({ name }) => name));
  const field = item.field === null ? null : names.field(item.field, item.place);
  warnAboutUse(item, use, report);
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

function lowerValue(valueUse: ValueUse): Predicate | undefined {
  const { use, field } = valueUse;
  if (field !== null) {
    if (use.has('exists')) return lowerExists(valueUse, field);
    if (use.has('fieldref')) return lowerFieldReference(valueUse, field);
    const part = timeParts.find((name) => use.has(name));
    if (part !== undefined) return lowerTimePart(valueUse, field, part);
  }
  if (use.has('re')) return lowerRegex(valueUse);
  if (use.has('cidr')) return lowerNetwork(valueUse);
  if (orderOf(use) !== 'equals') return lowerComparison(valueUse);
  return lowerPlain(valueUse);
}

function warnAboutUse(
  { values, modifiers: uses, place }: DetectionItem,
  use: ReadonlySet<ModifierName>,
  report: Report,
): void {
  const [first] = values;
  if (values.length === 1 && use.has('all')) {
    report.warning(
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
    report.warning(
      'base64offset',
      fragment.place,
      'a field is hardly ever just what `base64offset` leaves of a value',
      'Write `base64offset|contains`.',
    );
  }
  warnAboutEncodings(uses, report);
  const missing = values.length > 1 ? values.find(({ value }) => value === null) : undefined;
  if (missing !== undefined) {
    report.warning(
      'null-in-list',
      missing.place,
      '`null` should not be a value among others',
      'Sigma wants it in a detection of its own: `1 of selection_*`.',
    );
  }
}

/** Base64 text that is then spelled in UTF-16: the reverse was meant, but modifiers apply as they are written. */
function warnAboutEncodings(uses: readonly ModifierUse[], report: Report): void {
  const encodings = uses.filter(({ name }) => /^(?:base64|base64offset|wide|utf16(?:le|be)?)$/.test(name));
  const [before, last] = encodings.slice(-2);
  if (before === undefined || last === undefined) return;
  if (!before.name.startsWith('base64') || last.name.startsWith('base64')) return;
  report.warning(
    'encoding-order',
    last.place,
    `\`${last.name}\` after \`${before.name}\` spells the Base64 text itself in UTF-16, which hardly any log has`,
    `Write \`${last.name}|${before.name}\` for a text that is in UTF-16 inside of the Base64.`,
  );
}
