// Programs that are there to start another one: what they are given to start, and what an interpreter is given to read.

import { posix } from 'node:path';

interface Wrapper {
  /** Options that take the next word. */
  readonly valued?: readonly string[];
  /** How many words of its own follow the options. */
  readonly operands?: number;
  /** The option that takes a shell's text. */
  readonly text?: string;
}

/** @source env(1), nice(1), ionice(1), timeout(1), setsid(1), flock(1), chronic(1), systemd-cat(1), sudo(8), su(1)… */
const wrappers: Readonly<Record<string, Wrapper>> = {
  busybox: {},
  chronic: {},
  chroot: { operands: 1 },
  chrt: { operands: 1 },
  command: {},
  doas: { valued: ['-u'] },
  env: { valued: ['-u', '--unset', '-C', '--chdir'] },
  exec: { valued: ['-a'] },
  flock: { valued: ['-w', '--timeout', '-E', '--conflict-exit-code'], operands: 1, text: '-c' },
  ionice: { valued: ['-c', '--class', '-n', '--classdata'] },
  nice: { valued: ['-n', '--adjustment'] },
  nohup: {},
  runuser: { valued: ['-u', '--user', '-g', '--group'], text: '-c' },
  setpriv: { valued: ['--reuid', '--regid', '--groups', '--inh-caps', '--bounding-set'] },
  setsid: {},
  stdbuf: { valued: ['-i', '-o', '-e'] },
  su: { valued: ['-s', '--shell', '-g', '--group'], text: '-c' },
  sudo: { valued: ['-u', '--user', '-g', '--group'] },
  'systemd-cat': { valued: ['-t', '--identifier', '-p', '--priority'] },
  taskset: { operands: 1 },
  time: {},
  timeout: { valued: ['-s', '--signal', '-k', '--kill-after'], operands: 1 },
};

const shells = /^(?:ba|da|a|k|z)?sh$/;
const interpreters =
  /^(?:(?:ba|da|a|k|z)?sh|python[\d.]*|perl[\d.]*|ruby[\d.]*|node|php[\d.]*|lua[\d.]*|tclsh[\d.]*|expect|g?awk|mawk)$/;
/** Options of interpreters that take the next word, and those after which comes code rather than a file. */
const valuedOptions = new Set(['-o', '+o', '-O', '+O', '-W', '-X', '-v']);
const codeOptions = new Set(['-c', '-e', '-E', '-m', '-r']);

/** What only looks or waits: that it ran says nothing of what was to run if it came out well. */
const questions = new Set([
  '[', '[[', 'test', 'true', 'false', ':', 'pgrep', 'pidof', 'grep', 'which', 'type', 'id', 'getent', 'cmp', 'sleep',
  'systemctl', 'mountpoint', 'cd', 'export', 'set', 'umask', 'exit', 'ulimit', 'read', 'wait', 'trap', 'shift', 'unset', 'return',
  'for', 'cat', 'head', 'date', 'hostname', 'uname', 'stat', 'ls', 'lockfile', 'expr',
]); // biome-ignore format: a list
const builtins = new Set(['echo', 'printf', 'eval', '.', 'source', 'kill']);

export interface Started {
  /** The program and its arguments, what starts it taken away; empty where only a shell's text is known. */
  readonly words: readonly string[];
  /** The launchers before it, outermost first. */
  readonly via: readonly string[];
  /** What a shell was given to run. */
  readonly text: string | null;
}

/** What a command comes down to when the launchers before it are taken away. */
export function started(words: readonly string[]): Started {
  const via: string[] = [];
  let rest = [...words];
  for (;;) {
    while (/^[A-Za-z_]\w*=/.test(rest[0] ?? '')) rest.shift();
    const name = programName(rest);
    const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    if (!wrapper || (name === 'command' && /^-[vV]$/.test(rest[1] ?? ''))) break;
    const inner = unwrapped(rest.slice(1), wrapper);
    if (inner.text !== null) return { words: [], via: [...via, name], text: inner.text };
    if (inner.words.length === 0) break;
    via.push(name);
    rest = inner.words;
  }
  const text = shells.test(programName(rest)) ? codeOf(rest) : null;
  return { words: rest, via, text };
}

function unwrapped(
  words: string[],
  { valued = [], operands = 0, text }: Wrapper,
): Pick<Started, 'text'> & { words: string[] } {
  const rest = [...words];
  let own = operands;
  for (;;) {
    const word = rest[0];
    if (word === undefined) return { words: [], text: null };
    if (text !== undefined && word === text) return { words: [], text: rest[1] ?? '' };
    if (word === '--') rest.shift();
    else if (valued.includes(word)) rest.splice(0, 2);
    else if (/^-./.test(word) || /^[A-Za-z_]\w*=/.test(word)) rest.shift();
    else if (own > 0) {
      own -= 1;
      rest.shift();
    } else if (text !== undefined && rest[1] === text) rest.shift();
    else return { words: rest, text: null };
    if (word === '--' && own === 0) return { words: rest, text: null };
  }
}

/** `sh -c TEXT`, its options in one word or several. */
function codeOf([, ...words]: readonly string[]): string | null {
  const at = words.findIndex((word) => !/^[-+]/.test(word) || /^-\w*c$/.test(word));
  return at >= 0 && /^-\w*c$/.test(words[at] as string) ? (words[at + 1] ?? null) : null;
}

/** The file that an interpreter is given to run; null where there is none: it gets code, or reads its input. */
export function scriptOf(words: readonly string[]): string | null {
  const name = programName(words);
  if (name === '.' || name === 'source') return words[1] ?? null;
  if (!interpreters.test(name)) return null;
  const isAwk = name.endsWith('awk');
  for (let at = 1; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '-f') return words[at + 1] ?? null;
    if (shells.test(name) ? /^-\w*[cs]$/.test(word) : codeOptions.has(word)) return null;
    if (valuedOptions.has(word)) at += 1;
    else if (!/^[-+]./.test(word)) return isAwk ? null : word;
  }
  return null;
}

/** Whether it runs what it reads: an interpreter that is given neither code nor a file. */
export const readsItsCode = (words: readonly string[]): boolean =>
  interpreters.test(programName(words)) && words.slice(1).every((word) => /^-(?!\w*c$)/.test(word));

export const isShell = (path: string): boolean => shells.test(posix.basename(path));
export const isInterpreter = (path: string): boolean => interpreters.test(posix.basename(path));
export const isWrapper = (path: string): boolean => Object.hasOwn(wrappers, posix.basename(path));
export const isRunParts = (path: string): boolean => posix.basename(path) === 'run-parts';
export const isQuestion = (path: string): boolean => questions.has(posix.basename(path));
export const isBuiltin = (name: string): boolean => builtins.has(name);

export const programName = (words: readonly string[]): string => posix.basename(words[0] ?? '');

/** The folder of whose scripts run-parts runs each; null where it only lists them. */
export function runPartsFolder(words: readonly string[]): string | null {
  if (!isRunParts(words[0] ?? '') || words.some((word) => word === '--test' || word === '--list'))
    return null;
  return (
    words.slice(1).find((word) => word.startsWith('/')) ??
    words.slice(1).findLast((word) => !word.startsWith('-')) ??
    null
  );
}
