// An error as the user sees it: what is wrong and what to do for those that are meant for users, a bug report for the rest.

import { AtomclockError, ContentError, type ExitCode, exitCodes } from '../model/errors.ts';
import { printable, printableLines } from '../report/printable.ts';
import { painter } from '../report/table.ts';
import type { Output } from './io.ts';

/** Writes the error to the stream and gives the exit code that goes with it. */
export function reportFailure(error: unknown, stderr: Output, version: string): ExitCode {
  const label = painter(stderr.color)('red', 'error:');
  // What failed first is what to mend; clearing up may have failed because of it.
  // An older Node has no such error, and is told here that it is too old.
  if (typeof SuppressedError === 'function' && error instanceof SuppressedError) {
    const exitCode = reportFailure(error.suppressed, stderr, version);
    reportFailure(error.error, stderr, version);
    return exitCode;
  }
  if (error instanceof ContentError) {
    const count = error.problems.filter(({ severity }) => severity === 'error').length;
    stderr.write(
      `${printableLines(error.message)}\n${label} ${count} ${count === 1 ? 'problem' : 'problems'} in content\n`,
    );
    return error.exitCode;
  }
  if (error instanceof AtomclockError) {
    const lines = [`${label} ${printableLines(error.message)} [${error.code}]`];
    for (const cause of causesOf(error)) lines.push(`  because: ${printable(cause)}`);
    if (error.hint)
      lines.push(
        ...printableLines(error.hint)
          .split('\n')
          .map((line) => `  ${line}`),
      );
    stderr.write(`${lines.join('\n')}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(
    `${label} this is a bug in atomclock, please report it with the lines below\n` +
      `  atomclock ${version}, node ${process.version}, ${process.platform} ${process.arch}\n${printableLines(stack)}\n`,
  );
  // Not 1: a CI job must not mistake a crash for a detection that failed.
  return exitCodes.labUnavailable;
}

/** Messages down the chain of causes, without those that the error's own message repeats already. */
function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    if (!error.message.includes(cause.message)) causes.push(cause.message);
  }
  return causes;
}
