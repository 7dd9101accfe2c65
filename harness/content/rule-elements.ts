// ATT&CK's mutable elements as parameters: values that are given take the place of the text that stands for an element.

import { basename } from 'node:path';
import type { LoadedAttackMap } from './attack-map.ts';

/**
 * The text of a rule with other values for its elements, for those that are given by name; other rules as they are.
 * @param file of the rule
 * @param values element → what stands in its place, as it is written in the rule; several are joined by commas
 * @source https://attack.mitre.org/detectionstrategies/, "mutable elements"
 */
export function withElements(
  { file, text }: { readonly file: string; readonly text: string },
  { analytics }: Pick<LoadedAttackMap, 'analytics'>,
  values: Readonly<Record<string, readonly string[]>>,
): string {
  const slug = basename(file).replace(/\.[^.]+$/, '');
  const elements = analytics
    .filter(({ asWritten }) => asWritten === slug)
    .flatMap((analytic) => Object.entries(analytic.elements ?? {}));
  return elements.reduce((changed, [name, element]) => {
    const given = values[name];
    return typeof element !== 'string' || given === undefined
      ? changed
      : changed.replaceAll(element, () => given.join(', '));
  }, text);
}
