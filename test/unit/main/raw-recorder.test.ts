// What sensors said, word for word: each target's into its own folder, and no failure unheard.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RawFolder, RawRecorder } from '../../../harness/main/raw-recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-raw-'));
afterAll(() => rmSync(folder, { recursive: true }));

it("keeps a target's lines by sensor, and drops those of nobody and those that come too late", async () => {
  const recorder = new RawRecorder();
  const ebpf = recorder.tap('ebpf');
  const journal = recorder.tap('journal');
  {
    await using raw = new RawFolder(folder);
    recorder.attach({ id: 'ours' }, raw);
    ebpf({ id: 'ours' }, 'one');
    journal({ id: 'ours' }, 'two');
    ebpf({ id: 'other' }, 'lost');
    ebpf({ id: 'ours' }, 'three');
  }
  ebpf({ id: 'ours' }, 'late');
  expect(readdirSync(folder)).toEqual(['ebpf.ndjson', 'journal.ndjson']);
  expect(readFileSync(join(folder, 'ebpf.ndjson'), 'utf8')).toBe('one\nthree\n');
});

it('holds no file open when its case is over', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  {
    await using raw = new RawFolder(folder);
    raw.write('ebpf', 'one');
  }
  expect(open()).toBe(before);
});

it('says at the end that it could not write', async () => {
  await using raw = new RawFolder(join(folder, 'missing'));
  raw.write('ebpf', 'one');
  await expect(raw.close()).rejects.toMatchObject({ code: 'output/unwritable', exitCode: 2 });
});
