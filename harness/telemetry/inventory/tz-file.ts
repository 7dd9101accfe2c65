// A file of the tz database as it lies in a target: its changes of offset, and the rule for the time after the last.

import { posixZone } from './posix-zone.ts';
import type { LocalTime, TimeZone } from './time-zone.ts';

/**
 * Reads a TZif file.
 * @param name what the zone is called
 * @returns undefined for bytes that are none: glibc takes UTC then
 * @source RFC 9636, 3
 */
export function tzFileZone(name: string, bytes: Uint8Array): TimeZone | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = readHeader(view, 0);
  if (!first) return undefined;
  const second = first.version >= 2 ? readHeader(view, first.end(4)) : undefined;
  const block = second ? readBlock(view, second, 8) : readBlock(view, first, 4);
  if (!block) return undefined;
  const footer = second ? /^\n([^\n]*)\n/.exec(text(bytes.subarray(second.end(8))))?.[1] : undefined;
  const later = footer ? posixZone(footer) : undefined;
  const { times, locals, initial } = block;
  const last = times.at(-1);
  return {
    name,
    at(ms) {
      if (later && (last === undefined || ms >= last)) return later.at(ms);
      const index = lastAtOrBefore(times, ms);
      return index < 0 ? initial : (locals[index] as LocalTime);
    },
    nextChange(ms) {
      if (last === undefined || ms >= last) return later?.nextChange(ms) ?? null;
      return times[lastAtOrBefore(times, ms) + 1] ?? null;
    },
  };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

interface Header {
  readonly version: number;
  readonly start: number;
  readonly timeCount: number;
  readonly typeCount: number;
  /** Where the block ends, by the size of its times. */
  end(timeSize: number): number;
}

const headerSize = 44;

function readHeader(view: DataView, offset: number): Header | undefined {
  // "TZif"
  if (view.byteLength < offset + headerSize || view.getUint32(offset) !== 0x545a6966) return undefined;
  const version = view.getUint8(offset + 4);
  const count = (index: number): number => view.getUint32(offset + 20 + index * 4);
  const [utcCount, standardCount, leapCount, timeCount, typeCount, charCount] = [0, 1, 2, 3, 4, 5].map(
    count,
  ) as [number, number, number, number, number, number];
  const start = offset + headerSize;
  const end = (timeSize: number): number =>
    start +
    timeCount * (timeSize + 1) +
    typeCount * 6 +
    charCount +
    leapCount * (timeSize + 4) +
    standardCount +
    utcCount;
  return { version: version === 0 ? 1 : version - 0x30, start, timeCount, typeCount, end };
}

interface Block {
  /** Milliseconds since the epoch, rising. */
  readonly times: readonly number[];
  readonly locals: readonly LocalTime[];
  readonly initial: LocalTime;
}

function readBlock(view: DataView, header: Header, timeSize: 4 | 8): Block | undefined {
  const { start, timeCount, typeCount } = header;
  if (typeCount === 0 || header.end(timeSize) > view.byteLength) return undefined;
  const indexes = start + timeCount * timeSize;
  const types: LocalTime[] = [];
  for (let index = 0; index < typeCount; index++) {
    const at = indexes + timeCount + index * 6;
    types.push({ offsetSeconds: view.getInt32(at), isDst: view.getUint8(at + 4) !== 0 });
  }
  const times: number[] = [];
  const locals: LocalTime[] = [];
  for (let index = 0; index < timeCount; index++) {
    const at = start + index * timeSize;
    const local = types[view.getUint8(indexes + index)];
    if (!local) return undefined;
    times.push(1000 * (timeSize === 8 ? Number(view.getBigInt64(at)) : view.getInt32(at)));
    locals.push(local);
  }
  return { times, locals, initial: types[0] as LocalTime };
}

function lastAtOrBefore(times: readonly number[], ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
