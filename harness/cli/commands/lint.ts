// `atomclock lint`: every problem of all content, bundled and given, each with its place.

import { lint } from '../../main/lint.ts';
import { exitCodes, formatProblem } from '../../model/errors.ts';
import { printableJson } from '../../report/json.ts';
import { printableLines } from '../../report/printable.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../options.ts';

/** Exits 2 when there is an error; warnings alone are no reason to stop a build. */
export async function lintCommand(options: LintOptions, { stdout, stderr }: Io): Promise<CommandResult> {
  const { problems, atomics, rules, mitigations, passedOver } = lint(options);
  const errors = problems.filter(({ severity }) => severity === 'error').length;

  if (options.json) stdout.write(`${printableJson(problems)}\n`);
  else for (const problem of problems) stdout.write(`${printableLines(formatProblem(problem))}\n`);

  const others = passedOver > 0 ? ` (${count(passedOver, 'file')} of other kinds passed over)` : '';
  stderr.write(
    `${atomics} atomics, ${rules} rules and ${mitigations} mitigations checked: ` +
      `${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}${others}\n`,
  );
  return { exitCode: errors > 0 ? exitCodes.badInput : exitCodes.asExpected };
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
