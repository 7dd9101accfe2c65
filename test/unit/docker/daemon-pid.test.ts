// A pid file outlives its daemon: what it names counts only when that is alive and is that daemon.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { livingDaemon, removeStalePidFile } from '../../../harness/docker/host/daemon-pid.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomclock-pid-'));
  file = join(folder, 'daemon.pid');
});
afterEach(() => rmSync(folder, { recursive: true }));

const ownCommand = (): string => readFileSync('/proc/self/comm', 'utf8').trim();

describe('a pid file', () => {
  it('names the daemon while that lives, and stays', () => {
    writeFileSync(file, `${process.pid}\n`);
    expect(livingDaemon(file, ownCommand())).toBe(process.pid);
    removeStalePidFile(file, ownCommand());
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ['somebody else has the pid now', () => String(process.pid)],
    ['nobody has it', () => '4194305'],
    ['it is empty', () => ''],
    ['it is no number', () => 'x'],
  ])('is stale when %s, and goes', (_, content) => {
    writeFileSync(file, content());
    expect(livingDaemon(file, 'dockerd')).toBeUndefined();
    removeStalePidFile(file, 'dockerd');
    expect(existsSync(file)).toBe(false);
  });

  it('need not be there', () => {
    expect(livingDaemon(file, 'dockerd')).toBeUndefined();
    expect(() => removeStalePidFile(file, 'dockerd')).not.toThrow();
  });
});
