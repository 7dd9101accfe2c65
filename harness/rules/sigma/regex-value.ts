// Values that are regular expressions.

import { anyOne, anyRun, type Predicate, type ValueTest } from '../predicate.ts';
import type { ModifierName } from './modifier.ts';
import { parsePattern } from './pattern.ts';
import { translateRegex } from './regex.ts';
import { quoteRegex } from './regex-escape.ts';
import { expandPlaceholders } from './text-variants.ts';
import { comparisonOf, spellingsOf, testOf, textOf, type ValueUse } from './value-use.ts';

/** `re` */
export function lowerRegex(valueUse: ValueUse): Predicate | undefined {
  const { value, use, lowering } = valueUse;
  const { report } = lowering;
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
      return report.error('regex', value.placeOf(use.has('expand') ? 0 : index), message, hint);
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

/** Text, or a number as it was written. */
function plainTextOf(valueUse: ValueUse, modifier: ModifierName): string | undefined {
  const { value } = valueUse.value;
  return typeof value === 'number' ? (valueUse.value.written ?? String(value)) : textOf(valueUse, modifier);
}
