// A name in a file that nothing has, with what was likely meant.

import type { Problem } from '../../model/errors.ts';
import { closestTo } from '../../model/suggestion.ts';
import type { Path, YamlFile } from '../yaml.ts';

/** What a name can be of; problems are `reference/unknown-…`. */
type NamedKind =
  | 'rule'
  | 'atomic'
  | 'tag'
  | 'target'
  | 'family'
  | 'analytic'
  | 'branch'
  | 'audit-key'
  | 'value';

/**
 * The problem of a name that nothing has.
 * @param path where the name stands: as a value, or as the key that the path ends with
 */
export function unknownName(
  yaml: YamlFile,
  path: Path,
  kind: NamedKind,
  name: string,
  known: ReadonlySet<string>,
): Problem {
  const closest = closestTo(name, known);
  const all =
    known.size > 0 && known.size <= mostNamed ? `There are ${[...known].toSorted().join(', ')}.` : '';
  const hint = closest ? `Did you mean ${closest}?` : all;
  const problem = {
    code: `reference/unknown-${kind}`,
    message: `there is no ${kind.replace('-', ' ')} ${name}`,
    ...(hint !== '' && { hint }),
  };
  return path.at(-1) === name ? yaml.problemAtKey(path, problem) : yaml.problem(path, problem);
}

/** More of them than this, rules and atomics mostly, would bury the problem. */
const mostNamed = 60;
