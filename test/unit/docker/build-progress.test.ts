// A build's account is followed to its end, also to one that nobody announced.

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { buildProgress } from '../../../harness/docker/image/build-progress.ts';

const said: string[] = [];
const follow = (stream: PassThrough) => buildProgress(Promise.resolve(stream), (line) => said.push(line));

describe('a build', () => {
  it('gives its last status, however its lines are cut', async () => {
    const stream = new PassThrough();
    const result = follow(stream);
    for (const byte of Buffer.from('{"stream":"Step 1/2 : FROM é\\n"}\n\n{"status":"sha256:ab"}'))
      stream.write(Buffer.from([byte]));
    stream.end();
    expect(await result).toBe('sha256:ab');
    expect(said).toContain('  Step 1/2 : FROM é');
  });

  it('fails with the end of what it said', async () => {
    const stream = new PassThrough();
    const result = follow(stream);
    stream.end('{"stream":"make: gone\\n"}\n{"error":"exit 2"}\n');
    await expect(result).rejects.toMatchObject({ code: 'lab/image-build', message: 'make: gone\nexit 2' });
  });

  it('whose engine dies ends', async () => {
    const stream = new PassThrough();
    const result = follow(stream);
    stream.write('{"stream":"Step 1/2 : FROM x\\n"}\n', () => stream.destroy());
    await expect(result).rejects.toMatchObject({
      code: 'lab/image-build',
      message: 'the engine closed the connection in the middle',
    });
  });
});
