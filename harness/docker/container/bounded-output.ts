// What a command prints, kept up to a limit: a hostile `yes` must not fill the harness's memory.

const limitBytes = 1024 * 1024;

/** One output stream of a command. */
export class BoundedOutput {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #dropped = 0;

  push(data: Buffer): void {
    const kept = data.subarray(0, limitBytes - this.#bytes);
    // A copy: the chunk's memory belongs to the socket's pool.
    if (kept.length > 0) this.#chunks.push(Buffer.from(kept));
    this.#bytes += kept.length;
    this.#dropped += data.length - kept.length;
  }

  /** The text, with a last line that says so when something was left out. */
  text(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    return this.#dropped === 0 ? text : `${text}\n[cut after 1 MiB: ${this.#dropped} more bytes]`;
  }
}
