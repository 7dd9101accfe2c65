// Completion in the shells themselves: what fish offers and what zsh types when Tab is pressed.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

async function scriptFor(shell: string): Promise<string> {
  const io = memoryIo();
  expect(await runProgram(['completion', shell], io, '9.9.9')).toBe(0);
  const file = join(folder, `atomclock.${shell}`);
  writeFileSync(file, io.stdout.text);
  return file;
}

describe.skipIf(!isThere('fish'))('fish (skipped where it is not installed)', () => {
  let script = '';
  beforeAll(async () => {
    script = await scriptFor('fish');
  });

  /** What is offered, each with what is said of it. */
  const offered = (line: string): string[][] =>
    execFileSync('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line], {
      ...{ encoding: 'utf8', cwd: folder, env: { ...process.env, HOME: folder } },
    })
      .split('\n')
      .filter(Boolean)
      .map((each) => each.split('\t'));

  it.each([
    ['re', ['replay', 'report']],
    ['replay --fie', ['--fields']],
    ['run --clock ', ['fast', 'real']],
    ['run cron-d-dro', ['cron-d-drop']],
    ['run at-stdin cron-d-dro', ['cron-d-drop']],
    ['explain cron-table-dr', ['cron-table-dropped']],
    ['run --mitigation at-gr', ['at-group-only']],
    ['run --report ht', ['html']],
    ['diff --report g', ['github']],
    ['replay --require at', ['attacks-seen']],
    ['run --mitigation=at-gr', ['--mitigation=at-group-only']],
    ['run cron-d-drop~writer=te', ['cron-d-drop~writer=tee']],
    ['run no-such~', []],
    ['run --rules atomclock.f', ['atomclock.fish']],
    ['run --mitigation atomclock.f', ['atomclock.fish']],
    ['run --he', ['--help']],
    // A word that is called like a command is none.
    ['merge run --mitig', []],
  ])('%s', (words, completed) => {
    expect(offered(`atomclock ${words}`).map(([name]) => name)).toEqual(completed);
  });

  it('says of an option what it is, and of its values nothing that is not theirs', () => {
    expect(offered('atomclock replay --fie')).toEqual([['--fields', expect.stringMatching(/^field names /)]]);
    expect(offered('atomclock run --clock ')).toEqual([['fast'], ['real']]);
  });
});

describe.skipIf(!isThere('zsh') || !isThere('python3'))(
  'zsh (skipped where it or python3 is not installed)',
  () => {
    it('types what is meant', async () => {
      const script = await scriptFor('zsh');
      const typed: readonly (readonly [string, string])[] = [
        ['rep', 'rep'],
        ['repl', 'replay '],
        ['replay --fie', 'replay --fields '],
        ['run --clock fa', 'run --clock fast '],
        ['run cron-d-dro', 'run cron-d-drop '],
        ['run at-stdin cron-d-dro', 'run at-stdin cron-d-drop '],
        ['explain cron-table-dr', 'explain cron-table-dropped '],
        ['run --mitigation at-gr', 'run --mitigation at-group-only '],
        ['run --mitigation=at-gr', 'run --mitigation=at-group-only '],
        // Quoted as zsh does it: with EXTENDED_GLOB a bare one would be an operator.
        ['run cron-d-drop~writer=te', 'run cron-d-drop\\~writer=tee '],
        ['run no-such~', 'run no-such~'],
        [`run --rules ${folder}/atomclock.z`, `run --rules ${folder}/atomclock.zsh `],
        [`run --mitigation ${folder}/atomclock.z`, `run --mitigation ${folder}/atomclock.zsh `],
        ['run --hel', 'run --help '],
        ['merge run --mitig', 'merge run --mitig'],
      ];
      // Ctrl-X shows the line as the shell has it, and begins another.
      const setUp = [
        `source ${script}`,
        `shown() { print -r -- "<$BUFFER>"; BUFFER=; }; zle -N shown; bindkey '^X' shown; echo rea''dy`,
      ].join('; ');
      const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
      const lines = typed.map(([line]) => `atomclock ${line}\t\u0018`);
      const actions = [
        ['%|#', `${setUp}\r`],
        ['ready', lines[0] ?? ''],
        ...typed.map(([, becomes], at) => [`<atomclock ${escaped(becomes)}>`, lines[at + 1] ?? 'exit\r']),
      ];
      const terminal = join(import.meta.dirname, '../../lab/in-terminal.py');
      const output = execFileSync('python3', [terminal, '200', JSON.stringify(actions), 'zsh', '-f', '-i'], {
        ...{ encoding: 'utf8', timeout: 280_000, env: { ...process.env, HOME: folder, TERM: 'xterm' } },
      });
      expect(JSON.parse(output).left).toEqual([]);
    });
  },
);
