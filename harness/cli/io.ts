// What a command may touch of the process: two streams, a terminal to ask, the environment, and word of an interrupt.

import type { TerminalUser } from '../main/world.ts';

/** A stream that is written to. */
export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  /** Whether to colour what goes to this stream (NO_COLOR, FORCE_COLOR and the terminal decided already). */
  readonly color: boolean;
  /** Width in characters. */
  readonly columns: number;
}

export interface Io {
  /** Data only: tables, records, reports. */
  readonly stdout: Output;
  /** Everything else: progress, warnings, errors. */
  readonly stderr: Output;
  /** Asks a yes-or-no question; null where there is nobody to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  /** Waits for Enter, or for the end of the input; null where there is nobody to press it. */
  readonly enter: (() => Promise<void>) | null;
  /** Whoever sits at the terminal, to be joined with a process; null where there is none. */
  readonly openTerminal: ((enough: AbortSignal) => TerminalUser) | null;
  /** Has the next SIGINT do this, once, instead of ending the command; until it is disposed of. */
  readonly onInterrupt: (act: () => void) => Disposable;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to colour a stream.
 * @param env FORCE_COLOR decides first (`0` and `false` mean no), then NO_COLOR (https://no-color.org), then TERM.
 * @param isTty whether the stream is a terminal
 */
export function wantsColor(env: Io['env'], isTty: boolean): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return isTty && env.TERM !== 'dumb';
}
