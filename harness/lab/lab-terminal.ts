// The terminal of a lab: the trainer types into it, everybody sees it; what comes too fast for a page is left out of it.

/** In columns and rows. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a terminal is joined with: a shell in a target. */
interface Joined {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): Promise<void>;
}

/** Bytes that are shown at once; of more only the end, which is what a screen would be left with. */
const shownAtOnce = 32 * 1024;
/** What somebody is shown who comes later. */
const keptTail = 64 * 1024;
const batchMs = 60;

export class LabTerminal implements Disposable {
  /** The value of TERM. */
  readonly kind = 'xterm-256color';
  readonly #say: (text: string) => void;
  readonly #decoder = new TextDecoder();
  readonly #enough = new AbortController();
  #size: TerminalSize;
  #joined: Joined | null = null;
  #pending = '';
  #leftOut = 0;
  #tail = '';
  #timer: NodeJS.Timeout | null = null;

  /** @param say told what is printed, a batch at a time */
  constructor(size: TerminalSize, say: (text: string) => void) {
    this.#size = size;
    this.#say = say;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  /** Aborted when what was scheduled is to be waited for no longer. */
  get enough(): AbortSignal {
    return this.#enough.signal;
  }

  /** The end of what was printed. */
  get tail(): string {
    return this.#tail;
  }

  /** From now on what is typed goes there, until this is disposed of. */
  attach(joined: Joined): Disposable {
    this.#joined = joined;
    return {
      [Symbol.dispose]: () => {
        this.#joined = null;
      },
    };
  }

  show(bytes: Uint8Array): void {
    const text = this.#pending + this.#decoder.decode(bytes, { stream: true });
    const beyond = Math.max(0, text.length - shownAtOnce);
    this.#leftOut += beyond;
    this.#pending = text.slice(beyond);
    this.#timer ??= setTimeout(() => this.#flush(), batchMs);
  }

  /** What is typed while no shell is there goes nowhere. */
  type(text: string): void {
    this.#joined?.write(Buffer.from(text));
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    // A shell that has just ended has no size.
    this.#joined?.resize(size).catch(() => {});
  }

  waitNoLonger(): void {
    this.#enough.abort();
  }

  [Symbol.dispose](): void {
    if (this.#timer) this.#flush();
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const note = this.#leftOut > 0 ? `\r\n[${this.#leftOut} characters came too fast to be shown]\r\n` : '';
    const text = note + this.#pending;
    this.#pending = '';
    this.#leftOut = 0;
    this.#tail = (this.#tail + text).slice(-keptTail);
    this.#say(text);
  }
}
