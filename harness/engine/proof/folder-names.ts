// Under which names a file can be reached: links, mounts and renames of whole folders give new ones to all that is below.

import { posix } from 'node:path';
import type { EcsEvent } from '../../model/event.ts';

/** A folder or file that is now found under another name, and with it everything below. */
export interface NewName {
  readonly from: string;
  readonly to: string;
  /** Whether nothing is left under the old name. */
  readonly isMove: boolean;
}

export class FolderNames {
  /** Links and mountpoints, with the absolute path at which what they show lies. */
  readonly #shown = new Map<string, string>();

  /**
   * Takes in a file event.
   * @returns what it has given new names to, at once: of an exchange both
   */
  observe({ event, file, atomclock }: EcsEvent): readonly NewName[] {
    if (!file) return [];
    const { path, target_path: target } = file;
    if (path === undefined) return [];
    switch (event.action) {
      case 'creation':
        if (target === undefined) this.#shown.delete(path);
        return target === undefined ? [] : this.#show(path, posix.resolve(posix.dirname(path), target));
      case 'mount': {
        const { source } = (atomclock.mount ?? {}) as { source?: unknown };
        return typeof source === 'string' && source.startsWith('/') ? this.#show(path, source) : [];
      }
      case 'umount':
      case 'deletion':
        this.#shown.delete(path);
        return [];
      case 'rename': {
        const from = file.Ext?.original?.path;
        return from === undefined ? [] : this.#rename(from, path, atomclock.exchange === true);
      }
      default:
        return [];
    }
  }

  /** Every name under which what is at the path can be reached; the path itself first. */
  namesOf(path: string): string[] {
    const names = new Set([path]);
    for (const name of names) {
      for (const [at, from] of this.#shown) {
        for (const other of [moved(name, at, from), moved(name, from, at)])
          if (other !== undefined && names.size < mostNames) names.add(other);
      }
    }
    return [...names];
  }

  /** The same for a name itself: a link is not what it shows, but is to be found in its folder under every name of that. */
  entriesOf(path: string): string[] {
    const name = posix.basename(path);
    return this.namesOf(posix.dirname(path)).map((folder) => posix.join(folder, name));
  }

  #show(at: string, from: string): NewName[] {
    if (from === at || /^\/(?:dev|proc|sys)(?:\/|$)/.test(from)) return [];
    this.#shown.set(at, from);
    return [{ from, to: at, isMove: false }];
  }

  /** Links and mountpoints that are moved go on showing the same, under another name. */
  #rename(from: string, to: string, isExchange: boolean): NewName[] {
    const news = [{ from, to, isMove: true }, ...(isExchange ? [{ from: to, to: from, isMove: true }] : [])];
    if (!isExchange) this.#shown.delete(to);
    const carried = [...this.#shown].flatMap(([at, shown]) => {
      const there = news.map((name) => moved(at, name.from, name.to)).find((path) => path !== undefined);
      return there === undefined ? [] : [{ at, there, shown }];
    });
    for (const { at } of carried) this.#shown.delete(at);
    return [...news, ...carried.flatMap(({ there, shown }) => this.#show(there, shown))];
  }
}

/** Links that lead to each other may name a file without end. */
const mostNames = 16;

/** The path with one folder's name put for another's; undefined where it is not that folder nor below it. */
export function moved(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(from.endsWith('/') ? from : `${from}/`)
    ? posix.join(to, path.slice(from.length))
    : undefined;
}
