// progress.ndjson in a run's folder: everything that was said while it ran, one event a line.

import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { RunEvent } from '../model/run-event.ts';
import { writing } from './writing.ts';

export const progressFile = 'progress.ndjson';

/** What is said before there is a folder waits for it. */
export class ProgressFile implements AsyncDisposable {
  #waiting: RunEvent[] = [];
  #path = progressFile;
  #stream: WriteStream | undefined;
  #closed = false;

  add(event: RunEvent): void {
    if (this.#stream === undefined) this.#waiting.push(event);
    else if (!this.#closed) this.#stream.write(`${JSON.stringify(event)}\n`);
  }

  /** From now on it is kept in this folder, which exists; after what an interrupted run has said there. */
  openIn(folder: string): void {
    this.#path = join(folder, progressFile);
    this.#stream = createWriteStream(this.#path, { flags: 'a' });
    // close() tells of it; without a listener it would end the process.
    this.#stream.on('error', () => {});
    for (const event of this.#waiting) this.add(event);
    this.#waiting = [];
  }

  /**
   * Everything is on disk when this resolves.
   * @throws AtomclockError `output/unwritable` for the first write that failed
   */
  async close(): Promise<void> {
    await writing(this.#path, () => this.#ended());
  }

  /** Where the run failed, its own error is the one to tell. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ended().catch(() => {});
  }

  async #ended(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#stream) await finished(this.#stream.end());
  }
}
