// `atomclock doctor`: one row per check, what is wrong with it and the command that mends it.

import type { Check } from '../../docker/doctor/checks/check.ts';
import { type DiagnoseOptions, diagnose } from '../../docker/doctor/diagnose.ts';
import { type ExitCode, exitCodes } from '../../model/errors.ts';
import { printable } from '../../report/printable.ts';
import { layOut, painter, type Style } from '../../report/table.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { DoctorOptions } from '../options.ts';

export async function doctorCommand(options: DoctorOptions, io: Io): Promise<CommandResult> {
  const { output, exitCode } = await runDoctor({
    ...options,
    confirm: io.confirm,
    progress: (line) => io.stderr.write(`${line}\n`),
    columns: io.stdout.columns,
    color: io.stdout.color,
  });
  io.stdout.write(output);
  return { exitCode };
}

export interface DoctorRun extends DiagnoseOptions {
  json: boolean;
  columns: number;
  color: boolean;
}

/**
 * Checks this machine, and with `fix` mends it.
 * @returns the table or the JSON, and 0 when the lab can run, 3 when it cannot
 */
export async function runDoctor(run: DoctorRun): Promise<{ output: string; exitCode: ExitCode }> {
  const checks = await diagnose(run);
  const ready = checks.every(({ state }) => state !== 'failed');
  return {
    output: run.json ? `${JSON.stringify({ ready, checks }, null, 2)}\n` : table(checks, run),
    exitCode: ready ? exitCodes.asExpected : exitCodes.labUnavailable,
  };
}

const styles: Readonly<Record<Check['state'], Style>> = {
  ok: 'green',
  note: 'dim',
  warning: 'yellow',
  failed: 'red',
  skipped: 'dim',
};

/** Rows, and below each that is not ok what is wrong and what mends it: a command must not be cut by a column. */
function table(checks: readonly Check[], { columns, color }: DoctorRun): string {
  const rows = layOut(
    [{ title: 'check' }, { title: 'state' }, { title: 'found', shrinksTo: 20 }],
    checks.map(({ name, state, found }) => [
      { text: name },
      { text: state, style: styles[state] },
      { text: printable(found) },
    ]),
    columns,
    painter(color),
  );
  const [head = '', ...lines] = rows;
  const complaints = checks.map(({ wrong, mend }) => [
    ...(wrong === undefined ? [] : wrong.split('\n').map((line) => `  ${printable(line)}`)),
    ...(mend === undefined ? [] : [`  mend: ${printable(mend)}`]),
  ]);
  return `${[head, ...lines.flatMap((line, index) => [line, ...(complaints[index] ?? [])])].join('\n')}\n`;
}
