// What became of each file that a step made: whether it was there at a given moment, and with which mode.

import type { EcsEvent } from '../../model/event.ts';

export interface FileState {
  /** ISO time of the event that shows it. */
  readonly since: string;
  readonly isThere: boolean;
  readonly isFolder: boolean;
  /** Permission bits; null while unknown. */
  readonly mode: number | null;
  readonly uid: string | null;
}

export class FileHistory {
  readonly #states = new Map<string, FileState[]>();

  /** Takes in what an event says of the file under one of its names. */
  note(path: string, event: EcsEvent): void {
    const last = this.latest(path);
    const { file } = event;
    this.put(path, {
      since: event['@timestamp'],
      isThere: event.event.action !== 'deletion',
      isFolder: file?.type === undefined ? (last?.isFolder ?? false) : file.type === 'dir',
      mode: modeOf(event) ?? last?.mode ?? null,
      uid: file?.uid ?? last?.uid ?? null,
    });
  }

  /** It is not there any more. */
  remove(path: string, since: string): void {
    const last = this.latest(path);
    if (last) this.put(path, { ...last, since, isThere: false });
  }

  latest(path: string): FileState | undefined {
    return this.#states.get(path)?.at(-1);
  }

  /** As it was at that time, ISO; undefined when nothing is known from before. */
  at(path: string, time: string): FileState | undefined {
    return this.#states.get(path)?.findLast(({ since }) => since <= time);
  }

  put(path: string, state: FileState): void {
    const states = this.#states.get(path);
    if (states) states.push(state);
    else this.#states.set(path, [state]);
  }
}

/** A change of mode tells what was asked for; other records tell what the file has. */
function modeOf({ event, file, atomclock }: EcsEvent): number | undefined {
  if (file?.type === 'symlink') return undefined;
  const asked = event.action === 'permissions' ? atomclock.requested_mode : undefined;
  const octal = typeof asked === 'string' ? asked : file?.mode;
  const mode = octal === undefined ? Number.NaN : Number.parseInt(octal, 8);
  return Number.isNaN(mode) ? undefined : mode & 0o7777;
}
