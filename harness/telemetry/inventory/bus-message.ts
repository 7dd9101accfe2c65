// D-Bus messages as bytes: as much of the wire format as questions to a service manager and their answers need.

import { AtomclockError, exitCodes } from '../../model/errors.ts';

/** A value; structures and entries of dictionaries are lists of theirs, a variant is what is in it. */
export type BusValue = string | number | bigint | boolean | readonly BusValue[];

export interface MethodCall {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Texts, or lists of texts. */
  readonly arguments: readonly (string | readonly string[])[];
}

export interface BusReply {
  /** Of the call that it answers. */
  readonly serial: number;
  /** Its name, where the call failed. */
  readonly error: string | undefined;
  readonly body: BusReader;
}

/**
 * A method call as bytes.
 * @param serial of the call, from 1: the reply names it
 * @source D-Bus Specification, "Message Protocol"
 */
export function encodeCall(serial: number, call: MethodCall): Buffer {
  const signature = call.arguments.map((one) => (typeof one === 'string' ? 's' : 'as')).join('');
  const body = new BusWriter();
  for (const one of call.arguments) {
    if (typeof one === 'string') body.text(one);
    else body.texts(one);
  }
  const fields = new BusWriter();
  fields.field(1, 'o', call.path);
  fields.field(2, 's', call.interface);
  fields.field(3, 's', call.member);
  fields.field(6, 's', 'org.freedesktop.systemd1');
  if (signature !== '') fields.field(8, 'g', signature);
  const content = body.bytes();
  const header = new BusWriter();
  header.byte(littleEndian);
  header.byte(1);
  header.byte(0);
  header.byte(1);
  header.number(content.length);
  header.number(serial);
  header.number(fields.length);
  header.append(fields.bytes());
  header.align(8);
  return Buffer.concat([header.bytes(), content]);
}

/**
 * How long the message is whose first bytes these are; undefined while there are too few of them.
 * @throws AtomclockError `inventory/bus` for what is no message
 */
export function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < 16) return undefined;
  if (bytes[0] !== littleEndian) throw garbled('is no message of this machine');
  const length = align(16 + bytes.readUInt32LE(12), 8) + bytes.readUInt32LE(4);
  if (length > largestMessage) throw garbled(`is ${length} bytes long`);
  return length;
}

/**
 * Reads a message.
 * @returns undefined for what answers no call (a signal)
 * @throws AtomclockError `inventory/bus` for what is no message
 */
export function decodeReply(message: Buffer): BusReply | undefined {
  const kind = message[1];
  if (kind !== 2 && kind !== 3) return undefined;
  const { fields, body } = opened(message);
  const serial = fields.get(5);
  if (typeof serial !== 'number') throw garbled('answers no call');
  return { serial, error: kind === 3 ? String(fields.get(4)) : undefined, body };
}

/**
 * The job that a manager says has ended, by its number; undefined for any other message.
 * @throws AtomclockError `inventory/bus` for what is no message
 * @source systemd, org.freedesktop.systemd1(5), JobRemoved
 */
export function endedJob(message: Buffer): number | undefined {
  if (message[1] !== 4) return undefined;
  const { fields, body } = opened(message);
  return fields.get(3) === 'JobRemoved' ? Number(body.value('u')) : undefined;
}

function opened(message: Buffer): { fields: ReadonlyMap<number, BusValue>; body: BusReader } {
  const header = new BusReader(message, 12);
  const fields = new Map(
    (header.value('a(yv)') as readonly BusValue[]).map((field) => field as [number, BusValue]),
  );
  return { fields, body: new BusReader(message, align(header.at, 8)) };
}

/** Reads values one after the other. Each throws AtomclockError `inventory/bus` where they are not there. */
export class BusReader {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The next value of this type (a single complete one). */
  value(type: string): BusValue {
    switch (type[0]) {
      case 'y':
        return this.#take(1, () => this.#bytes[this.at] as number);
      case 'b':
        return this.#number() !== 0;
      case 'n':
        return this.#take(2, () => this.#bytes.readInt16LE(this.at));
      case 'q':
        return this.#take(2, () => this.#bytes.readUInt16LE(this.at));
      case 'i':
        return this.#take(4, () => this.#bytes.readInt32LE(this.at));
      case 'u':
      case 'h':
        return this.#number();
      case 'x':
        return this.#take(8, () => this.#bytes.readBigInt64LE(this.at));
      case 't':
        return this.#take(8, () => this.#bytes.readBigUInt64LE(this.at));
      case 'd':
        return this.#take(8, () => this.#bytes.readDoubleLE(this.at));
      case 's':
      case 'o':
        return this.#text(this.#number());
      case 'g':
        return this.#signature();
      case 'v':
        return this.value(this.#signature());
      case 'a':
        return this.#items(type.slice(1));
      case '(':
      case '{':
        return this.#members(type);
      default:
        throw garbled(`has a value of type ${JSON.stringify(type)}`);
    }
  }

  /** The named entries of a dictionary of variants (a{sv}); the others are passed over. */
  entries(wanted: ReadonlySet<string>): ReadonlyMap<string, BusValue> {
    const found = new Map<string, BusValue>();
    const end = this.#arrayEnd('{');
    while (this.at < end) {
      this.at = align(this.at, 8);
      const name = this.#text(this.#number());
      const type = this.#signature();
      if (wanted.has(name)) found.set(name, this.value(type));
      else this.#pass(type);
    }
    return found;
  }

  #pass(type: string): void {
    if (type[0] === 'a') this.at = this.#arrayEnd(type[1] ?? '');
    else this.value(type);
  }

  #items(type: string): BusValue[] {
    const end = this.#arrayEnd(type[0] ?? '');
    const items: BusValue[] = [];
    while (this.at < end) {
      const before = this.at;
      items.push(this.value(type));
      // What takes no room would never come to an end.
      if (this.at === before) throw garbled('has items of no length');
    }
    return items;
  }

  /** Goes to the first item of an array; gives where its last one ends. */
  #arrayEnd(item: string): number {
    const length = this.#number();
    this.at = align(this.at, alignments[item] ?? 1);
    if (this.at + length > this.#bytes.length) throw garbled('ends before its values do');
    return this.at + length;
  }

  #members(type: string): BusValue[] {
    this.at = align(this.at, 8);
    return typesIn(type.slice(1, -1)).map((member) => this.value(member));
  }

  #number(): number {
    return this.#take(4, () => this.#bytes.readUInt32LE(this.at));
  }

  #signature(): string {
    return this.#text(this.#take(1, () => this.#bytes[this.at] as number));
  }

  /** So many bytes, and the NUL behind them. */
  #text(length: number): string {
    return this.#take(length + 1, () => this.#bytes.toString('utf8', this.at, this.at + length), 1);
  }

  #take<Value>(size: number, read: () => Value, alignment = size): Value {
    this.at = align(this.at, alignment);
    if (this.at + size > this.#bytes.length) throw garbled('ends before its values do');
    const value = read();
    this.at += size;
    return value;
  }
}

class BusWriter {
  readonly #parts: Buffer[] = [];
  length = 0;

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  append(part: Buffer): void {
    this.#parts.push(part);
    this.length += part.length;
  }

  align(boundary: number): void {
    this.append(Buffer.alloc(align(this.length, boundary) - this.length));
  }

  byte(value: number): void {
    this.append(Buffer.from([value]));
  }

  number(value: number): void {
    this.align(4);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.append(bytes);
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.number(bytes.length);
    this.append(bytes);
    this.byte(0);
  }

  texts(values: readonly string[]): void {
    const items = new BusWriter();
    for (const value of values) items.text(value);
    // Texts begin on the same boundary as their number does: nothing lies between the length and the first.
    this.number(items.length);
    this.append(items.bytes());
  }

  /** A field of the header: its code, and a variant. */
  field(code: number, type: 'o' | 's' | 'g', value: string): void {
    this.align(8);
    this.byte(code);
    this.#signature(type);
    if (type === 'g') this.#signature(value);
    else this.text(value);
  }

  #signature(value: string): void {
    this.byte(value.length);
    this.append(Buffer.from(`${value}\0`));
  }
}

const littleEndian = 'l'.charCodeAt(0);
/** The most that the specification lets a message have is twice as much. */
const largestMessage = 64 * 1024 * 1024;

const align = (at: number, boundary: number): number => Math.ceil(at / boundary) * boundary;

const alignments: Readonly<Record<string, number>> = {
  ...{ n: 2, q: 2, b: 4, i: 4, u: 4, h: 4, s: 4, o: 4, a: 4, x: 8, t: 8, d: 8, '(': 8, '{': 8 },
};

/** The single complete types in a signature. */
function typesIn(signature: string): string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = typeEnd(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

function typeEnd(signature: string, from: number): number {
  let at = from;
  while (signature[at] === 'a') at += 1;
  if (signature[at] !== '(' && signature[at] !== '{') return at + 1;
  for (let depth = 0; at < signature.length; at += 1) {
    if (signature[at] === '(' || signature[at] === '{') depth += 1;
    else if (signature[at] === ')' || signature[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw garbled(`has a value of type ${JSON.stringify(signature)}`);
}

const garbled = (what: string): AtomclockError =>
  new AtomclockError('inventory/bus', `what the service manager answered ${what}; expected a D-Bus message`, {
    exitCode: exitCodes.labUnavailable,
  });
