// Shell completion, written from the command table: commands, then options, then the values and names that are known.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { Command, NameKind, Option } from './command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** What content is called. */
type Names = Readonly<Record<NameKind, readonly string[]>>;

/**
 * The script that teaches a shell our commands.
 * @throws AtomclockError `usage/unknown-shell`
 */
export function renderCompletion(shell: string, commands: readonly Command[], names: Names): string {
  if (!isShell(shell)) {
    throw new AtomclockError(
      'usage/unknown-shell',
      `Expected a shell (${shells.join(', ')}), got '${shell}'`,
      { exitCode: exitCodes.badInput },
    );
  }
  switch (shell) {
    case 'bash':
      return bash(commands, names);
    case 'zsh':
      // zsh runs bash's completion functions itself.
      return `autoload -Uz compinit bashcompinit && compinit && bashcompinit\n${bash(commands, names)}`;
    case 'fish':
      return fish(commands, names);
  }
}

const isShell = (name: string): name is Shell => (shells as readonly string[]).includes(name);

/** The values of an option that are known; none where any may be, such as the name of a file. */
const valuesOf = ({ choices, names: kind }: Option, names: Names): readonly string[] =>
  choices ?? (kind ? names[kind] : []);

function bash(commands: readonly Command[], names: Names): string {
  const cases = commands.flatMap(({ name, options, operands }) => {
    const all = `${options.map((option) => `--${option.name}`).join(' ')} --help`;
    const operand = operands.names
      ? `[[ $2 == -* ]] && words='${all}' || words='${names[operands.names].join(' ')}'`
      : `words='${all}'`;
    return [
      ...options.flatMap((option) =>
        option.value
          ? [`    *:${name}:--${option.name}) words='${valuesOf(option, names).join(' ')}' ;;`]
          : [],
      ),
      `    *:${name}:*) ${operand} ;;`,
    ];
  });
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

function fish(commands: readonly Command[], names: Names): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  return commands
    .flatMap(({ name, summary, options, operands }) => [
      `complete -c atomclock -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...(operands.names
        ? [
            `complete -c atomclock -n '__fish_seen_subcommand_from ${name}' -f -a ${quote(names[operands.names].join(' '))}`,
          ]
        : []),
      ...options.map((option) => {
        const values = valuesOf(option, names);
        return [
          `complete -c atomclock -n '__fish_seen_subcommand_from ${name}' -l ${option.name} -d ${quote(option.summary)}`,
          ...(option.value ? ['-r'] : []),
          ...(values.length > 0 ? [`-f -a ${quote(values.join(' '))}`] : []),
        ].join(' ');
      }),
    ])
    .join('\n')
    .concat('\n');
}
