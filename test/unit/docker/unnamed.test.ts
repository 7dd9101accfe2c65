// Whether a machine that says that it is up has services that nobody would find by their names.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasUnnamed } from '../../../harness/docker/container/unnamed.ts';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'proc-'));
});
afterEach(() => rmSync(proc, { recursive: true, force: true }));

function put(pid: number, comm: string, parent: number, words: readonly string[]): void {
  const folder = join(proc, String(pid));
  mkdirSync(folder);
  writeFileSync(join(folder, 'comm'), `${comm}\n`);
  writeFileSync(join(folder, 'stat'), `${pid} (${comm}) S ${parent} ${pid} ${pid} 0 -1\n`);
  writeFileSync(join(folder, 'cmdline'), `${words.join('\0')}\0`);
}

const manager = ['/lib/systemd/systemd', '--system'];

it.each<[string, number, string, number, readonly string[], string]>([
  ['is atd', 27, 'atd', 1, ['/usr/sbin/atd', '-f'], 'no'],
  ['is forked, no more', 27, 'systemd', 1, manager, 'yes'],
  ['is about to become it', 27, '(atd)', 1, ['(atd)'], 'yes'],
  ["is a user's manager", 30, 'systemd', 1, ['/lib/systemd/systemd', '--user'], 'no'],
  ['is a child of somebody else', 31, 'systemd', 27, manager, 'no'],
  ['helps a manager of a user', 32, '(sd-pam)', 30, ['(sd-pam)'], 'no'],
])('a process that %s', (_, pid, comm, parent, words, answer) => {
  put(1, 'systemd', 0, manager);
  put(20, 'systemd-journal', 1, ['/lib/systemd/systemd-journald']);
  put(pid, comm, parent, words);
  const script = `${hasUnnamed(proc)}\nif has_unnamed; then echo yes; else echo no; fi`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim()).toBe(answer);
});
