// The targets that a request names, or the one that is meant where it names none.

import { readTargets } from '../content/targets.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { suggestion } from '../model/suggestion.ts';
import type { TargetDefinition } from '../model/target.ts';

const defaultTarget = 'debian12';

/**
 * The definitions of targets by name; of none, the default target.
 * @throws AtomclockError `run/unknown-target`; ContentError where the list of targets cannot be used
 */
export function chooseTargets(chosen: readonly string[]): Map<string, TargetDefinition> {
  const known = readTargets();
  const names = chosen.length > 0 ? [...new Set(chosen)] : [defaultTarget];
  return new Map(
    names.map((name) => {
      const definition = known.get(name);
      if (definition) return [name, definition];
      throw new AtomclockError('run/unknown-target', `there is no target ${name}`, {
        exitCode: exitCodes.badInput,
        hint: suggestion(name, [...known.keys()], 'Targets'),
      });
    }),
  );
}
