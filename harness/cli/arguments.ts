// Words of the command line → a Parsed that fits its command's row, or an error that says which word does not and why.

import { parseArgs } from 'node:util';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { closestTo } from '../model/suggestion.ts';
import type { Command, Option, Parsed } from './command.ts';

/**
 * Parses what follows the command's name.
 * @throws AtomclockError `usage/…`, exit 2
 */
export function parseArguments(command: Command, words: readonly string[]): Parsed {
  const known = new Map(command.options.map((option) => [option.name, option]));
  // Not strict: its errors know neither the command nor what else was likely meant.
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(command.options.map((option) => [option.name, parseArgsOption(option)])),
    strict: false,
    tokens: true,
  });

  const operands: string[] = [];
  const switches = new Set<string>();
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.get(token.name);
    if (!option) throw unknownOption(command, token.rawName);
    if (option.value === undefined) {
      if (token.value !== undefined) {
        throw usageError(
          command,
          'unexpected-value',
          `--${option.name} takes no value, got '${token.value}'`,
        );
      }
      switches.add(option.name);
      continue;
    }
    values.set(option.name, [
      ...previousValues(command, option, values),
      ...valuesOf(command, option, token.value, token.inlineValue ?? false),
    ]);
  }
  checkOperands(command, operands);
  return { operands, switches, values };
}

/** A problem about the command line that points to the command's help. */
export function usageError(
  command: Pick<Command, 'name'>,
  code: string,
  message: string,
  hint?: string,
): AtomclockError {
  return new AtomclockError(`usage/${code}`, message, {
    exitCode: exitCodes.badInput,
    hint: [hint, `See: atomclock ${command.name} --help`].filter(Boolean).join(' '),
  });
}

const parseArgsOption = ({ value, short }: Option) => ({
  type: value === undefined ? ('boolean' as const) : ('string' as const),
  multiple: true,
  ...(short && { short }),
});

function unknownOption(command: Command, rawName: string): AtomclockError {
  const closest = closestTo(
    rawName.replace(/^-+/, ''),
    command.options.map(({ name }) => name),
  );
  return usageError(
    command,
    'unknown-option',
    `atomclock ${command.name} has no option ${rawName}`,
    closest && `Did you mean --${closest}?`,
  );
}

function previousValues(
  command: Command,
  option: Option,
  values: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const previous = values.get(option.name) ?? [];
  if (previous.length > 0 && !option.repeatable) {
    throw usageError(command, 'repeated-option', `--${option.name} was given more than once`);
  }
  return previous;
}

function valuesOf(command: Command, option: Option, given: string | undefined, inline: boolean): string[] {
  const expected = `--${option.name} expects ${option.choices ? `one of ${option.choices.join(', ')}` : option.value}`;
  if (given === undefined || given === '')
    throw usageError(command, 'missing-value', `${expected}, got nothing`);
  if (!inline && given.startsWith('-') && given !== '-') {
    throw usageError(
      command,
      'missing-value',
      `${expected}, got the option '${given}'`,
      `A value that begins with a hyphen is written --${option.name}=${given}.`,
    );
  }
  const values = option.commas ? given.split(',').map((value) => value.trim()) : [given];
  for (const value of values) {
    if (value === '')
      throw usageError(command, 'missing-value', `${expected}, got an empty item in '${given}'`);
    if (option.choices && !option.choices.includes(value)) {
      const closest = closestTo(value, option.choices);
      throw usageError(
        command,
        'invalid-value',
        `${expected}, got '${value}'`,
        closest && `Did you mean ${closest}?`,
      );
    }
  }
  return values;
}

function checkOperands(
  { name, operands: { name: operand, min, max } }: Command,
  given: readonly string[],
): void {
  if (given.length < min) {
    const wanted = `${operand}${max > min ? '…' : ''}`;
    throw usageError(
      { name },
      'missing-operand',
      `atomclock ${name} expects ${wanted}, got ${given.length > 0 ? `'${given.join(' ')}'` : 'nothing'}`,
    );
  }
  if (given.length > max) {
    throw usageError(
      { name },
      'unexpected-operand',
      `atomclock ${name} expects ${max === 0 ? 'options only' : `no more than ${operand}`}, got '${given[max]}'`,
    );
  }
}
