// Every problem of all content, bundled and given, each with its place.

import { loadCatalogue } from '../content/catalogue.ts';
import { lintContent } from '../content/lint/index.ts';
import { readTargets } from '../docker/image/targets-file.ts';
import { ContentError, type Problem } from '../model/errors.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { LintRequest } from './request.ts';

export interface Linted {
  readonly problems: readonly Problem[];
  /** How many of each were checked. */
  readonly atomics: number;
  readonly rules: number;
  readonly mitigations: number;
}

export function lint(request: LintRequest): Linted {
  const catalogue = loadCatalogue({ ...request, placeholders: placeholderValues(request) });
  const { names, problems: targetProblems } = targetNames();
  return {
    problems: [...targetProblems, ...lintContent(catalogue, names)],
    atomics: catalogue.atomics.atomics.length,
    rules: catalogue.rules.rules.length,
    mitigations: catalogue.mitigations.mitigations.length,
  };
}

/** The names of targets, or what keeps them from being known. */
function targetNames(): { names: string[]; problems: readonly Problem[] } {
  try {
    return { names: [...readTargets().keys()], problems: [] };
  } catch (error) {
    if (error instanceof ContentError) return { names: [], problems: error.problems };
    throw error;
  }
}
