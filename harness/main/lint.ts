// Every problem of all content, bundled and given, each with its place.

import { loadCatalogue } from '../content/catalogue.ts';
import { sortFiles } from '../content/kind-of-file.ts';
import { lintContent } from '../content/lint/index.ts';
import { loadTargets } from '../content/targets.ts';
import { loadAxes } from '../content/variants.ts';
import type { Problem } from '../model/errors.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { LintRequest } from './request.ts';

export interface Linted {
  readonly problems: readonly Problem[];
  /** How many of each were checked. */
  readonly atomics: number;
  readonly rules: number;
  readonly mitigations: number;
  /** Files that were given and are neither rules nor atomics. */
  readonly passedOver: number;
}

export function lint(request: LintRequest): Linted {
  const files = sortFiles(request.files ?? []);
  const catalogue = loadCatalogue({
    atomics: [...request.atomics, ...files.atomics],
    rules: [...request.rules, ...files.rules],
    mitigations: files.mitigations,
    placeholders: placeholderValues(request),
  });
  const { targets, problems } = loadTargets();
  const axes = loadAxes();
  return {
    problems: [...problems, ...axes.problems, ...lintContent(catalogue, targets, axes.written)],
    atomics: catalogue.atomics.atomics.length,
    rules: catalogue.rules.rules.length + catalogue.replayed.rules.rules.length,
    mitigations: catalogue.mitigations.mitigations.length,
    passedOver: files.others.length,
  };
}
