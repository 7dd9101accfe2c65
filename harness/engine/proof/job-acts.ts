// The commands of a job, taken apart: what each runs once the launchers before it are taken away.

import { posix } from 'node:path';
import { started } from './launcher.ts';
import { simpleCommands } from './shell-command.ts';

/** One command of a job, without the launchers before it. */
export interface Act {
  readonly words: readonly string[];
  readonly via: readonly string[];
  readonly isConditional: boolean;
  readonly stdin: string | null;
  readonly reads: readonly string[] | null;
}

type Command = Omit<Act, 'via'>;

/** The commands of a shell's text; null where it has parts that are not followed here. */
export function actsOfText(text: string, isConditional: boolean): Act[] | null {
  const acts: Act[] = [];
  for (const command of simpleCommands(text) ?? [null]) {
    const inner = command && actsOf({ ...command, isConditional: command.isConditional || isConditional });
    if (!inner) return null;
    acts.push(...inner);
  }
  return acts;
}

/** What one command comes down to; null as above. */
export function actsOf(command: Command): Act[] | null {
  const { words, via, text } = started(command.words);
  if (text === null) return words.length > 0 ? [{ ...command, words, via }] : [];
  const acts = actsOfText(text, command.isConditional);
  return acts?.map((act) => ({ ...act, via: [...via, ...act.via] })) ?? null;
}

/** Whether a path is what a word of a shell stands for: a pattern, a home folder and a variable may be any. */
export function matcher(word: string, folder: string): (path: string) => boolean {
  const isOpen = /[*?[$~`]/.test(word);
  if (!isOpen) {
    const path = posix.resolve(folder, word);
    return (candidate) => candidate === path;
  }
  // A variable alone says nothing.
  if (/^[$~`][^/]*$/.test(word)) return () => false;
  const absolute = /^[/~$`]/.test(word) ? word : posix.join(folder, word);
  const source = absolute.replace(/\$\{\w+\}|\$\w+|^~\w*|\*|\?|[.+^()|[\]{}\\$`]/g, (part) =>
    part === '*' ? '[^/]*' : part === '?' ? '[^/]' : part.length > 1 || part === '~' ? '.*' : `\\${part}`,
  );
  const pattern = new RegExp(`^${source}$`);
  return (candidate) => pattern.test(candidate);
}

/** By its name on a system whose /bin is a link to /usr/bin, as the kernel tells it. */
export const merged = (path: string): string => path.replace(/^\/(s?bin|lib)(?=\/|$)/, '/usr/$1');
