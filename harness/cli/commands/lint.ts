// `atomclock lint`: every problem of all content, bundled and given, each with its place.

import { loadCatalogue } from '../../content/catalogue.ts';
import { lintContent } from '../../content/lint/index.ts';
import { readTargets } from '../../docker/image/targets-file.ts';
import { ContentError, exitCodes, formatProblem, type Problem } from '../../model/errors.ts';
import { printableJson } from '../../report/json.ts';
import { printableLines } from '../../report/printable.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../options.ts';

/** Exits 2 when there is an error; warnings alone are no reason to stop a build. */
export async function lintCommand(options: LintOptions, { stdout, stderr }: Io): Promise<CommandResult> {
  const catalogue = loadCatalogue(options);
  const { names, problems: targetProblems } = targetNames();
  const problems = [...targetProblems, ...lintContent(catalogue, names)];
  const errors = problems.filter(({ severity }) => severity === 'error').length;

  if (options.json) stdout.write(`${printableJson(problems)}\n`);
  else for (const problem of problems) stdout.write(`${printableLines(formatProblem(problem))}\n`);

  const { atomics, rules, mitigations } = catalogue;
  stderr.write(
    `${atomics.atomics.length} atomics, ${rules.rules.length} rules and ${mitigations.mitigations.length} mitigations checked: ` +
      `${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}\n`,
  );
  return { exitCode: errors > 0 ? exitCodes.badInput : exitCodes.asExpected };
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The names of targets, or what keeps them from being known. */
function targetNames(): { names: string[]; problems: readonly Problem[] } {
  try {
    return { names: [...readTargets().keys()], problems: [] };
  } catch (error) {
    if (error instanceof ContentError) return { names: [], problems: error.problems };
    throw error;
  }
}
