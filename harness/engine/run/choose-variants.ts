// Which variants of an atomic a run has: what is asked for, held against what its axes give.

import type { Atomic } from '../../model/atomic.ts';
import { type Axis, variantsOn } from '../../model/axis.ts';
import { type Variant, withVariant } from '../../model/variant.ts';
import { type Choice, type Covering, coverPairs } from './pairs.ts';

export type VariantChoice =
  | { readonly kind: 'none' }
  /** One change at a time, along every axis. */
  | { readonly kind: 'all' }
  /** One change at a time, along these. */
  | { readonly kind: 'axes'; readonly names: readonly string[] }
  /** Several changes at a time: any two values of two axes at least once, by at most so many variants of an atomic. */
  | { readonly kind: 'pairs'; readonly most: number };

/** Attacks of this harness: of others nobody knows what their arguments are for. */
export const canVary = ({ kind, foreign, unsupported }: Atomic): boolean =>
  kind === 'attack' && !foreign && unsupported === null;

/** The variants of one atomic, in the order of the axes and of their values. */
export function chooseVariants(choice: VariantChoice, axes: readonly Axis[], atomic: Atomic): Variant[] {
  if (choice.kind === 'none' || !canVary(atomic)) return [];
  if (choice.kind === 'pairs') return pairedVariants(axes, atomic, choice.most);
  return axes
    .filter(({ axis }) => choice.kind === 'all' || choice.names.includes(axis))
    .flatMap((axis) => variantsOn(axis, atomic));
}

/**
 * The variant with these values, each axis applied to what the one before has left.
 * @returns undefined where an axis has no such value for this atomic, or would undo what another has changed
 */
export function combineVariant(
  values: readonly Choice[],
  axes: readonly Axis[],
  atomic: Atomic,
): Variant | undefined {
  let combined: Variant | undefined;
  let varied = atomic;
  for (const { axis: wanted, value } of values) {
    const axis = axes.find((one) => one.axis === wanted);
    const own = axis && variantsOn(axis, atomic).find(({ axes: named }) => named[wanted] === value);
    const next = axis && variantsOn(axis, varied).find(({ axes: named }) => named[wanted] === value);
    if (!own || !next || undoes(next, combined, own)) return undefined;
    varied = withVariant(varied, next);
    combined = {
      axes: { ...combined?.axes, ...next.axes },
      inputs: { ...combined?.inputs, ...next.inputs },
      changes: [...new Set([...(combined?.changes ?? []), ...(next.changes ?? [])])],
    };
  }
  return combined;
}

/** An argument that was changed before is set to what it would be without that, or to less than what the axis sets. */
const undoes = (next: Variant, before: Variant | undefined, own: Variant): boolean =>
  Object.keys(own.inputs).some((argument) => !Object.hasOwn(next.inputs, argument)) ||
  Object.entries(next.inputs).some(
    ([argument, text]) =>
      before !== undefined && Object.hasOwn(before.inputs, argument) && own.inputs[argument] === text,
  );

function pairedVariants(axes: readonly Axis[], atomic: Atomic, most: number): Variant[] {
  return pairsOf(axes, atomic, most).rows.flatMap((row) => {
    const combined = combineVariant(row, axes, atomic);
    return combined ? [combined] : [];
  });
}

/** Which values of two axes meet in the combinations of an atomic, at most so many, and how many do not. */
export function pairsOf(axes: readonly Axis[], atomic: Atomic, most: number): Covering {
  const values = axes
    .map((axis) => ({
      axis: axis.axis,
      values: variantsOn(axis, atomic).map((variant) => variant.axes[axis.axis] as string),
    }))
    .filter((axis) => axis.values.length > 0);
  const known = new Map<string, boolean>();
  const fits = (one: Choice, other: Choice): boolean => {
    const pair = [one, other].toSorted(
      (a, b) => axes.findIndex(({ axis }) => axis === a.axis) - axes.findIndex(({ axis }) => axis === b.axis),
    );
    const key = JSON.stringify(pair);
    const fit = known.get(key) ?? combineVariant(pair, axes, atomic) !== undefined;
    known.set(key, fit);
    return fit;
  };
  return coverPairs(values, fits, most);
}
