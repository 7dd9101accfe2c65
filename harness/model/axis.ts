// An axis: one way in which attackers vary a procedure, written down once for all atomics whose arguments allow it.

import { z } from 'zod';
import type { Atomic } from './atomic.ts';
import { isKeyPart } from './case-key.ts';
import { changes, type Variant } from './variant.ts';

const name = z.string().refine(isKeyPart, 'expected a name without blanks and none of ~ @ + = /');

const value = z.strictObject({
  /**
   * What the argument is set to. `{default}` stands for its default, `{dir}` and `{name}` for the parts of that before
   * and after its last slash.
   */
  set: z.string(),
  /** What of the traces is another than the atomic's own. */
  changes: z.array(z.enum(changes)).min(1),
  note: z.string().optional(),
});

const setting = z.strictObject({
  /** Arguments: each of them that an atomic has is set. */
  arguments: z.array(z.string()).min(1),
  /** Where: atomics with one of these tags, and with none of `notTags`. Everywhere unless given. */
  tags: z.array(z.string()).optional(),
  notTags: z.array(z.string()).optional(),
  /** Where: defaults of the argument, `*` for any text. Any default unless given. */
  defaults: z.array(z.string()).min(1).optional(),
  /** Text that each value follows, so that a list of values can be used in two places. */
  before: z.string().default(''),
  values: z.record(name, value),
});

/** A documented miss: with some of these values, of some attack that the rule sees as it is, nothing of it is seen. */
const evasion = z.strictObject({
  rule: z.string().min(1),
  values: z.array(name).min(1),
  why: z.string().min(1),
});

export const axisSchema = z.strictObject({
  axis: name,
  title: z.string().min(1),
  description: z.string().min(1),
  evades: z.array(evasion).default([]),
  settings: z.array(setting).min(1),
});
export type Axis = z.infer<typeof axisSchema>;
type Setting = Axis['settings'][number];

/** What is documented of one rule. */
export interface DocumentedEvasion {
  readonly axis: string;
  readonly values: readonly string[];
  readonly why: string;
}

/** The documented misses of all axes, by the rule's slug. */
export function evasionsOn(axes: readonly Axis[]): Map<string, DocumentedEvasion[]> {
  const found = new Map<string, DocumentedEvasion[]>();
  for (const { axis, evades } of axes) {
    for (const { rule, values, why } of evades)
      found.set(rule, [...(found.get(rule) ?? []), { axis, values, why }]);
  }
  return found;
}

/** Names of the values of an axis. */
export const valuesOf = ({ settings }: Pick<Axis, 'settings'>): Set<string> =>
  new Set(settings.flatMap(({ values }) => Object.keys(values)));

/**
 * Variants of an atomic that differ from it in one value of one axis, in the order in which the axis has its values.
 * Values that change nothing of this atomic are left out.
 */
export function variantsOn({ axis, settings }: Axis, atomic: Atomic): Variant[] {
  const found = new Map<string, Variant>();
  for (const each of settings.filter((one) => isFor(one, atomic))) {
    for (const argument of each.arguments) {
      const input = Object.hasOwn(atomic.inputs, argument) ? atomic.inputs[argument] : undefined;
      if (input === undefined || !takes(each, input.default)) continue;
      for (const [chosen, { set, changes: changed }] of Object.entries(each.values)) {
        const text = `${each.before}${filledIn(set, input.default)}`;
        if (text === input.default) continue;
        const earlier = found.get(chosen);
        found.set(chosen, {
          axes: { [axis]: chosen },
          inputs: { ...earlier?.inputs, [argument]: text },
          changes: [...new Set([...(earlier?.changes ?? []), ...changed])],
        });
      }
    }
  }
  return [...found.values()];
}

/** What is written beside a value of this name, wherever the axis has it. */
export const notesOn = ({ settings }: Axis, chosen: string): string[] => [
  ...new Set(settings.flatMap(({ values }) => values[chosen]?.note ?? [])),
];

const isFor = ({ tags, notTags = [] }: Setting, atomic: Atomic): boolean =>
  (tags === undefined || tags.some((tag) => atomic.tags.includes(tag))) &&
  !notTags.some((tag) => atomic.tags.includes(tag));

const takes = ({ defaults }: Setting, text: string): boolean =>
  defaults === undefined || defaults.some((pattern) => isLike(text, pattern));

/** `*` is any text, and nothing else has a meaning. */
const isLike = (text: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(text);

function filledIn(template: string, text: string): string {
  const slash = text.lastIndexOf('/');
  const parts: Readonly<Record<string, string>> = {
    default: text,
    dir: slash > 0 ? text.slice(0, slash) : '/',
    name: text.slice(slash + 1),
  };
  return template.replace(/\{(default|dir|name)\}/g, (_, part: string) => parts[part] as string);
}
