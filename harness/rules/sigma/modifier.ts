// Which value modifiers there are, what each may follow, and what it makes of a value.

import type { DetectionItem, ModifierUse } from './ast.ts';
import type { Report } from './report.ts';
import { suggestionFor } from './suggestion.ts';
import { timeParts } from './timestamp.ts';

/** What a value has become by the modifiers read so far. */
export type Stage =
  | 'plain'
  | 'cased'
  | 'text'
  | 'encoded'
  | 'wildcarded'
  | 'regex'
  | 'time'
  | 'field'
  | 'network'
  | 'final';

export type ModifierName = keyof typeof modifiers;

interface Modifier {
  /** What it may be applied to. */
  readonly after: readonly Stage[];
  /** What the value is then; absent: what it was. */
  readonly becomes?: Stage;
  readonly means: string;
}

const texts = ['plain', 'cased', 'text', 'encoded', 'wildcarded'] as const satisfies readonly Stage[];
const unencoded = ['plain', 'cased', 'text', 'wildcarded'] as const satisfies readonly Stage[];
const any = [...texts, 'regex', 'time', 'field', 'network', 'final'] as const satisfies readonly Stage[];

/** Sigma 2.1, appendix "modifiers"; the long names of the flags are pySigma's. */
export const modifiers = {
  all: { after: any, means: 'all values of the list must match, not one of them' },
  neq: { after: any, means: 'the field must not match' },
  contains: { after: [...texts, 'regex', 'field'], becomes: 'wildcarded', means: 'anywhere in the field' },
  startswith: {
    after: [...texts, 'regex', 'field'],
    becomes: 'wildcarded',
    means: 'at the beginning of the field',
  },
  endswith: { after: [...texts, 'regex', 'field'], becomes: 'wildcarded', means: 'at the end of the field' },
  cased: { after: [...texts, 'field'], becomes: 'cased', means: 'case matters' },
  exists: { after: ['plain'], becomes: 'final', means: 'the field is there (true) or is not (false)' },
  windash: { after: unencoded, becomes: 'text', means: 'each dash that begins an option, in all its forms' },
  expand: {
    after: [...unencoded, 'regex', 'network'],
    becomes: 'text',
    means: 'placeholders `%name%` become their values',
  },
  wide: { after: texts, becomes: 'text', means: 'as UTF-16, low byte first' },
  utf16le: { after: texts, becomes: 'text', means: 'as UTF-16, low byte first' },
  utf16be: { after: texts, becomes: 'text', means: 'as UTF-16, high byte first' },
  utf16: { after: texts, becomes: 'text', means: 'as UTF-16, low byte first, after a byte order mark' },
  base64: { after: ['plain', 'cased', 'text', 'encoded'], becomes: 'encoded', means: 'encoded with Base64' },
  base64offset: {
    after: ['plain', 'cased', 'text', 'encoded'],
    becomes: 'encoded',
    means: 'what of it is visible inside a longer Base64 text, at each of the three offsets',
  },
  re: { after: ['plain'], becomes: 'regex', means: 'a regular expression, found anywhere, case matters' },
  i: { after: ['regex'], means: 'case does not matter' },
  m: { after: ['regex'], means: '`^` and `$` match at each line' },
  s: { after: ['regex'], means: '`.` matches line breaks too' },
  ignorecase: { after: ['regex'], means: 'the same as `i`' },
  multiline: { after: ['regex'], means: 'the same as `m`' },
  dotall: { after: ['regex'], means: 'the same as `s`' },
  cidr: { after: ['plain'], becomes: 'network', means: 'an address in this network' },
  lt: { after: ['plain', 'time'], becomes: 'final', means: 'less' },
  lte: { after: ['plain', 'time'], becomes: 'final', means: 'less or equal' },
  gt: { after: ['plain', 'time'], becomes: 'final', means: 'greater' },
  gte: { after: ['plain', 'time'], becomes: 'final', means: 'greater or equal' },
  minute: { after: ['plain'], becomes: 'time', means: 'the minute of a date, 0 to 59' },
  hour: { after: ['plain'], becomes: 'time', means: 'the hour of a date, 0 to 23' },
  day: { after: ['plain'], becomes: 'time', means: 'the day of the month of a date, 1 to 31' },
  week: { after: ['plain'], becomes: 'time', means: 'the ISO week of a date, 1 to 53' },
  month: { after: ['plain'], becomes: 'time', means: 'the month of a date, 1 to 12' },
  year: { after: ['plain'], becomes: 'time', means: 'the year of a date' },
  fieldref: { after: ['plain', 'cased'], becomes: 'field', means: 'the value of another field' },
} as const satisfies Record<string, Modifier>;

/** The same by name. */
const modifierTable: ReadonlyMap<ModifierName, Modifier> = new Map(
  Object.entries(modifiers) as [ModifierName, Modifier][],
);

/** A modifier whose name is known and which may stand where it stands. */
export interface CheckedModifier extends ModifierUse {
  readonly name: ModifierName;
}

/** Checks the chain of an item's modifiers; gives undefined after reporting about the first that is not legal. */
export function checkModifiers(
  { field, modifiers: uses }: DetectionItem,
  report: Report,
): readonly CheckedModifier[] | undefined {
  const checked: CheckedModifier[] = [];
  let stage: Stage = 'plain';
  for (const { name, place } of uses) {
    const modifier = modifierTable.get(name as ModifierName);
    if (modifier === undefined) {
      return name === ''
        ? report.error('unknown-modifier', place, 'expected the name of a modifier after `|`')
        : report.error(
            'unknown-modifier',
            place,
            `unknown modifier \`${name}\``,
            insteadOf.get(name) ?? suggestionFor(name, [...modifierTable.keys()]),
          );
    }
    if (!repeatable.has(name) && checked.some((earlier) => earlier.name === name)) {
      return report.error('modifier-chain', place, `\`${name}\` occurs twice`);
    }
    if (!modifier.after.includes(stage)) {
      const before = checked.map((earlier) => earlier.name).join('|');
      return report.error(
        'modifier-chain',
        place,
        before === '' ? `\`${name}\` can't come first` : `\`${name}\` can't follow \`${before}\``,
        `${orderHint(name as ModifierName, stage)}Here may stand: ${legalAfter(stage, checked).join(', ')}.`,
      );
    }
    checked.push({ name: name as ModifierName, place });
    stage = stageAfter(modifier, stage);
  }
  const fieldless = checked.find(({ name }) => needsField.has(name));
  if (field === null && fieldless !== undefined) {
    return report.error('modifier-chain', fieldless.place, `\`${fieldless.name}\` needs a field before it`);
  }
  return checked;
}

/** What other tools have a modifier for. */
const insteadOf: ReadonlyMap<string, string> = new Map([
  ['any', 'Leave it out: the values of a list are alternatives already.'],
  ['in', 'Leave it out: the values of a list are alternatives already.'],
  ['not', 'Write `neq`, or negate the detection in the condition.'],
  ['regex', 'Write `re`.'],
  ['equalsfield', 'Write `fieldref`.'],
  ['endswithfield', 'Write `fieldref|endswith`.'],
]);

/** What is encoded may be encoded again. */
const repeatable: ReadonlySet<string> = new Set(['base64', 'wide', 'utf16le', 'utf16be', 'utf16']);

/** Conditions on a field that make no sense on every value of an event. */
const needsField: ReadonlySet<ModifierName> = new Set<ModifierName>([
  'exists',
  'fieldref',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  ...timeParts,
]);

const lasting: ReadonlySet<Stage> = new Set<Stage>(['regex', 'field', 'network']);

/** Once more than text, a value stays what it is: `re|contains` is still a regular expression. */
function stageAfter({ becomes }: Modifier, stage: Stage): Stage {
  if (becomes === undefined || lasting.has(stage)) return stage;
  const keepsStage = becomes === 'cased' || (becomes === 'text' && stage !== 'cased');
  return keepsStage && stage !== 'plain' ? stage : becomes;
}

const legalAfter = (stage: Stage, used: readonly CheckedModifier[]): ModifierName[] =>
  [...modifierTable]
    .filter(([name, { after }]) => after.includes(stage) && !used.some((use) => use.name === name))
    .map(([name]) => name);

function orderHint(name: ModifierName, stage: Stage): string {
  const modifier = modifierTable.get(name);
  if (stage === 'wildcarded' && modifier?.after.includes('text')) return `Write \`${name}\` before it. `;
  if (modifier?.after.every((before) => before === 'plain' || before === 'cased'))
    return `\`${name}\` must come first. `;
  if (modifier?.after.length === 1 && modifier.after[0] === 'regex')
    return `\`${name}\` is a flag of \`re\`. `;
  return '';
}
