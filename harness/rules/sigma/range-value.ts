// Values that stand for a range: numbers up to or from a bound, the addresses of a network.

import { networkMatcher } from '../match/cidr.ts';
import type { Predicate } from '../predicate.ts';
import { expandPlaceholders } from './text-variants.ts';
import { numberOf, orderOf, spellingsOf, testOf, textOf, type ValueUse } from './value-use.ts';

/** `lt`, `lte`, `gt`, `gte` */
export function lowerComparison(valueUse: ValueUse): Predicate | undefined {
  const order = orderOf(valueUse.use);
  const bound = numberOf(valueUse, order);
  if (bound === undefined || order === 'equals') return undefined;
  return testOf(valueUse, { op: operators[order], value: bound });
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** `cidr` */
export function lowerNetwork(valueUse: ValueUse): Predicate | undefined {
  const { value, use, lowering } = valueUse;
  const text = textOf(valueUse, 'cidr');
  if (text === undefined) return undefined;
  const networks = use.has('expand') ? expandPlaceholders(text, { ...lowering, place: value.place }) : [text];
  const stranger = networks?.find((network) => networkMatcher(network) === undefined);
  if (stranger !== undefined) {
    return lowering.report.error(
      'cidr',
      value.place,
      `\`${stranger}\` is not an IP network`,
      'Expected something like `10.0.0.0/8` or `fe80::/10`.',
    );
  }
  return (
    networks &&
    spellingsOf(
      networks.map((network) => testOf(valueUse, { op: 'cidr', network })),
      value.place,
    )
  );
}
