// One command line from words to exit code, on whatever streams it is given.

import { type ExitCode, exitCodes } from '../model/errors.ts';
import { closestTo } from '../model/suggestion.ts';
import { printable } from '../report/printable.ts';
import { parseArguments } from './arguments.ts';
import { commands } from './commands.ts';
import { reportFailure } from './failure.ts';
import { renderCommandHelp, renderHelp } from './help.ts';
import type { Io } from './io.ts';

/**
 * Runs one command.
 * @param words the command line after the program's name
 * @returns the exit code; never throws
 */
export async function runProgram(words: readonly string[], io: Io, version: string): Promise<ExitCode> {
  try {
    const exitCode = await withinGrace(dispatch(words, io, version), words, io.signal);
    return io.signal.aborted ? exitCodes.interrupted : exitCode;
  } catch (error) {
    // After an interrupt, whatever fails fails because of it.
    if (io.signal.aborted) {
      io.stderr.write('Interrupted.\n');
      return exitCodes.interrupted;
    }
    return reportFailure(error, io.stderr, version);
  }
}

/** A pipe without a writer, a file system that hangs: what a command reads must not outlast an interrupt for long. */
const graceMs = 1_000;

/** The work, or soon after an interrupt its reason; commands that have a lab to take down end when it is down. */
async function withinGrace<Result>(
  work: Promise<Result>,
  [name]: readonly string[],
  signal: AbortSignal,
): Promise<Result> {
  if (commands.find((command) => command.name === name)?.cleansUp) return await work;
  using grace = graceAfter(signal);
  return await Promise.race([work, grace.over]);
}

/** `over` rejects when the grace after an interrupt is. */
function graceAfter(signal: AbortSignal): Disposable & { readonly over: Promise<never> } {
  const { promise: over, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => reject(signal.reason), graceMs);
  };
  signal.addEventListener('abort', begin, { once: true });
  return {
    over,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}

async function dispatch(words: readonly string[], io: Io, version: string): Promise<ExitCode> {
  const [name, ...rest] = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  if (name === undefined) {
    io.stderr.write(renderHelp(commands, version, io.stderr.columns));
    return exitCodes.badInput;
  }
  if (name === '--help' || name === '-h') {
    io.stdout.write(renderHelp(commands, version, io.stdout.columns));
    return exitCodes.asExpected;
  }
  if (name === '--version' || name === '-V') {
    io.stdout.write(`${version}\n`);
    return exitCodes.asExpected;
  }
  const command = commands.find((each) => each.name === name);
  if (!command) return unknownCommand(name, io);
  if (asksForHelp(rest)) {
    io.stdout.write(renderCommandHelp(command, io.stdout.columns));
    return exitCodes.asExpected;
  }
  return (await command.run(parseArguments(command, rest), io)).exitCode;
}

/** Before the end of options, so that `--` still protects an operand of that name. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? words.length : end).some((word) => word === '--help' || word === '-h');
}

function unknownCommand(name: string, { stderr }: Io): ExitCode {
  const names = commands.map((command) => command.name);
  const closest = closestTo(name, names);
  stderr.write(
    `error: expected a command (${names.join(', ')}), got '${printable(name)}'\n` +
      `  ${closest ? `Did you mean ${closest}? ` : ''}See: atomclock --help\n`,
  );
  return exitCodes.badInput;
}
