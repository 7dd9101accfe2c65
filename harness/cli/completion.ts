// Shell completion, written from the command table: commands, then options, then the values and names that are known.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { Command, ContentNames, NameKind, Option } from './command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/**
 * The script that teaches a shell our commands.
 * @throws AtomclockError `usage/unknown-shell`
 */
export function renderCompletion(shell: string, commands: readonly Command[], names: ContentNames): string {
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
const valuesOf = ({ choices, names: kind }: Option, names: ContentNames): readonly string[] =>
  choices ?? (kind ? names[kind] : []);

/** Whether variants may stand where these do. */
const isVaried = (kind: NameKind): boolean => kind === 'selectors' || kind === 'content';

function bash(commands: readonly Command[], names: ContentNames): string {
  const cases = commands.flatMap(({ name, options, operands }) => {
    const all = `${options.map((option) => `--${option.name}`).join(' ')} --help`;
    const operand = operands.names
      ? [
          `if [[ $word == -* ]]; then words='${all}'`,
          ...(isVaried(operands.names)
            ? [`elif [[ $word == *'~'* ]]; then words=$(_atomclock_variants)`]
            : []),
          `else words='${names[operands.names].join(' ')}'; fi`,
        ].join('; ')
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
    // Those of the atomic in $word.
    '_atomclock_variants() {',
    "  local change slug=${word%%'~'*}",
    '  case "$slug" in',
    ...names.variants.map(({ slugs, changes }) => `    ${slugs.join('|')}) set -- ${changes.join(' ')} ;;`),
    '    *) return ;;',
    '  esac',
    '  for change; do echo "$slug~$change"; done',
    '}',
    '_atomclock() {',
    // Words as they were typed: bash takes them apart at `=`, and replaces the last piece alone.
    '  local words line=${COMP_LINE:0:COMP_POINT} word before cut',
    '  word=${line##*[[:space:]]}',
    '  read -r -a words <<< "${line%"$word"}"',
    '  before=${words[-1]}',
    '  [[ $word == --*=* ]] && { before=${word%%=*}; word=${word#*=}; }',
    '  words=',
    // Number of the word that is completed, command, word before.
    '  case "$COMP_CWORD:${COMP_WORDS[1]}:$before" in',
    `    1:*) words='${commands.map(({ name }) => name).join(' ')}' ;;`,
    ...cases,
    '  esac',
    '  cut=${word%"$2"}',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '  COMPREPLY=("${COMPREPLY[@]#"$cut"}")',
    '}',
    // Where nothing of ours fits, file names do.
    'complete -o default -F _atomclock atomclock',
    '',
  ].join('\n');
}

function fish(commands: readonly Command[], names: ContentNames): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  return commands
    .flatMap(({ name, summary, options, operands }) => [
      `complete -c atomclock -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...(operands.names
        ? [
            `complete -c atomclock -n '__fish_seen_subcommand_from ${name}' -f -a ${quote(names[operands.names].join(' '))}`,
            ...(isVaried(operands.names) ? names.variants.map((alike) => fishVariants(name, alike)) : []),
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

/** Offered once the word has the atomic's name and a `~`. */
function fishVariants(command: string, { slugs, changes }: ContentNames['variants'][number]): string {
  const begun = `string match -qr "^(${slugs.join('|')})~" -- (commandline -ct)`;
  const all = `(string replace -r "~.*" "" -- (commandline -ct))"~"{${changes.join(',')}}`;
  return `complete -c atomclock -n '__fish_seen_subcommand_from ${command}; and ${begun}' -f -a '${all}'`;
}
