// References between files: expectations name rules and targets, mitigations name atomics and targets.

import type { Atomic } from '../../model/atomic.ts';
import type { Problem } from '../../model/errors.ts';
import { closestTo } from '../../model/suggestion.ts';
import type { ParsedExpectation } from '../expectation-file.ts';
import type { WrittenMitigation } from '../mitigations.ts';
import type { Path, YamlFile } from '../yaml.ts';

export interface KnownNames {
  /** Slugs of rules; null where they could not be loaded. */
  rules: ReadonlySet<string> | null;
  /** Slugs and GUIDs, also of atomics that are not bundled but have an expectation. */
  atomics: ReadonlySet<string>;
  targets: ReadonlySet<string>;
}

/** Names that something in an expectation refers to and nothing has. */
export function checkExpectation(
  { expectation, yaml, key }: ParsedExpectation,
  known: KnownNames,
): Problem[] {
  const problems: Problem[] = [];
  const { rules } = known;
  if (rules) {
    for (const [index, rule] of expectation.detects.entries()) {
      if (!rules.has(rule)) problems.push(unknown(yaml, [key, 'detects', index], 'rule', rule, rules));
    }
    for (const [index, { rule }] of expectation.evades.entries()) {
      if (!rules.has(rule)) problems.push(unknown(yaml, [key, 'evades', index, 'rule'], 'rule', rule, rules));
    }
  }
  for (const [index, target] of (expectation.targets ?? []).entries()) {
    if (known.targets.has(target)) continue;
    problems.push(unknown(yaml, [key, 'targets', index], 'target', target, known.targets));
  }
  for (const [index, { rule }] of expectation.evades.entries()) {
    if (!expectation.detects.includes(rule)) continue;
    problems.push(
      yaml.problem([key, 'evades', index, 'rule'], {
        code: 'expectation/contradiction',
        message: `${rule} is expected both to fire and to be evaded`,
      }),
    );
  }
  if (expectation.kind === 'benign' && expectation.detects.length > 0) {
    problems.push(
      yaml.problemAtKey([key, 'detects'], {
        code: 'expectation/benign-detects',
        message: 'no rule may fire on a benign twin',
      }),
    );
  }
  return problems;
}

/** Names that something in a mitigation refers to and nothing has. */
export function checkMitigation({ mitigation, yaml }: WrittenMitigation, known: KnownNames): Problem[] {
  const problems: Problem[] = [];
  const names = [
    ...mitigation.stops.map(({ atomic }, index) => ({ atomic, path: ['stops', index, 'atomic'] })),
    ...mitigation.bypasses.map(({ atomic }, index) => ({ atomic, path: ['bypasses', index, 'atomic'] })),
  ];
  for (const { atomic, path } of names) {
    if (atomic === undefined || known.atomics.has(atomic.toLowerCase())) continue;
    problems.push(unknown(yaml, path, 'atomic', atomic, known.atomics));
  }
  for (const [index, target] of (mitigation.targets ?? []).entries()) {
    if (known.targets.has(target)) continue;
    problems.push(unknown(yaml, ['targets', index], 'target', target, known.targets));
  }
  return problems;
}

/** Everything by which an atomic may be called in content. */
export const atomicNames = (
  atomics: readonly Atomic[],
  expectations: readonly ParsedExpectation[],
): Set<string> =>
  new Set([
    ...atomics.flatMap(({ slug, guid }) => [slug, guid]),
    ...expectations.flatMap(({ guid, expectation }) => [expectation.slug, guid]),
  ]);

function unknown(
  yaml: YamlFile,
  path: Path,
  kind: 'rule' | 'atomic' | 'target',
  name: string,
  known: ReadonlySet<string>,
): Problem {
  const closest = closestTo(name, known);
  return yaml.problem(path, {
    code: `reference/unknown-${kind}`,
    message: `there is no ${kind} ${name}`,
    ...(closest && { hint: `Did you mean ${closest}?` }),
  });
}
