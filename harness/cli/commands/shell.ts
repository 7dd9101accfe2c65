// `atomclock shell`: a terminal in a watched target; on leaving it is said what came of what was typed.

import { run } from '../../main/run.ts';
import { readTraces } from '../../main/traces.ts';
import { exitCodes } from '../../model/errors.ts';
import type { OnRunEvent } from '../../model/run-event.ts';
import { printable } from '../../report/printable.ts';
import { sessionText } from '../../report/session.ts';
import { usageError } from '../arguments.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ShellOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { withProgress } from '../progress.ts';
import { writeReports } from '../write-reports.ts';

export async function shellCommand(options: ShellOptions, io: Io): Promise<CommandResult> {
  if (io.openTerminal === null) {
    throw usageError(
      { name: 'shell' },
      'no-terminal',
      'atomclock shell needs a terminal, and standard input or standard output is none',
      'In a script, write what is to be typed as an atomic and run that.',
    );
  }
  const enough = new AbortController();
  const terminal = io.openTerminal(enough.signal);
  using session = showSession(io, () => enough.abort());
  const { record, folder, hasErrors, loss } = await withProgress(
    { ...io, stderr: plain(io) },
    options,
    (show) =>
      run(options, { ...io, terminal }, (event) => {
        // The verdict stands in what is said in the end.
        if (event.kind === 'note' || event.kind === 'problem') show(event);
        session.show(event);
      }),
  );
  const traces = await readTraces(folder, record);
  if (options.reports.every(({ file }) => file !== null)) {
    for (const one of record.cases)
      io.stdout.write(sessionText(one, traces?.cases.get(one.id) ?? null, io.stdout));
  }
  if (options.reports.length > 0) await writeReports(record, options, io, async () => traces);
  io.stderr.write(`Kept in ${folder}: atomclock report ${folder} --report html=FILE\n`);
  if (loss) throw loss;
  return { exitCode: hasErrors ? exitCodes.badInput : outcomeOf(record) };
}

/** Rows that are drawn again and again would stand in the way of what is typed. */
const plain = ({ stderr }: Io): Io['stderr'] => ({
  write: (text) => stderr.write(text),
  isTty: false,
  color: stderr.color,
  columns: stderr.columns,
});

/** What is said around the time at the terminal. */
function showSession(
  { stderr, onInterrupt }: Io,
  endWait: () => void,
): Disposable & { readonly show: OnRunEvent } {
  let waiting: Disposable | undefined;
  const say = (text: string) => stderr.write(`${text}\n`);
  let planned = { user: '', target: '', mitigation: null as string | null };
  const show: OnRunEvent = (event) => {
    switch (event.kind) {
      case 'case-planned':
        planned = event;
        say(`Starting ${event.target}${event.mitigation ? ` under ${event.mitigation}` : ''}…`);
        return;
      case 'phase':
        waiting?.[Symbol.dispose]();
        waiting = undefined;
        if (event.phase === 'attack')
          say(
            `You are ${printable(planned.user)} on ${planned.target}. What you type is the attack; exit or Ctrl-D ends it.`,
          );
        if (event.phase === 'wait') {
          waiting = onInterrupt(() => {
            say('\nNo longer waited for.');
            endWait();
          });
          say('What was scheduled is waited for; Ctrl-C ends the waiting.');
        }
        return;
      case 'launched':
        say(`Launched by ${event.proof.scheduler}: ${printable(event.proof.commandLine)}`);
    }
  };
  return { show, [Symbol.dispose]: () => waiting?.[Symbol.dispose]() };
}
