// The row of the command table: parsing, help, completion and did-you-mean all read the same one.

import type { ExitCode } from '../model/errors.ts';
import type { Io } from './io.ts';

/** Names that content has, for completion: what a selector may say; what can be explained; what can be applied, run on. */
export type NameKind = 'selectors' | 'content' | 'mitigations' | 'targets' | 'axes';

/** What content is called. */
export type ContentNames = Readonly<Record<NameKind, readonly string[]>> & {
  /** What a selector, and what is explained, may be besides; there are too many to offer before one is begun. */
  readonly variants: readonly VariantNames[];
};

/** Variants of atomics that vary alike: `SLUG~CHANGE`. */
export interface VariantNames {
  readonly slugs: readonly string[];
  /** `writer=tee` */
  readonly changes: readonly string[];
}

export interface Option {
  /** Long name, without the hyphens. */
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in help, `PATH`; absent: a switch. */
  readonly value?: string;
  /** May be given more than once. */
  readonly repeatable?: true;
  /** `NAME,NAME` is the same as giving it twice. */
  readonly commas?: true;
  /** All the values there are, where that is known. */
  readonly choices?: readonly string[];
  /** What its value begins with, where more may follow: offered by completion, and not checked. */
  readonly offers?: readonly string[];
  /** What its value names, where content decides that. */
  readonly names?: NameKind;
  readonly summary: string;
}

/** What may stand after the command's name. */
interface Operands {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: NameKind;
}

export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly operands: Operands;
  readonly options: readonly Option[];
  /** More for `--help`, one paragraph each. */
  readonly notes: readonly string[];
  /** Has something of its own to take down before it may end. */
  readonly cleansUp?: true;
  run(parsed: Parsed, io: Io): Promise<CommandResult>;
}

export interface CommandResult {
  readonly exitCode: ExitCode;
}

/** A command line that is known to fit its row. */
export interface Parsed {
  readonly operands: readonly string[];
  readonly switches: ReadonlySet<string>;
  /** Values by option name, commas split where the option says so. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}
