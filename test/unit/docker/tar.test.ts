// The archive that carries a file into a target is one that tar itself reads.

import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { fileArchive } from '../../../harness/docker/container/tar.ts';

describe('an archive', () => {
  it.each([0, 1, 511, 512, 513, 100_000])(
    'holds a file of %i bytes, with its mode and owner',
    async (size) => {
      const archive = fileArchive('/etc/cron.d/some file', Buffer.alloc(size, 'a'), 0o640);
      const list = await execa('tar', ['-tvf', '-', '--numeric-owner'], { input: archive });
      expect(list.stdout).toMatch(/^-rw-r----- 0\/0 +\d+ .* etc\/cron\.d\/some file$/);
      const content = await execa('tar', ['-xOf', '-'], { input: archive, stripFinalNewline: false });
      expect(content.stdout).toHaveLength(size);
    },
  );

  it('holds a file whose path is longer than one field', async () => {
    const path = `/${'folder/'.repeat(20)}${'n'.repeat(90)}`;
    const list = await execa('tar', ['-tf', '-'], { input: fileArchive(path, Buffer.alloc(0), 0o644) });
    expect(list.stdout).toBe(path.slice(1));
  });
});
