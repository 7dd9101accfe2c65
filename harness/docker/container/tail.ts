// The end of a stream, for the message when its process dies.

const limitBytes = 16 * 1024;

export class Tail {
  #bytes: Buffer = Buffer.alloc(0);

  push(data: Buffer): void {
    this.#bytes = Buffer.from(Buffer.concat([this.#bytes, data]).subarray(-limitBytes));
  }

  text(): string {
    return this.#bytes.toString('utf8');
  }
}
