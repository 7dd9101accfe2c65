// The only file that touches the process: its arguments, streams, signals and exit code.

import type { WriteStream } from 'node:tty';
import { checkNode, harnessVersion } from '../main/version.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { reportFailure } from './failure.ts';
import { type Io, type Output, wantsColor } from './io.ts';
import { ownTerminal } from './own-terminal.ts';
import { runProgram } from './program.ts';

const version = harnessVersion();

const interrupt = new AbortController();
/** What a Ctrl-C does instead of ending the command. */
const takers: (() => void)[] = [];
const stdout = output(process.stdout);
const stderr = output(process.stderr);
const io: Io = {
  stdout,
  stderr,
  confirm: process.stdin.isTTY && stderr.isTty ? confirm : null,
  enter: process.stdin.isTTY && stderr.isTty ? enter : null,
  openTerminal:
    process.stdin.isTTY && process.stdout.isTTY
      ? (enough) => ownTerminal(process.stdin, process.stdout, { kind: process.env.TERM ?? 'dumb', enough })
      : null,
  onInterrupt,
  signal: interrupt.signal,
  env: process.env,
};

// An older Node would fail somewhere in the middle, with an error that names no version.
const { found, wrong, mend } = checkNode();
if (wrong !== undefined) {
  const error = new AtomclockError('node/too-old', `${wrong}, and this is ${found}`, {
    exitCode: exitCodes.labUnavailable,
    ...(mend && { hint: mend }),
  });
  process.exit(reportFailure(error, stderr, version));
}

// Every path that a user gives is below it, and what first looks for it would call its absence a bug.
try {
  process.cwd();
} catch (cause) {
  const error = new AtomclockError('process/no-folder', 'the working directory is not there any more', {
    exitCode: exitCodes.badInput,
    hint: 'cd into a folder that exists',
    cause,
  });
  process.exit(reportFailure(error, stderr, version));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const [act] = signal === 'SIGINT' ? takers.splice(0, 1) : [];
    if (act) {
      act();
      return;
    }
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    stderr.write(`\n${signal}: cleaning up; once more to leave at once\n`);
    interrupt.abort();
  });
}
// Whatever the command awaits, nothing is left that could bring it: Node would end with 13 and not a word of ours.
process.once('beforeExit', () => {
  const words = process.argv.slice(2).join(' ');
  process.exit(reportFailure(new RangeError(`'${words}' ended before it had an answer`), stderr, version));
});
process.on('uncaughtException', (error) => process.exit(reportFailure(error, stderr, version)));

const exitCode = await runProgram(process.argv.slice(2), io, version);
await Promise.all([stdout.flushed(), stderr.flushed()]);
// Not process.exitCode: an idle connection to the engine must not keep a finished command alive.
process.exit(stdout.failure() ? exitCodes.labUnavailable : exitCode);

function onInterrupt(act: () => void): Disposable {
  takers.push(act);
  return {
    [Symbol.dispose]: () => {
      const at = takers.indexOf(act);
      if (at >= 0) takers.splice(at, 1);
    },
  };
}

/** A stream of the process that survives its reader: `atomclock list | head` is no error. */
function output(stream: WriteStream) {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!failure && error.code !== 'EPIPE') {
      process.stderr.write(`error: cannot write the output: ${error.message}\n`);
    }
    failure ??= error;
  });
  const isTty = stream.isTTY === true;
  return {
    write: (text) => {
      if (!failure) stream.write(text);
    },
    isTty,
    color: wantsColor(process.env, isTty),
    get columns() {
      // A terminal that nobody has told its size says 0.
      return stream.columns || Number(process.env.COLUMNS) || 100;
    },
    /** Resolves when everything is written, or known not to be: errors come one turn after the last write. */
    flushed: () => new Promise<void>((resolve) => stream.write('', () => setImmediate(resolve))),
    /** What kept the output from being complete; a reader that left does not count. */
    failure: () => (failure?.code === 'EPIPE' ? undefined : failure),
  } satisfies Output & Record<string, unknown>;
}

async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: interrupt.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** The terminal stays as it is: it echoes, and Ctrl-C is a signal. */
function enter(): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const done = () => {
      stdin.off('data', done).off('end', done).pause();
      resolve();
    };
    if (stdin.readableEnded) resolve();
    else stdin.once('data', done).once('end', done).resume();
  });
}
