// The frames that the harness and the agent in a target exchange (containers/agent/frame.h).

import { AtomclockError, exitCodes } from '../../model/errors.ts';

export interface AgentFrame {
  readonly kind: string;
  /** Which command it is about. */
  readonly number: number;
  readonly fields: readonly Buffer[];
}

/**
 * A frame as bytes: length, kind, number, and each field with its length.
 * @throws AtomclockError `lab/too-large` for more than the agent takes at a time
 */
export function encodeFrame(
  kind: string,
  number: number,
  fields: readonly (string | Uint8Array)[] = [],
): Buffer {
  const contents = fields.map((field) => (typeof field === 'string' ? Buffer.from(field) : field));
  const length = contents.reduce((sum, { byteLength }) => sum + 4 + byteLength, 5);
  if (length > largestFrame) {
    throw new AtomclockError(
      'lab/too-large',
      `${length} bytes for the target at once; expected at most ${largestFrame}`,
      { exitCode: exitCodes.badInput },
    );
  }
  const bytes = Buffer.alloc(4 + length);
  bytes.writeUInt32LE(length, 0);
  bytes.write(kind, 4, 1, 'latin1');
  bytes.writeUInt32LE(number, 5);
  let at = 9;
  for (const content of contents) {
    bytes.writeUInt32LE(content.byteLength, at);
    bytes.set(content, at + 4);
    at += 4 + content.byteLength;
  }
  return bytes;
}

/** Puts frames together from the pieces in which a stream brings them. */
export class FrameReader {
  /** What is no whole frame yet, as it came: joining it at each piece would cost the square of a long frame. */
  #held: Buffer[] = [];
  #length = 0;
  #wanted = 4;

  /**
   * @returns the frames that are whole now
   * @throws AtomclockError `lab/agent` for what is no frame
   */
  push(piece: Buffer): AgentFrame[] {
    this.#held.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#wanted) return [];
    const bytes = this.#held.length === 1 ? piece : Buffer.concat(this.#held);
    const frames: AgentFrame[] = [];
    let at = 0;
    this.#wanted = 4;
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32LE(at);
      if (length < 5 || length > largestFrame) throw garbled(`a frame of ${length} bytes`);
      this.#wanted = 4 + length;
      if (bytes.length - at < this.#wanted) break;
      frames.push(decode(bytes.subarray(at + 4, at + this.#wanted)));
      at += this.#wanted;
      this.#wanted = 4;
    }
    // A copy: what is left must not keep the whole piece.
    this.#held = at < bytes.length ? [Buffer.from(bytes.subarray(at))] : [];
    this.#length = bytes.length - at;
    return frames;
  }
}

const largestFrame = 64 * 1024 * 1024;

function decode(body: Buffer): AgentFrame {
  const fields: Buffer[] = [];
  for (let at = 5; at < body.length; ) {
    const length = at + 4 <= body.length ? body.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > body.length) throw garbled('a field longer than its frame');
    fields.push(body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { kind: body.toString('latin1', 0, 1), number: body.readUInt32LE(1), fields };
}

const garbled = (what: string): AtomclockError =>
  new AtomclockError('lab/agent', `the agent in the target sent ${what}`, {
    exitCode: exitCodes.labUnavailable,
  });
