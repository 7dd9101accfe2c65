// The hash of an image's sources changes with everything that changes the image, and with nothing else.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextFiles, sourceHash } from '../../../harness/docker/image/source-hash.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomclock-hash-'));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  mkdirSync(join(folder, 'files/etc'), { recursive: true });
  writeFileSync(join(folder, 'files/etc/a'), 'a');
});
afterEach(() => rmSync(folder, { recursive: true }));

const hash = (inputs: Record<string, string> = { base: 'sha256:1' }): string => sourceHash(folder, inputs);

describe('the hash', () => {
  it('is twelve hex digits, the same for the same sources', () => {
    expect(hash()).toMatch(/^[0-9a-f]{12}$/);
    const before = hash();
    utimesSync(join(folder, 'Dockerfile'), 1, 1);
    chmodSync(join(folder, 'Dockerfile'), 0o640);
    expect(hash()).toBe(before);
  });

  it('does not depend on the order of the inputs', () => {
    expect(hash({ a: '1', b: '2' })).toBe(hash({ b: '2', a: '1' }));
  });

  it.each<[string, () => void]>([
    ['content', () => writeFileSync(join(folder, 'Dockerfile'), 'FROM other\n')],
    ['a new file', () => writeFileSync(join(folder, 'files/b'), '')],
    ['a removed file', () => rmSync(join(folder, 'files/etc/a'))],
    ['the executable bit', () => chmodSync(join(folder, 'files/etc/a'), 0o755)],
    ['a dangling link', () => symlinkSync('/nowhere', join(folder, 'link'))],
  ])('changes with %s', (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  it('changes with the base image, and keeps names and values apart', () => {
    expect(hash({ base: 'sha256:2' })).not.toBe(hash());
    expect(hash({ a: 'bc' })).not.toBe(hash({ ab: 'c' }));
  });

  it('covers all files by path, sorted', () => {
    expect(contextFiles(folder)).toEqual(['Dockerfile', 'files/etc/a']);
  });
});
