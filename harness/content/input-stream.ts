// Reading what may have no end yet: a pipe is waited for without a thread, so that an interrupt still ends the program.

import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/**
 * The bytes of a file or of a named pipe.
 * @throws what the file system says when it cannot be opened
 */
export async function openInput(file: string): Promise<Readable> {
  if (!(await stat(file)).isFIFO()) return createReadStream(file, { highWaterMark: 64 * 1024 });
  // Opening a pipe the usual way waits for its writer in a thread, which keeps the process from exiting.
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** A whole text. */
export async function readInput(file: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of await openInput(file)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
