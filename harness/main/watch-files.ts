// Word of changes below paths that somebody edits: one for all that is written together.

import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AtomclockError, exitCodes } from '../model/errors.ts';

/** Editors write a file in several steps, and some of them another one that they rename. */
const settleMs = 30;

/**
 * Yields after each change, once what belongs together is there; changes while nobody asks are one.
 * @throws AtomclockError `watch/unwatchable`; the signal's reason when interrupted
 */
export async function* changesOf(paths: readonly string[], signal: AbortSignal): AsyncGenerator<void> {
  using watched = new Watched(paths);
  signal.addEventListener('abort', watched.wake, { once: true });
  for (;;) {
    signal.throwIfAborted();
    await watched.changed();
    signal.throwIfAborted();
    await wait(settleMs, undefined, { signal });
    watched.forget();
    yield;
  }
}

class Watched implements Disposable {
  readonly #paths: readonly string[];
  /** By folder. Node's own recursive watching loses a file that another is renamed onto. */
  readonly #watchers = new Map<string, FSWatcher>();
  #change = Promise.withResolvers<void>();
  #failure: Error | null = null;

  constructor(paths: readonly string[]) {
    this.#paths = paths.map((path) => resolve(path));
    this.#watch();
  }

  readonly wake = (): void => this.#change.resolve();

  async changed(): Promise<void> {
    await this.#change.promise;
    if (this.#failure) throw unwatchable(this.#failure);
  }

  /** What comes from here on is another change; folders that have come are watched from here on. */
  forget(): void {
    this.#change = Promise.withResolvers<void>();
    this.#watch();
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  #watch(): void {
    try {
      const folders = new Set(this.#paths.flatMap(foldersOf));
      for (const [folder, watcher] of this.#watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        this.#watchers.delete(folder);
      }
      for (const folder of folders) {
        if (this.#watchers.has(folder)) continue;
        const watcher = watch(folder, this.wake);
        watcher.on('error', (error) => {
          this.#failure = error;
          this.wake();
        });
        this.#watchers.set(folder, watcher);
      }
    } catch (cause) {
      throw unwatchable(cause);
    }
  }
}

/** A folder with those in it; of a file, or of one that is not there now, its own: what is renamed onto it is another file. */
function foldersOf(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [dirname(path)];
  const below = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const folders = below.map(({ parentPath, name }) => join(parentPath, name));
  return [path, ...folders.filter((folder) => !/[\\/](?:node_modules|\.git)(?:[\\/]|$)/.test(folder))];
}

const unwatchable = (cause: unknown): AtomclockError =>
  new AtomclockError(
    'watch/unwatchable',
    `cannot watch for changes: ${cause instanceof Error ? cause.message : cause}`,
    {
      exitCode: exitCodes.badInput,
      hint: 'Name files and folders that are there; where inotify is at its limit, raise fs.inotify.max_user_watches.',
      cause,
    },
  );
