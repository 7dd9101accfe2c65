// Shell completion, written from the command table: commands, then options, then the values that are known.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { Command } from './command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/**
 * The script that teaches a shell our commands.
 * @throws AtomclockError `usage/unknown-shell`
 */
export function renderCompletion(shell: string, commands: readonly Command[]): string {
  if (!isShell(shell)) {
    throw new AtomclockError(
      'usage/unknown-shell',
      `Expected a shell (${shells.join(', ')}), got '${shell}'`,
      { exitCode: exitCodes.badInput },
    );
  }
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      // zsh runs bash's completion functions itself.
      return `autoload -Uz compinit bashcompinit && compinit && bashcompinit\n${bash(commands)}`;
    case 'fish':
      return fish(commands);
  }
}

const isShell = (name: string): name is Shell => (shells as readonly string[]).includes(name);

function bash(commands: readonly Command[]): string {
  const cases = commands.flatMap(({ name, options }) => [
    ...options.flatMap((option) =>
      option.choices ? [`    *:${name}:--${option.name}) words='${option.choices.join(' ')}' ;;`] : [],
    ),
    `    *:${name}:*) words='${options.map((option) => `--${option.name}`).join(' ')} --help' ;;`,
  ]);
  return [
    '_atomclock() {',
    '  local words',
    // Number of the word that is completed, command, word before.
    `  case "$COMP_CWORD:\${COMP_WORDS[1]}:$3" in`,
    `    1:*) words='${commands.map(({ name }) => name).join(' ')}' ;;`,
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$2"))',
    '}',
    // Where nothing of ours fits, file names do.
    'complete -o default -F _atomclock atomclock',
    '',
  ].join('\n');
}

function fish(commands: readonly Command[]): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  return commands
    .flatMap(({ name, summary, options }) => [
      `complete -c atomclock -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...options.map(({ name: option, value, choices, summary: about }) =>
        [
          `complete -c atomclock -n '__fish_seen_subcommand_from ${name}' -l ${option} -d ${quote(about)}`,
          ...(value ? ['-r'] : []),
          ...(choices ? [`-f -a ${quote(choices.join(' '))}`] : []),
        ].join(' '),
      ),
    ])
    .join('\n')
    .concat('\n');
}
