// Everything there is to run and to judge by: what `list`, `explain` and `lint` look at.

import type { Problem } from '../model/errors.ts';
import type { Source } from '../model/source.ts';
import { type LoadedRules, loadRules } from '../rules/load.ts';
import { type LoadedAtomics, loadAtomics } from './atomics.ts';
import { type LoadedAttackMap, loadAttackMap } from './attack-map.ts';
import { type LoadedMitigations, loadMitigations } from './mitigations.ts';
import { loadReplayedRules, type ReplayedRules } from './replayed-rules.ts';
import { loadRuleFiles } from './rule-files.ts';
import { type LoadedUnproven, loadUnproven } from './unproven-branches.ts';

export interface Catalogue {
  atomics: LoadedAtomics;
  rules: LoadedRules;
  ruleSources: readonly Source[];
  /** Rules that no run judges by: for other systems, held against recorded events. */
  replayed: ReplayedRules;
  /** Of this package's rules: the analytics of ATT&CK to which they belong, and branches that no run proves. */
  attack: LoadedAttackMap;
  unproven: LoadedUnproven;
  mitigations: LoadedMitigations;
  /** Of all of these, in the order of files, each file's in the order of its lines. */
  problems: Problem[];
}

/** Loads what is bundled and what the user gave beside it; what cannot be used hides nothing else. */
export function loadCatalogue(given: {
  atomics: readonly string[];
  rules: readonly string[];
  /** Files; none unless given. */
  mitigations?: readonly string[];
  /** The names that events use which rules are to be held against. */
  fields?: 'ecs' | 'sigma';
  /** Values for the placeholders of Sigma's `expand` modifier. */
  placeholders?: Readonly<Record<string, readonly string[]>>;
}): Catalogue {
  const atomics = loadAtomics({ bundled: true, foreign: given.atomics });
  const files = loadRuleFiles({ bundled: true, foreign: given.rules });
  const rules = loadRules(files.sources, {
    fields: given.fields ?? 'ecs',
    placeholders: given.placeholders ?? {},
  });
  const replayed = loadReplayedRules();
  const attack = loadAttackMap();
  const unproven = loadUnproven();
  const mitigations = withOwn(loadMitigations(), given.mitigations ?? []);
  return {
    atomics,
    rules,
    ruleSources: files.sources,
    replayed,
    attack,
    unproven,
    mitigations,
    problems: inOrder([
      ...atomics.problems,
      ...files.problems,
      ...rules.problems,
      ...replayed.problems,
      ...attack.problems,
      ...unproven.problems,
      ...mitigations.problems,
    ]),
  };
}

/** The bundled mitigations, and beside them what the user has written. */
function withOwn(bundled: LoadedMitigations, files: readonly string[]): LoadedMitigations {
  const all = [bundled, ...files.map((file) => loadMitigations(file))];
  return {
    mitigations: all.flatMap(({ mitigations }) => mitigations),
    problems: all.flatMap(({ problems }) => problems),
    written: all.flatMap(({ written }) => written),
  };
}

/** By file, line and column. */
export const inOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => {
    if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
    return a.place.line - b.place.line || a.place.column - b.place.column;
  });
