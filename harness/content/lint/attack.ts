// What is said of rules beside them: their place among ATT&CK's analytics, and branches that no run proves.

import type { Problem } from '../../model/errors.ts';
import type { Source } from '../../model/source.ts';
import { branchesOf, type Rule } from '../../rules/index.ts';
import type { LoadedAttackMap } from '../attack-map.ts';
import type { LoadedUnproven } from '../unproven-branches.ts';
import type { YamlFile } from '../yaml.ts';
import { unknownName } from './unknown-name.ts';

/**
 * Holds the map against the rules: each has its entry, each entry its rule, each id its analytic, and what is said to stand
 * in a rule stands there.
 * @param rules those of this package
 * @param sources their texts
 */
export function checkAttackMap(
  map: LoadedAttackMap,
  rules: readonly Rule[],
  sources: readonly Source[],
): Problem[] {
  const { yaml, analytics } = map;
  if (yaml === null || map.version === '') return [];
  const slugs = new Set(rules.map(({ slug }) => slug));
  const ids = new Set(analytics.map(({ id }) => id));
  const unmapped = rules.filter(({ slug }) => !map.rules.has(slug));
  return [
    ...unmapped.map(
      ({ slug, file }): Problem => ({
        code: 'attack/unmapped-rule',
        message: `nothing says to which of ATT&CK's analytics ${slug} belongs`,
        hint: `Give it an entry in ${yaml.source.file}.`,
        severity: 'error',
        place: { file, line: 1, column: 1 },
      }),
    ),
    ...[...map.rules].flatMap(([slug, named]) => [
      ...(slugs.has(slug) ? [] : [unknownName(yaml, ['rules', slug], 'rule', slug, slugs)]),
      ...named.flatMap((id, index) =>
        ids.has(id) ? [] : unknownName(yaml, ['rules', slug, index], 'analytic', id, ids),
      ),
    ]),
    ...analytics.flatMap((analytic) => checkWritten(analytic, map, yaml, rules, sources)),
  ];
}

function checkWritten(
  { id, strategy, asWritten, elements = {} }: LoadedAttackMap['analytics'][number],
  map: LoadedAttackMap,
  yaml: YamlFile,
  rules: readonly Rule[],
  sources: readonly Source[],
): Problem[] {
  if (asWritten === undefined) return [];
  const path = ['strategies', strategy, 'analytics', id];
  const rule = rules.find(({ slug }) => slug === asWritten);
  if (rule === undefined) {
    return [
      unknownName(yaml, [...path, 'asWritten'], 'rule', asWritten, new Set(rules.map(({ slug }) => slug))),
    ];
  }
  const text = sources.find(({ file }) => file === rule.file)?.text ?? '';
  return [
    ...(map.rules.get(asWritten)?.includes(id)
      ? []
      : [
          yaml.problem([...path, 'asWritten'], {
            code: 'attack/contradiction',
            message: `below \`rules\`, ${asWritten} does not belong to ${id}`,
          }),
        ]),
    ...Object.entries(elements).flatMap(([name, element]) =>
      typeof element !== 'string' || text.includes(element)
        ? []
        : yaml.problem([...path, 'elements', name], {
            code: 'attack/element',
            message: `${rule.file} does not contain this text`,
            hint: 'Copy it from the rule, or say with `outside` why the rule does not have it.',
          }),
    ),
  ];
}

/** Branches that are listed as unproven: of rules that are, and in the words that they have. */
export function checkUnproven({ reasons, yaml }: LoadedUnproven, rules: readonly Rule[]): Problem[] {
  if (yaml === null) return [];
  const bySlug = new Map(rules.map((rule) => [rule.slug, rule]));
  return [...reasons].flatMap(([slug, branches]) => {
    const rule = bySlug.get(slug);
    if (rule === undefined) return [unknownName(yaml, [slug], 'rule', slug, new Set(bySlug.keys()))];
    const texts = new Set(branchesOf(rule).map(({ text }) => text));
    return [...branches.keys()].flatMap((branch, index) =>
      texts.has(branch) ? [] : unknownName(yaml, [slug, index, 'branch'], 'branch', branch, texts),
    );
  });
}
