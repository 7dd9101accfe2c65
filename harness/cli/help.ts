// Help, written from the command table.

import { wrap } from '../report/table.ts';
import type { Command, Option } from './command.ts';

/** Help for the program: every command in one line, and the exit codes. */
export function renderHelp(commands: readonly Command[], version: string, columns: number): string {
  const rows = commands.map((command) => ({ left: usage(command), right: command.summary }));
  const width = readable(columns);
  return [
    ...wrap(
      `atomclock ${version}: proves that scheduled-task atomics really ran, were really detected, were really blocked`,
      width,
    ),
    '',
    'Usage:',
    ...twoColumns(rows, width),
    '',
    ...wrap('More on one command: atomclock COMMAND --help. Version: atomclock --version.', width),
    ...wrap(
      'Exit: 0 all as expected, 1 an expectation failed, 2 bad usage or content, 3 the lab could not run or could not tell, 4 nothing selected, 130 interrupted.',
      width,
    ),
    '',
  ].join('\n');
}

/** Help for one command. */
export function renderCommandHelp(command: Command, columns: number): string {
  const width = readable(columns);
  const help: Option = { name: 'help', short: 'h', summary: 'this text' };
  const rows = [...command.options, help].map((option) => ({
    left: `${option.short ? `-${option.short}, ` : ''}--${option.name}${option.value ? ` ${option.value}` : ''}`,
    right: describe(option),
  }));
  return [
    `Usage: ${usage(command)}${command.options.length > 0 ? ' [OPTION…]' : ''}`,
    '',
    ...wrap(`${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`, width),
    '',
    ...twoColumns(rows, width),
    ...command.notes.flatMap((note) => ['', ...wrap(note, width)]),
    '',
  ].join('\n');
}

function usage({ name, operands }: Command): string {
  const more = operands.max === Number.POSITIVE_INFINITY ? '…' : '';
  const operand = operands.min === 0 ? `[${operands.name}${more}]` : `${operands.name}${more}`;
  return `atomclock ${name}${operands.max === 0 ? '' : ` ${operand}`}`;
}

const describe = ({ summary, choices, repeatable }: Option): string => {
  const known = choices?.some((choice) => !summary.includes(choice)) ? ` (${choices.join(', ')})` : '';
  return `${summary}${known}${repeatable ? '; repeatable' : ''}`;
};

/** Lines longer than this are hard to read, shorter ones fall apart. */
const readable = (columns: number): number => Math.min(100, Math.max(60, columns));

function twoColumns(rows: readonly { left: string; right: string }[], width: number): string[] {
  const indent = 2 + Math.max(...rows.map(({ left }) => left.length)) + 2;
  return rows.flatMap(({ left, right }) =>
    wrap(right, width - indent).map(
      (line, index) => `  ${(index === 0 ? left : '').padEnd(indent - 2)}${line}`,
    ),
  );
}
