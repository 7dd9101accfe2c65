// Keeps what the sensors said, word for word, beside each case's events.

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../engine/ports.ts';
import type { SensorName } from '../model/event.ts';

export class RawRecorder {
  readonly #folders = new Map<string, string>();
  readonly #streams = new Map<string, WriteStream>();

  /** From now on the raw records of this target go into the folder. */
  attach({ id }: Pick<Target, 'id'>, folder: string): void {
    this.#folders.set(id, folder);
  }

  /** Where a sensor puts its lines; lines of a target that has no folder are dropped. */
  tap(sensor: SensorName): (target: Pick<Target, 'id'>, line: string) => void {
    return ({ id }, line) => {
      const folder = this.#folders.get(id);
      if (folder === undefined) return;
      this.#stream(join(folder, `${sensor}.ndjson`)).write(`${line}\n`);
    };
  }

  /** Everything is on disk when this resolves; rejects with the first write that failed. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#streams.values()].map(async (stream) => {
        stream.end();
        await once(stream, 'finish');
      }),
    );
    this.#streams.clear();
    this.#folders.clear();
  }

  #stream(file: string): WriteStream {
    const open = this.#streams.get(file) ?? createWriteStream(file);
    this.#streams.set(file, open);
    return open;
  }
}
