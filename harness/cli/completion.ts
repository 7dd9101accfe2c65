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
      return zsh(commands, names);
    case 'fish':
      return fish(commands, names);
  }
}

const isShell = (name: string): name is Shell => (shells as readonly string[]).includes(name);

/** The values of an option that are known; none where any may be, such as the name of a file. */
const valuesOf = ({ choices, offers, names: kind }: Option, names: ContentNames): readonly string[] =>
  choices ?? offers ?? (kind ? names[kind] : []);

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

/** For `source <(…)` and, as a file `_atomclock`, for a folder of $fpath. */
function zsh(commands: readonly Command[], names: ContentNames): string {
  const described = (name: string, summary: string) => quote(`${name}:${summary}`);
  const cases = commands.flatMap(({ name, options, operands }) => [
    ...options.flatMap((option) => {
      if (!option.value) return [];
      const values = valuesOf(option, names);
      const action = values.length > 0 ? `compadd -- ${values.join(' ')}` : '_files';
      // A file may stand where a name of content may.
      return `    ${name}:--${option.name}) ${action}${option.names ? ' || _files' : ''} ;;`;
    }),
    `    ${name}:*)`,
    '      if [[ $PREFIX == -* ]]; then',
    `        found=(${options.map((option) => described(`--${option.name}`, option.summary)).join(' ')} ${described('--help', 'say how it is used')})`,
    '        _describe -t options option found',
    ...(operands.names && isVaried(operands.names)
      ? ["      elif [[ $PREFIX == *'~'* ]]; then _atomclock_variants"]
      : []),
    `      else ${operands.names ? `compadd -- ${names[operands.names].join(' ')}` : '_files'}; fi ;;`,
  ]);
  return [
    '#compdef atomclock',
    // Those of the atomic in $PREFIX.
    '_atomclock_variants() {',
    "  local slug=${PREFIX%%'~'*}",
    '  case $slug in',
    ...names.variants.map(
      ({ slugs, changes }) => `    ${slugs.join('|')}) compadd -- $slug'~'{${changes.join(',')}} ;;`,
    ),
    '  esac',
    '}',
    '_atomclock() {',
    '  local before=$words[CURRENT-1]',
    '  local -a found',
    '  if (( CURRENT == 2 )); then',
    `    found=(${commands.map(({ name, summary }) => described(name, summary)).join(' ')})`,
    '    _describe -t commands command found',
    '    return',
    '  fi',
    "  if [[ $PREFIX == --*=* ]]; then before=${PREFIX%%=*}; compset -P '*='; fi",
    '  case $words[2]:$before in',
    ...cases,
    '  esac',
    '}',
    'if [[ $funcstack[1] == _atomclock ]]; then _atomclock "$@"; else',
    '  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }',
    '  compdef _atomclock atomclock',
    'fi',
    '',
  ].join('\n');
}

/** One word of a shell, whatever is in it. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function fish(commands: readonly Command[], names: ContentNames): string {
  const complete = (when: string, ...more: readonly string[]): string =>
    ['complete -c atomclock -n', quoteForFish(when), ...more].join(' ');
  return [
    // The command is the first word, and not any word that is called so.
    'function __atomclock_is; set -l words (commandline -opc); test "$words[2]" = "$argv[1]"; end',
    ...commands.flatMap(({ name, summary, options, operands }) => {
      const here = `__atomclock_is ${name}`;
      return [
        complete("__atomclock_is ''", '-f', '-a', name, '-d', quoteForFish(summary)),
        ...(operands.names
          ? [
              complete(here, '-f', '-a', quoteForFish(names[operands.names].join(' '))),
              ...(isVaried(operands.names)
                ? names.variants.map((alike) => fishVariants(here, alike, complete))
                : []),
            ]
          : []),
        ...options.flatMap((option) => {
          const values = valuesOf(option, names);
          const about = ['-l', option.name, '-d', quoteForFish(option.summary)];
          if (!option.value) return [complete(here, ...about)];
          // Else each value would be told with all that is said of the option.
          const own = [
            '-l',
            option.name,
            '-r',
            option.names ? '' : '-f',
            '-a',
            quoteForFish(values.join(' ')),
          ];
          // What stands last tells what the option is.
          return [
            ...(values.length > 0 ? [complete(here, ...own.filter(Boolean))] : []),
            complete(here, ...about, '-r'),
          ];
        }),
        complete(here, '-l', 'help', '-d', quoteForFish('say how it is used')),
      ];
    }),
    '',
  ].join('\n');
}

const quoteForFish = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** Offered once the word has the atomic's name and a `~`. */
function fishVariants(
  here: string,
  { slugs, changes }: ContentNames['variants'][number],
  complete: (when: string, ...more: readonly string[]) => string,
): string {
  const begun = `string match -qr "^(${slugs.join('|')})~" -- (commandline -ct)`;
  const all = `(string replace -r "~.*" "" -- (commandline -ct))"~"{${changes.join(',')}}`;
  return complete(`${here}; and ${begun}`, '-f', '-a', quoteForFish(all));
}
