// Values that a run gives to input arguments of atomics, instead of what their authors wrote.

import type { Atomic } from './atomic.ts';
import { AtomclockError, exitCodes } from './errors.ts';
import { suggestion } from './suggestion.ts';

/** Values by argument. */
export type GivenArguments = Readonly<Record<string, string>>;

/** An atomic with the values that were given for arguments of its own. */
export interface GivenAtomic {
  /** With the values for defaults: whoever runs or judges it needs to know no more. */
  readonly atomic: Atomic;
  readonly given: GivenArguments;
}

/**
 * Gives values to all atomics that have arguments of these names; the others stay as they are.
 * @throws AtomclockError `run/unknown-argument` for a name that none of them has
 * @source Invoke-AtomicRedTeam, `-InputArgs`
 */
export function withArguments(atomics: readonly Atomic[], given: GivenArguments): GivenAtomic[] {
  for (const name of Object.keys(given)) {
    if (!atomics.some(({ inputs }) => Object.hasOwn(inputs, name))) throw unknownArgument(name, atomics);
  }
  return atomics.map((atomic) => {
    const own = Object.entries(given).filter(([name]) => Object.hasOwn(atomic.inputs, name));
    const changed = own.flatMap(([name, value]) => {
      const input = atomic.inputs[name];
      return input === undefined ? [] : [[name, { ...input, default: value }] as const];
    });
    return {
      atomic:
        own.length === 0
          ? atomic
          : { ...atomic, inputs: { ...atomic.inputs, ...Object.fromEntries(changed) } },
      given: Object.fromEntries(own),
    };
  });
}

/** With the file of the atomic where only one is meant: its names are written there. */
function unknownArgument(name: string, atomics: readonly Atomic[]): AtomclockError {
  const names = [...new Set(atomics.flatMap(({ inputs }) => Object.keys(inputs)))].sort();
  const [only, ...others] = atomics;
  const who =
    only && others.length === 0
      ? `${only.slug} (${only.source}) has no input argument ${name}`
      : `none of the ${atomics.length} selected atomics has an input argument ${name}`;
  return new AtomclockError('run/unknown-argument', `--arg ${name}: ${who}`, {
    exitCode: exitCodes.badInput,
    hint: names.length > 0 ? suggestion(name, names, 'Arguments') : 'They have no input arguments at all.',
  });
}
