// `atomclock doctor`: one row per check, what is wrong with it and the command that mends it.

import { type Check, examine } from '../../main/doctor.ts';
import { exitCodes } from '../../model/errors.ts';
import { printable } from '../../report/printable.ts';
import { layOut, painter, type Style } from '../../report/table.ts';
import type { CommandResult } from '../command.ts';
import type { Io, Output } from '../io.ts';
import type { DoctorOptions } from '../options.ts';
import { showProgress } from '../progress.ts';

/** Exits 3 when the lab cannot run. */
export async function doctorCommand(options: DoctorOptions, io: Io): Promise<CommandResult> {
  using progress = showProgress(io);
  const { ready, checks } = await examine(options, io.confirm, progress.show);
  io.stdout.write(
    options.json ? `${JSON.stringify({ ready, checks }, null, 2)}\n` : table(checks, io.stdout),
  );
  return { exitCode: ready ? exitCodes.asExpected : exitCodes.labUnavailable };
}

const styles: Readonly<Record<Check['state'], Style>> = {
  ok: 'green',
  note: 'dim',
  warning: 'yellow',
  failed: 'red',
  skipped: 'dim',
};

/** Rows, and below each that is not ok what is wrong and what mends it: a command must not be cut by a column. */
function table(checks: readonly Check[], { columns, color }: Output): string {
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
  const problems = checks.map(({ wrong, mend }) => [
    ...(wrong === undefined ? [] : wrong.split('\n').map((line) => `  ${printable(line)}`)),
    ...(mend === undefined ? [] : [`  mend: ${printable(mend)}`]),
  ]);
  return `${[head, ...lines.flatMap((line, index) => [line, ...(problems[index] ?? [])])].join('\n')}\n`;
}
