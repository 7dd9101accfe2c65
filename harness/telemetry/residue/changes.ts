// What differs between two footprints, without the noise: the files that an attack and its cleanup left different.

import type { Footprint, Trace } from './footprint.ts';
import { isInInventory, isNoise } from './noise.ts';

export interface FileChange {
  readonly change: 'added' | 'changed' | 'removed';
  readonly path: string;
  /** As it is now; absent for what is gone. */
  readonly trace?: Trace;
}

/** Changes by path. Folders count when they are new, gone, or somebody else's; not when something in them changed. */
export function footprintChanges(before: Footprint, after: Footprint): FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, trace] of after) {
    const old = before.get(path);
    if (!old) changes.push({ change: 'added', path, trace });
    else if (identity(old) !== identity(trace)) changes.push({ change: 'changed', path, trace });
  }
  for (const path of before.keys()) if (!after.has(path)) changes.push({ change: 'removed', path });
  return changes
    .filter(({ path }) => !isNoise(path) && !isInInventory(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const identity = ({ type, mode, uid, size, changed }: Trace): string =>
  type === 'd' ? `${type} ${mode} ${uid}` : `${type} ${mode} ${uid} ${size} ${changed}`;
