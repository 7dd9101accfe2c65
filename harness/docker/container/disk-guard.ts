// Ends a target that fills the disk of the engine's machine, on which all other targets live: no engine limits what a
// container writes to its own layer on every file system.

import { setTimeout } from 'node:timers/promises';
import type { Container, ContainerInspectInfo, ContainerInspectOptions } from 'dockerode';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { ignoreMissing } from '../host/status.ts';

interface Guarded {
  readonly id: string;
  /** What it has written to its own layer, in bytes. */
  written(): Promise<number>;
  kill(): Promise<unknown>;
}

/** Guards a container until what is given back is disposed of. */
export const guardDisk = (container: Container, limitMiB: number): DiskGuard =>
  new DiskGuard(
    {
      id: container.id,
      written: async () => sizeIn(await container.inspect({ size: true } as ContainerInspectOptions)),
      kill: () => container.kill().catch(ignoreMissing),
    },
    limitMiB,
  );

/** @source Docker Engine API, ContainerInspect with `size` */
const sizeIn = (info: ContainerInspectInfo & { SizeRw?: number }): number => info.SizeRw ?? 0;

export class DiskGuard implements Disposable {
  /** Why the target was ended; null where it was not. */
  reason: AtomclockError | null = null;
  readonly #over = new AbortController();

  /**
   * Looks until it is disposed of.
   * @param limitMiB what the container may write to its own layer
   */
  constructor(container: Guarded, limitMiB: number, everyMs: number = lookMs) {
    // What cannot be looked at cannot be guarded: that a target is gone is for whoever uses it to say.
    void this.#guard(container, limitMiB, everyMs).catch(() => {});
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }

  async #guard(container: Guarded, limitMiB: number, everyMs: number): Promise<void> {
    const { signal } = this.#over;
    for (;;) {
      // What grows tells nobody: there is nothing to wait for but the next look.
      await setTimeout(everyMs, undefined, { signal, ref: false });
      const written = await container.written();
      signal.throwIfAborted();
      if (written <= limitMiB * mebibyte) continue;
      this.reason = new AtomclockError(
        'lab/target-full',
        `target ${container.id.slice(0, 12)} was ended: it had written ${Math.round(written / mebibyte)} MiB to its disk, of ${limitMiB} that it may`,
        { exitCode: exitCodes.labUnavailable },
      );
      await container.kill();
      return;
    }
  }
}

const mebibyte = 1024 * 1024;
/** A fast disk takes a few hundred MiB a second: what is written until the next look must do no harm. */
const lookMs = 4_000;
