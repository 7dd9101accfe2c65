// Bytes in, lines out, at the reader's pace: a sensor sends tens of thousands of lines a second.

export interface Pace {
  pause(): void;
  resume(): void;
}

/** The lines of one chunk. */
interface Batch {
  lines: string[];
  bytes: number;
}

/** Lines of a stream of bytes, iterated once. */
export class LineReader implements AsyncIterable<string> {
  readonly #pace: Pace;
  readonly #batches: Batch[] = [];
  #waitingBytes = 0;
  #paused = false;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** @param pace the source, which is paused while the reader lags behind */
  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Adds bytes; a line may be spread over any number of calls. */
  push(data: Buffer): void {
    const end = data.lastIndexOf(newline);
    if (end < 0) this.#keep(data);
    else {
      const head = data.subarray(0, end);
      const whole = this.#partialBytes === 0 ? head : Buffer.concat([...this.#partial, head]);
      this.#partial = [];
      this.#partialBytes = 0;
      // One decode and one split for all lines of the chunk: decoding each line for itself costs three times as much.
      this.#add({ lines: whole.toString('utf8').split('\n'), bytes: whole.length });
      if (end + 1 < data.length) this.#keep(data.subarray(end + 1));
    }
  }

  /** No more bytes will come; an unfinished last line counts as one. */
  end(): void {
    if (this.#ended) return;
    this.#flushPartial();
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) {
        this.#waitingBytes -= batch.bytes;
        if (this.#paused && this.#waitingBytes < resumeBelowBytes) {
          this.#paused = false;
          this.#pace.resume();
        }
        yield* batch.lines;
      } else if (this.#ended) return;
      else await this.#more();
    }
  }

  #add(batch: Batch): void {
    this.#batches.push(batch);
    this.#waitingBytes += batch.bytes;
    if (!this.#paused && this.#waitingBytes > pauseAboveBytes) {
      this.#paused = true;
      this.#pace.pause();
    }
    this.#wake?.();
  }

  #keep(data: Buffer): void {
    // A copy: the chunk's memory belongs to the socket's pool.
    this.#partial.push(Buffer.from(data));
    this.#partialBytes += data.length;
    if (this.#partialBytes > longestLineBytes) this.#flushPartial();
  }

  /** A line beyond all bounds is handed on in pieces: its reader can report it, memory stays bounded. */
  #flushPartial(): void {
    if (this.#partialBytes === 0) return;
    const line = Buffer.concat(this.#partial).toString('utf8');
    const bytes = this.#partialBytes;
    this.#partial = [];
    this.#partialBytes = 0;
    this.#add({ lines: [line], bytes });
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

const newline = 0x0a;
const mebibyte = 1024 * 1024;
const pauseAboveBytes = 16 * mebibyte;
const resumeBelowBytes = 4 * mebibyte;
const longestLineBytes = 16 * mebibyte;
