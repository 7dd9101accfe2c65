// All content, bundled and given, held against everything that can be known without running it.

import type { Problem } from '../../model/errors.ts';
import { problemIn } from '../../model/source.ts';
import type { TargetDefinition } from '../../model/target.ts';
import type { Rule } from '../../rules/index.ts';
import { type Catalogue, inOrder } from '../catalogue.ts';
import { loadRuleFiles } from '../rule-files.ts';
import type { WrittenAxis } from '../variants.ts';
import { checkAtomic, checkAttack } from './atomics.ts';
import { checkAttackMap, checkUnproven } from './attack.ts';
import { checkAxis, checkExpectation, checkMitigation, knownNames } from './references.ts';
import { checkBundledRule, checkRule, duplicateRules, type RuleProblem } from './rules.ts';
import { checkSamples } from './samples.ts';

/**
 * Adds to the problems of the catalogue what only shows when its parts are put side by side.
 * @param targets all that there are, by name
 * @param axes those of variants; their own problems are the caller's
 * @returns all problems, in the order of files and lines
 */
export function lintContent(
  catalogue: Catalogue,
  targets: ReadonlyMap<string, TargetDefinition>,
  axes: readonly WrittenAxis[] = [],
): Problem[] {
  const { atomics, rules, replayed, mitigations } = catalogue;
  const { written } = atomics;
  // A rule that cannot be used is still a rule that can be named.
  const slugs = new Set([...rules.rules, ...rules.unusable].map(({ slug }) => slug));
  const known = knownNames(atomics, targets, slugs);
  const benign = new Set(atomics.atomics.filter(({ kind }) => kind === 'benign').map(({ guid }) => guid));
  return inOrder([
    ...catalogue.problems,
    ...written.expectations.flatMap((expectation) => checkExpectation(expectation, known)),
    ...written.atomics.flatMap((parsed) => checkAtomic(parsed, atomics.expectations.has(parsed.atomic.guid))),
    ...written.atomics.filter(({ atomic }) => !benign.has(atomic.guid)).flatMap(checkAttack),
    ...duplicateRules([...rules.rules, ...replayed.rules.rules]),
    ...ruleProblems(catalogue),
    ...checkSamples(replayed),
    ...bundledProblems(catalogue),
    ...mitigations.written.flatMap((mitigation) => checkMitigation(mitigation, known)),
    ...axes.flatMap((axis) => checkAxis(axis, known)),
  ]);
}

/** What is said of this package's rules beside them, held against them. */
function bundledProblems({ rules, ruleSources, replayed, attack, unproven }: Catalogue): Problem[] {
  const bundled = bundledFiles();
  const own = rules.rules.filter(({ file }) => bundled.has(file));
  return [
    ...checkAttackMap(
      attack,
      [...own, ...replayed.rules.rules],
      [...ruleSources.filter(({ file }) => bundled.has(file)), ...replayed.sources],
    ),
    ...checkUnproven(unproven, own),
  ];
}

const bundledFiles = (): ReadonlySet<string> =>
  new Set(loadRuleFiles({ bundled: true, foreign: [] }).sources.map(({ file }) => file));

/** What is to be said about rules, with the source line of each place. */
function ruleProblems({ rules, ruleSources, atomics }: Catalogue): Problem[] {
  const expected = new Set(atomics.written.expectations.flatMap(({ expectation }) => expectation.detects));
  const bundled = bundledFiles();
  const texts = new Map(ruleSources.map((source) => [source.file, source]));
  const problemsWith = (rule: Rule): RuleProblem[] =>
    bundled.has(rule.file) ? checkBundledRule(rule, expected) : checkRule(rule);
  return rules.rules
    .flatMap(problemsWith)
    .map(({ place, ...problem }) => problemIn(texts.get(place.file), place, problem));
}
