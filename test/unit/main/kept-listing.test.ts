// The listing that one command keeps for the next: what is listed is what there is, whatever lies in the cache.

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptListing } from '../../../harness/main/kept-listing.ts';
import type { WholeListing } from '../../../harness/main/listing.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-kept-'));
afterAll(() => rmSync(folder, { recursive: true }));
const root = join(folder, 'project');
const caches = join(folder, 'caches');
const kept = join(caches, 'atomclock');

const content = join(root, 'atomics/T1/T1.yaml');
const code = join(root, 'harness/main/list.ts');
beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', caches);
  rmSync(caches, { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
  for (const file of [content, code]) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'as it was');
  }
});

const made: WholeListing = {
  listing: {
    ...{ variants: [], atomics: [], rules: [], replayed: [], mitigations: [], sensors: [] },
    targets: [{ name: 'debian12', title: 'Debian 12', verified: true }],
  },
  problems: [{ code: 'x/y', message: 'odd', place: { file: 'a', line: 1, column: 2 }, severity: 'warning' }],
};

/** Whether it is made anew; what it is, is the same. */
async function isMade(): Promise<boolean> {
  let times = 0;
  const make = async () => {
    times += 1;
    return made;
  };
  expect(await keptListing(make, root)).toEqual(made);
  return times > 0;
}

const files = (): string[] => readdirSync(kept);
const file = (): string => join(kept, files()[0] ?? '');

/** Another text of the same length, at the same time: only its bytes tell. */
function alter(path: string): void {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, 'as it is!');
  utimesSync(path, atime, mtime);
}

describe('what is kept', () => {
  it('is made once, and kept in one file', async () => {
    expect([await isMade(), await isMade(), await isMade()]).toEqual([true, false, false]);
    expect(files()).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['content is edited', () => alter(content)],
    ['content is added', () => writeFileSync(join(root, 'atomics/more.yaml'), '')],
    ['content is renamed', () => renameSync(content, join(root, 'atomics/T1/T2.yaml'))],
    ['content is removed', () => rmSync(content)],
    ['a folder of it appears', () => mkdirSync(join(root, 'containers/target'), { recursive: true })],
    ['code is edited', () => appendFileSync(code, '!')],
    ['code is added', () => writeFileSync(join(root, 'harness/more.ts'), '')],
  ])('is made anew when %s', async (_, change) => {
    await isMade();
    change();
    expect([await isMade(), await isMade()]).toEqual([true, false]);
    expect(files()).toHaveLength(1);
  });
});

describe('a cache', () => {
  it.each<[string, (text: string) => string]>([
    ['cut', (text) => text.slice(0, text.length - 2)],
    ['empty', () => ''],
    ['altered', (text) => text.replace('debian12', 'debian13')],
    ['of another key', (text) => text.replace(/^./, (one) => (one === '0' ? '1' : '0'))],
    ['something else', () => '{"listing":{}}\n'],
  ])('that is %s is made anew', async (_, damage) => {
    await isMade();
    const sound = readFileSync(file(), 'utf8');
    writeFileSync(file(), damage(sound));
    expect(await isMade()).toBe(true);
    expect(readFileSync(file(), 'utf8')).toBe(sound);
    expect(await isMade()).toBe(false);
  });

  it('that cannot be written is passed over', async () => {
    writeFileSync(caches, 'no folder');
    expect([await isMade(), await isMade()]).toEqual([true, true]);
  });
});

it('is listed as what is made, wherever it is asked', () => {
  const list = (cwd: string): string =>
    execFileSync(process.execPath, [join(packageRoot, 'harness/cli/main.ts'), 'list', '--json'], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: caches },
    });
  const here = list(packageRoot);
  const there = list(folder);
  expect([list(packageRoot), list(folder)]).toEqual([here, there]);
  expect(JSON.parse(here).rules[0].file).toMatch(/^detections\//);
  expect(JSON.parse(there).rules[0].file).toBe(join(packageRoot, JSON.parse(here).rules[0].file));
});
