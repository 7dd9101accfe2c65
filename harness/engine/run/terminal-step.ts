// The step of a case in which somebody sits at a terminal in the target.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { ExecOptions, ExecResult, Target, TerminalUser } from '../ports.ts';
import { TerminalText } from './terminal-text.ts';

/**
 * The shell that a login of the user gets, in words by which its process is known from others.
 * @throws AtomclockError `run/unknown-user`
 */
export async function loginShell(place: Target, user: string): Promise<string[]> {
  if (!place.accounts.some(({ name }) => name === user)) {
    const names = place.accounts.map(({ name }) => name).join(', ');
    throw new AtomclockError('run/unknown-user', `the target has no account ${user}, but ${names}`, {
      exitCode: exitCodes.badInput,
    });
  }
  const { found } = await place.look([{ ask: 'program', path: '/bin/bash' }]);
  return (found[0]?.length ?? 0) > 0 ? ['/bin/bash', '--login'] : ['/bin/sh', '-l'];
}

/**
 * Joins the user with a shell in the target until the shell ends.
 * @returns what was typed and printed as its output; 0 where the shell ended by itself, whatever its last command did
 * @throws as `Target.openTerminal`
 */
export async function sitAt(
  terminal: TerminalUser,
  place: Target,
  argv: readonly string[],
  login: ExecOptions,
): Promise<ExecResult> {
  const startedAt = new Date();
  const shown = new TerminalText(terminal.size.columns);
  await using session = await place.openTerminal(argv, {
    ...login,
    // What a shell keeps of its own accord, for the next one, is no trace of an attack.
    env: { ...login.env, TERM: terminal.kind, HISTFILE: '' },
    size: terminal.size,
  });
  {
    using _attached = terminal.attach(session);
    for await (const bytes of session.output) {
      shown.push(bytes);
      terminal.show(bytes);
    }
  }
  const exitCode = await session.exitCode();
  return {
    exitCode: exitCode === null ? null : 0,
    stdout: shown.text(),
    stderr: '',
    startedAt: startedAt.toISOString(),
    ms: Date.now() - startedAt.getTime(),
  };
}
