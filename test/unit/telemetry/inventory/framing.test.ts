// Whatever bytes names and contents hold, the dump brings them over whole; and what is cut off is not half read.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dump, tar } from './archive.ts';
import { readTar } from './read-tar.ts';
import { parseInventory, unpackDump } from './script-dump.ts';

/** Anything a file name may be: no slash, no NUL; as UTF-8 of up to 200 bytes. */
const fileName = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 50 })
  .map((name) => name.replace(/[/\0]/g, '_'))
  .filter((name) => name !== '.' && name !== '..' && name.isWellFormed());

describe('the framing', () => {
  it('brings over any name and any content', () => {
    const file = fc.record({
      name: fileName,
      content: fc.uint8Array({ maxLength: 2000 }),
      mode: fc.integer({ min: 0, max: 0o7777 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 8 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{6,9}$/), fc.string({ unit: 'binary' })),
        (made, sections) => {
          const files = made.map(({ name, ...rest }) => ({ path: `/etc/cron.d/${name}`, ...rest }));
          const unpacked = unpackDump(dump({ files, sections }));
          expect(new Map(unpacked.files.map((one) => [one.path, one.permissions]))).toEqual(
            new Map(files.map((one) => [one.path, one.mode])),
          );
          for (const [name, text] of Object.entries(sections))
            expect(unpacked.sections.get(name)).toBe(Buffer.from(text).toString());
          for (const { path, content } of files) {
            const text = Buffer.from(content).toString('utf8');
            const isText = !content.includes(0) && Buffer.from(text).equals(Buffer.from(content));
            expect(unpacked.files.find((one) => one.path === path)?.content).toBe(isText ? text : null);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('never throws on an archive that was cut or broken, whatever is left of it', () => {
    const archive = tar([
      { path: '/etc/crontab', content: 'x'.repeat(1500) },
      { path: `/etc/cron.d/${'n'.repeat(150)}`, content: 'y' },
    ]);
    fc.assert(
      fc.property(fc.nat(archive.length), fc.nat(archive.length - 1), fc.nat(255), (length, at, byte) => {
        const broken = Buffer.from(archive.subarray(0, length));
        if (at < length) broken[at] = byte;
        for (const entry of readTar(broken)) expect(entry.path).toBeTypeOf('string');
      }),
    );
  });

  it('reads what is there of a dump that was too large, and says so', () => {
    const files = Array.from({ length: 300 }, (_, index) => ({
      path: `/etc/cron.d/n${index}`,
      content: `${index * 7919}`.repeat(50),
    }));
    const whole = dump({ files });
    const { files: found, problems } = parseInventory(
      `${whole.slice(0, Math.floor(whole.length / 8) * 4)}\n[cut after 1 MiB: 9 more bytes]`,
    );
    expect(found.length).toBeGreaterThan(10);
    expect(found.length).toBeLessThan(300);
    expect(problems).toEqual([expect.stringContaining('more than can be read')]);
  });

  it.each([
    ['nothing', ''],
    ['text', 'sh: 1: find: not found'],
    ['base64 of something else', Buffer.from('hello').toString('base64')],
  ])('refuses %s by name', (_, output) => {
    expect(() => parseInventory(output)).toThrow(expect.objectContaining({ code: 'inventory/unreadable' }));
  });
});

describe('archives as tar itself writes them', () => {
  it.each(['gnu', 'ustar', 'posix'])('%s format', (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'archive-'));
    try {
      const long = `${'d'.repeat(90)}-${'ü'.repeat(40)}`;
      const names = format === 'ustar' ? ['short'] : ['short', long];
      for (const name of names) writeFileSync(join(folder, name), `content of ${name}`, { mode: 0o750 });
      symlinkSync('/nowhere/at all', join(folder, 'link'));
      const bytes = execFileSync('tar', [`--format=${format}`, '-C', folder, '-cf', '-', 'link', ...names]);
      // Two archives on end, as find makes them when the list is long.
      const entries = [...readTar(Buffer.concat([bytes, bytes]))];
      expect(entries).toHaveLength(2 * (names.length + 1));
      expect(entries[0]).toMatchObject({ type: 'symlink', path: 'link', link: '/nowhere/at all' });
      for (const name of names) {
        const entry = entries.find(({ path }) => path === name);
        expect([entry?.mode, Buffer.from(entry?.content ?? []).toString()]).toEqual([
          0o750,
          `content of ${name}`,
        ]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
