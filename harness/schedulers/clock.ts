// The lever on a scheduler's clock in a bundled target: how long a job is waited for, and what moves it nearer.

import type { Schedule } from '../model/inventory.ts';

/** `fast`: cron's daemon, and it alone, lives on a faster clock, and clocks may be moved. */
export type Clock = 'fast' | 'real';

/** Where a scheduler's clock is moved to. */
export type ClockJump =
  /** An ISO time; `boot`: cron believes that the machine has just booted. */
  | { scheduler: 'cron' | 'atd'; to: string }
  /** Anacron runs as on a day on which every job of its is due. */
  | { scheduler: 'anacron'; to: 'tomorrow' };

/** A file that a target has before it boots: root's, nobody else reads it. */
export interface BootFile {
  readonly path: string;
  readonly content: string;
}

export interface ClockLever {
  /** Milliseconds until a job is launched, if it ever is; `nowMs` is since the epoch, on the target's clock. */
  dueIn(schedule: Schedule, clock: Clock, nowMs: number): number;
  /** Whether the fast clock may have passed a job's next run already, and does not come to another one soon. */
  mayBeMissed?(schedule: Schedule): boolean;
  /** The move that brings a job about; null where none does. */
  jumpFor(schedule: Schedule): ClockJump | null;
  /** The move that makes the daemon look for a job that is due and is not launched; absent where it looks by itself. */
  nudge?(nowMs: number): ClockJump;
  /** Whether a job waits for something of the machine's besides its time, which a nudge takes out of its way. */
  isHeldUp?(schedule: Schedule): boolean;
  /** What is set before the target boots. */
  bootFiles?(clock: Clock, now: Date): BootFile[];
  /** Shell lines, for root in the target and `set -e`, that move the clock; absent where nothing can move it. */
  moveTo?(to: string, nowMs: number): string[];
}

export const untilNext = ({ nextRun }: Schedule, nowMs: number): number =>
  nextRun === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Date.parse(nextRun) - nowMs);

/** The environment file that a scheduler's unit reads in a bundled target (containers/target). */
export const environmentFile = (name: 'cron' | 'atd' | 'anacron'): string => `/etc/atomclock/${name}.env`;

/**
 * The settings of libfaketime.
 * @param speed how many seconds pass in one; 1 unless given
 */
export const faketime = (offsetSeconds: number, speed = 1): string =>
  `LD_PRELOAD=/usr/lib/atomclock/libfaketime.so.1\nFAKETIME=${signed(offsetSeconds)}${speed === 1 ? '' : ` x${speed}`}\n`;

/** libfaketime takes an offset without its sign for a date. */
const signed = (seconds: number): string => (seconds < 0 ? `${seconds}` : `+${seconds}`);

export const secondsUntil = (iso: string, nowMs: number): number =>
  Math.ceil((Date.parse(iso) - nowMs) / 1000);

/** Writes a text that is given by its lines to a file; it holds no quotes. */
export const writeText = (path: string, text: string): string =>
  `printf '%s\\n' ${text
    .trimEnd()
    .split('\n')
    .map((line) => `'${line}'`)
    .join(' ')} >${path}`;

/**
 * Sets `unit` to the first of these service units that is so, and ends the script where none is: only a daemon that runs is
 * restarted, and only what would start with a machine is started. An attack may have stopped, disabled or masked it,
 * and then nothing is launched, as on any other machine.
 */
export const requireUnit = (units: readonly string[], is: 'is-active' | 'is-enabled'): string =>
  `unit=
for name in ${units.join(' ')}; do
  if systemctl ${is} --quiet "$name" 2>/dev/null; then unit=$name; break; fi
done
[ -n "$unit" ] || exit 0`;
