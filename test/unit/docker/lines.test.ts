// Lines come out whole and in order however the bytes are cut, and the source is held back while nobody reads.

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { LineReader } from '../../../harness/docker/container/lines.ts';

const idle = { pause: () => {}, resume: () => {} };

async function collect(reader: LineReader): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of reader) lines.push(line);
  return lines;
}

/** The bytes in pieces, cut at the given places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe('lines', () => {
  it('survive any cut of the bytes, in the middle of a character too', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, cuts) => {
        const reader = new LineReader(idle);
        for (const piece of pieces(Buffer.from(lines.map((each) => `${each}\n`).join('')), cuts))
          reader.push(piece);
        reader.end();
        expect(await collect(reader)).toEqual(lines);
      }),
    );
  });

  it('count an unfinished last line', async () => {
    const reader = new LineReader(idle);
    reader.push(Buffer.from('a\n\nb'));
    reader.end();
    reader.end();
    expect(await collect(reader)).toEqual(['a', '', 'b']);
  });

  it('keep what they were given when the chunk is used again', async () => {
    const reader = new LineReader(idle);
    const chunk = Buffer.from('abc');
    reader.push(chunk);
    chunk.fill('x');
    reader.push(Buffer.from('d\n'));
    reader.end();
    expect(await collect(reader)).toEqual(['abcd']);
  });

  it('reach a reader that waits', async () => {
    const reader = new LineReader(idle);
    const read = collect(reader);
    reader.push(Buffer.from('one\n'));
    await Promise.resolve();
    reader.push(Buffer.from('two\n'));
    reader.end();
    expect(await read).toEqual(['one', 'two']);
  });

  it('hold the source back while the reader lags, and let it go on when it has caught up', async () => {
    const pace = { pause: vi.fn(), resume: vi.fn() };
    const reader = new LineReader(pace);
    const chunk = Buffer.from('x'.repeat(1023).concat('\n').repeat(4096));
    for (let count = 0; count < 6; count += 1) reader.push(chunk);
    expect(pace.pause).toHaveBeenCalledTimes(1);
    expect(pace.resume).not.toHaveBeenCalled();
    reader.end();
    expect(await collect(reader)).toHaveLength(6 * 4096);
    expect(pace.resume).toHaveBeenCalledTimes(1);
  });

  it('hand on a line without end in pieces, so that memory stays bounded', async () => {
    const reader = new LineReader(idle);
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count < 20; count += 1) reader.push(mebibyte);
    reader.end();
    const lines = await collect(reader);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('')).toHaveLength(20 * 1024 * 1024);
  });
});
