// Keeps what the sensors said, word for word, beside each case's events.

import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Target } from '../engine/ports.ts';
import type { SensorName } from '../model/event.ts';
import { writing } from './writing.ts';

export class RawRecorder {
  readonly #folders = new Map<string, RawFolder>();

  /** From now on the raw records of this target go into the folder. */
  attach({ id }: Pick<Target, 'id'>, folder: RawFolder): void {
    this.#folders.set(id, folder);
  }

  /** Where a sensor puts its lines; lines of a target that has no folder are dropped. */
  tap(sensor: SensorName): (target: Pick<Target, 'id'>, line: string) => void {
    return ({ id }, line) => this.#folders.get(id)?.write(sensor, line);
  }
}

/**
 * The raw records of one case, open as long as the case lives: a run may have more cases than a process may have files.
 */
export class RawFolder implements AsyncDisposable {
  readonly #path: string;
  readonly #streams = new Map<SensorName, WriteStream>();
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** What comes after the end of the case is dropped. */
  write(sensor: SensorName, line: string): void {
    if (!this.#closed) this.#stream(sensor).write(`${line}\n`);
  }

  /**
   * Everything is on disk when this resolves.
   * @throws AtomclockError `output/unwritable` for the first write that failed
   */
  async close(): Promise<void> {
    await writing(this.#path, () => Promise.all(this.#ended()));
  }

  /** Where the case failed, its own error is the one to tell. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#ended());
  }

  #ended(): Promise<void>[] {
    this.#closed = true;
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    return streams.map((stream) => finished(stream.end()));
  }

  #stream(sensor: SensorName): WriteStream {
    const open = this.#streams.get(sensor);
    if (open) return open;
    const stream = createWriteStream(join(this.#path, `${sensor}.ndjson`));
    // close() tells of it; without a listener it would end the process.
    stream.on('error', () => {});
    this.#streams.set(sensor, stream);
    return stream;
  }
}
