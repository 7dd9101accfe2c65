// Docker's multiplexed stream comes apart the same however it is cut.

import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrames, takeFrames } from '../../../harness/docker/container/frames.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

describe('frames', () => {
  it('give each stream its bytes, whatever the chunks', () => {
    const frames = fc.array(fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.string()));
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 40 }), (list, chunkBytes) => {
        const bytes = Buffer.concat(list.map(([stream, text]) => frame(stream, text)));
        const got = { stdout: '', stderr: '' };
        const keep = (stream: keyof typeof got) => (data: Buffer) => {
          got[stream] += data.toString('latin1');
        };
        const handlers = { stdout: keep('stdout'), stderr: keep('stderr') };
        let rest: Buffer = Buffer.alloc(0);
        for (let at = 0; at < bytes.length; at += chunkBytes) {
          rest = takeFrames(Buffer.concat([rest, bytes.subarray(at, at + chunkBytes)]), handlers);
        }
        const wanted = (stream: 1 | 2): string =>
          list
            .filter(([each]) => each === stream)
            .map(([, text]) => Buffer.from(text).toString('latin1'))
            .join('');
        expect(got).toEqual({ stdout: wanted(1), stderr: wanted(2) });
        expect(rest).toHaveLength(0);
      }),
    );
  });
});

describe('a stream', () => {
  const deaf = { stdout: () => {}, stderr: () => {} };

  it.each([
    ['ends', (stream: PassThrough) => stream.end()],
    ['is cut', (stream: PassThrough) => stream.destroy()],
    ['fails, more than once', (stream: PassThrough) => stream.destroy(new RangeError('reset')).emit('error')],
  ])('that %s is read to there', async (_, end) => {
    const stream = new PassThrough();
    const read = readFrames(stream, deaf);
    end(stream);
    await read;
  });

  it('that was closed before it is read has ended', async () => {
    const stream = new PassThrough();
    stream.destroy();
    await once(stream, 'close');
    await readFrames(stream, deaf);
  });
});
