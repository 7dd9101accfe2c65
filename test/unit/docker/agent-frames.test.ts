// The frames between the harness and the agent in a target.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFrame, FrameReader } from '../../../harness/docker/container/agent-frames.ts';

const frame = fc.record({
  kind: fc.constantFrom('R', 'O', 'X'),
  number: fc.integer({ min: 0, max: 0xffffffff }),
  fields: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }),
});

it('come out as they went in, in whatever pieces the stream brings them', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 5 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
      (frames, sizes) => {
        const bytes = Buffer.concat(
          frames.map(({ kind, number, fields }) => encodeFrame(kind, number, fields)),
        );
        const reader = new FrameReader();
        const read = [];
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value as number;
          read.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(
          read.map(({ fields, ...rest }) => ({ ...rest, fields: fields.map((one) => [...one]) })),
        ).toEqual(frames.map(({ fields, ...rest }) => ({ ...rest, fields: fields.map((one) => [...one]) })));
      },
    ),
  );
});

it.each([
  { what: 'text of the engine in its place', bytes: Buffer.from('OCI runtime exec failed: exec failed') },
  { what: 'a frame without kind and number', bytes: Buffer.from([1, 0, 0, 0, 65]) },
  { what: 'a field longer than its frame', bytes: Buffer.from([9, 0, 0, 0, 65, 0, 0, 0, 0, 200, 0, 0, 0]) },
  { what: 'half a length of a field', bytes: Buffer.from([7, 0, 0, 0, 65, 0, 0, 0, 0, 1, 0]) },
])('are told from $what', ({ bytes }) => {
  expect(() => new FrameReader().push(bytes)).toThrow(expect.objectContaining({ code: 'lab/agent' }));
});

it('are not sent where the agent would take them for none', () => {
  const content = Buffer.alloc(64 * 1024 * 1024);
  expect(() => encodeFrame('W', 1, ['/x', '644', content])).toThrow(
    expect.objectContaining({
      code: 'lab/too-large',
      message: expect.stringContaining('expected at most 67108864'),
    }),
  );
});
