// Docker sends a container's two output streams as one: frames with a header of stream number and length.

import type { Duplex } from 'node:stream';

export interface FrameHandlers {
  stdout(data: Buffer): void;
  stderr(data: Buffer): void;
}

/**
 * Takes a multiplexed stream apart.
 * @param stream from `attach` or `exec`, without a TTY
 * @returns when the stream has ended, also when the container's death cut it off
 */
export function readFrames(stream: Duplex, handlers: FrameHandlers): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = takeFrames(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), handlers);
  });
  return new Promise((resolve) => {
    // Closed before anybody listened: nothing more will be said of it.
    if (stream.destroyed) return resolve();
    stream.once('close', resolve);
    stream.once('end', resolve);
    // For good: the engine may reset a connection more than once, and an error without a listener ends the process.
    stream.on('error', () => resolve());
  });
}

const headerBytes = 8;

/** Hands on every complete frame; what is left waits for more. */
export function takeFrames(data: Buffer, handlers: FrameHandlers): Buffer {
  let at = 0;
  while (data.length - at >= headerBytes) {
    const end = at + headerBytes + data.readUInt32BE(at + 4);
    if (end > data.length) break;
    const payload = data.subarray(at + headerBytes, end);
    if (data[at] === 2) handlers.stderr(payload);
    else handlers.stdout(payload);
    at = end;
  }
  return data.subarray(at);
}
