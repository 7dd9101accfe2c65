// A variant of an atomic: other values for some of its input arguments, along named axes; the same effect, other traces.

import { z } from 'zod';
import type { Atomic } from './atomic.ts';
import { isKeyPart } from './case-key.ts';
import { AtomclockError, exitCodes } from './errors.ts';

const name = z.string().refine(isKeyPart, 'expected a name without blanks and none of ~ @ + = /');

/**
 * What of the traces a variant changes: the text that a shell reads, a path as it is written, a name (of a program, a file
 * or a unit), when it happens, the arguments of a program, the program, its ancestors or its account, how a file gets
 * where it is, where it is.
 */
export const changes = [
  'shell-text',
  'path-text',
  'name',
  'time',
  'arguments',
  'program',
  'lineage',
  'file-operation',
  'place',
] as const;
export type Change = (typeof changes)[number];

/** Which variant it is, as evidence and records say it. */
export const variantSchema = z.strictObject({
  axes: z
    .record(name, name)
    .refine(
      (axes) => Object.keys(axes).length > 0,
      'expected at least one axis: an atomic as it is has none',
    ),
  changes: z
    .array(z.enum(changes))
    .exactOptional()
    .describe('What of the traces it changes; missing: not known'),
});
export type VariantName = z.infer<typeof variantSchema>;

/** `cron-d-drop~writer=tee`: how a variant is called, whatever it runs on. */
export const variantName = (slug: string, { axes }: VariantName): string =>
  `${slug}${Object.entries(axes)
    .map(([axis, value]) => `~${axis}=${value}`)
    .join('')}`;

/** What it changes, too. */
export interface Variant extends VariantName {
  /** Values by argument, instead of its defaults. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * The atomic with a variant's values as the defaults of its arguments: whoever runs or judges it needs to know no more.
 * @throws AtomclockError `variant/unknown-argument` where it names an argument that the atomic does not have
 */
export function withVariant(atomic: Atomic, { axes, inputs }: Variant): Atomic {
  const changed = Object.entries(inputs).map(([argument, value]) => {
    const input = Object.hasOwn(atomic.inputs, argument) ? atomic.inputs[argument] : undefined;
    if (input !== undefined) return [argument, { ...input, default: value }] as const;
    const which = Object.entries(axes).map(([axis, chosen]) => `${axis}=${chosen}`);
    const known = Object.keys(atomic.inputs).join(', ') || 'none';
    throw new AtomclockError(
      'variant/unknown-argument',
      `${atomic.slug} has no input argument ${argument}, which its variant ${which.join(' ')} sets`,
      { exitCode: exitCodes.badInput, hint: `Arguments of ${atomic.slug}: ${known}.` },
    );
  });
  return { ...atomic, inputs: { ...atomic.inputs, ...Object.fromEntries(changed) } };
}
