// The lines of a file of any size, packed or not, in any Unicode encoding.

import { isAscii } from 'node:buffer';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { openInput } from './input-stream.ts';

export interface Line {
  /** From 1. */
  number: number;
  text: string;
}

/** A single line longer than this is no event. */
const longestLine = 64 * 1024 * 1024;

/**
 * The lines, as many at once as were read at once; empty ones are counted and left out.
 * @param onBytes called with the size of each piece of the file that was read
 * @param onTorn told that a packed file breaks off, once lines of it were read; absent: that is an error
 * @throws AtomclockError `replay/unreadable`, `replay/unknown-format` for known files that hold no text,
 * `replay/not-an-event` for a line without end
 */
export async function* linesOf(
  file: string,
  onBytes: (bytes: number) => void,
  onTorn?: (problem: string) => void,
): AsyncGenerator<Line[]> {
  let number = 0;
  let rest = '';
  try {
    for await (const piece of textOf(file, onBytes)) {
      const text = rest + piece;
      const lines: Line[] = [];
      let from = 0;
      for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
        number += 1;
        const line = text.slice(from, text[to - 1] === '\r' ? to - 1 : to);
        if (line !== '') lines.push({ number, text: line });
        from = to + 1;
      }
      yield lines;
      rest = text.slice(from);
      if (rest.length > longestLine)
        throw refusal('not-an-event', `${file}:${number + 1}:1: a line of over ${longestLine} characters`);
    }
  } catch (cause) {
    if (cause instanceof AtomclockError) throw cause;
    if (onTorn && number > 0 && isOfUnpacking(cause)) {
      onTorn(`${file}:${number + 1}:1: the packed file breaks off here: ${(cause as Error).message}`);
      return;
    }
    throw refusal('unreadable', `cannot read ${file}: ${(cause as Error).message}`, cause);
  }
  if (rest !== '') yield [{ number: number + 1, text: rest }];
}

async function* textOf(file: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  // A character may begin in one piece and end in the next.
  let isOpen = false;
  for await (const bytes of unpacked(file, onBytes)) {
    decoder ??= decoderFor(bytes);
    // Logs are nearly always ASCII, which needs no decoding; what reads the text is faster for it, too.
    if (!isOpen && decoder.encoding === 'utf-8' && isAscii(bytes)) yield bytes.toString('latin1');
    else {
      yield decoder.decode(bytes, { stream: true });
      isOpen = !isAscii(bytes.subarray(-1));
    }
  }
  if (decoder) yield decoder.decode();
}

const isOfUnpacking = (cause: unknown): boolean =>
  /^(?:Z_|ZSTD_|ERR_ZSTD|ERR_ZLIB)/.test((cause as NodeJS.ErrnoException).code ?? '');

/**
 * By the byte order mark that Windows tools write, or by the zeroes in the first two characters; the mark itself is left
 * out, and nothing later that looks like one.
 */
function decoderFor(first: Buffer): TextDecoder {
  if (first[0] === 0xff && first[1] === 0xfe) return new TextDecoder('utf-16le');
  if (first[0] === 0xfe && first[1] === 0xff) return new TextDecoder('utf-16be');
  const [a = 0, b = 0, c = 0, d = 0] = first;
  if (a && !b && c && !d) return new TextDecoder('utf-16le');
  if (!a && b && !c && d) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8', { ignoreBOM: isAscii(first) });
}

/** What the first bytes of a file say that it is. */
const otherFiles = [
  ['fd377a585a00', 'it is packed with xz; unpack it first'],
  ['425a68', 'it is packed with bzip2; unpack it first'],
  ['504b0304', 'it is a zip archive; unpack it first'],
  ['4c504b5348485248', 'it is a file of journald; export it: journalctl --file=… -o json'],
  ['456c6646696c6500', 'it is a Windows event log; export its events as JSON'],
] as const;

async function* unpacked(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const pieces = piecesOf(file, onBytes);
  const { done, value: first } = await pieces.next();
  if (done) return;
  const magic = first.subarray(0, 8).toString('hex');
  const other = otherFiles.find(([begin]) => magic.startsWith(begin));
  if (other) throw refusal('unknown-format', `${file}: ${other[1]}`);
  const all = withFirst(first, pieces);
  const unpack = magic.startsWith('1f8b')
    ? createGunzip()
    : magic.startsWith('28b52ffd')
      ? createZstdDecompress()
      : undefined;
  // What fails is thrown where the unpacked bytes are read.
  yield* withoutArchive(file, unpack ? pipeline(all, unpack, () => {}) : all);
}

/** Text would be found in an archive, too, and read as one log. */
async function* withoutArchive(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const piece of bytes) {
    if (isFirst && piece.subarray(257, 262).toString('latin1') === 'ustar')
      throw refusal('unknown-format', `${file}: it is a tar archive; unpack it first`);
    isFirst = false;
    yield piece;
  }
}

async function* piecesOf(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const bytes of await openInput(file)) {
    onBytes((bytes as Buffer).length);
    yield bytes as Buffer;
  }
}

/** Those of which the first was looked at already. */
async function* withFirst(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

const refusal = (code: string, message: string, cause?: unknown): AtomclockError =>
  new AtomclockError(`replay/${code}`, message, { exitCode: exitCodes.badInput, cause });
