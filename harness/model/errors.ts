// The errors that reach a user: each has a code, says what was expected, and what to do next.

import { formatPlace, type Place } from './place.ts';

/** One problem about content: collected, so that one bad file does not hide the next. */
export interface Problem {
  /** Stable, kebab-case: `sigma/unknown-modifier`. */
  code: string;
  /** What is wrong, and what was expected instead. */
  message: string;
  place: Place;
  /** What to do about it. */
  hint?: string;
  /** The source line of `place`, for the caret. */
  sourceLine?: string;
  severity: 'error' | 'warning';
}

/** The problem as text: place, message, the source line with a caret under the column, the hint. */
export function formatProblem({ code, message, place, hint, sourceLine, severity }: Problem): string {
  const lines = [`${formatPlace(place)}: ${severity}: ${message} [${code}]`];
  if (sourceLine !== undefined) lines.push(`  ${sourceLine}`, `  ${caretIndent(sourceLine, place.column)}^`);
  if (hint) lines.push(`  ${hint}`);
  return lines.join('\n');
}

/** White space as wide as the line up to the column; tabs stay tabs so that the caret lines up. */
const caretIndent = (line: string, column: number): string =>
  line
    .slice(0, column - 1)
    .replace(/[^\t]/g, ' ')
    .padEnd(column - 1);

/** What the process exits with (DESIGN: command line). */
export const exitCodes = {
  asExpected: 0,
  expectationFailed: 1,
  badInput: 2,
  labUnavailable: 3,
  nothingSelected: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error whose message is meant for the user; anything else is a bug. */
export class AtomclockError extends Error {
  override readonly name: string = 'AtomclockError';
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What the user can do about it. */
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { exitCode: ExitCode; hint?: string; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}

/** Content that cannot be used: carries every problem found, not just the first. */
export class ContentError extends AtomclockError {
  override readonly name = 'ContentError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('content/invalid', problems.map(formatProblem).join('\n'), { exitCode: exitCodes.badInput });
    this.problems = problems;
  }
}
