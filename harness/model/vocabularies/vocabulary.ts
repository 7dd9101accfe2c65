// What a sensor can tell, as data: which events, in which fields. Rules, lint and judging ask it, none of them a sensor's
// name.

import type { SensorName } from '../event.ts';
import type { Schedule } from '../inventory.ts';

export interface Vocabulary {
  readonly sensor: SensorName;
  /** `event.category` → the `event.action` of its events; events without a category stand under the empty name. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  /** Categories with further actions, named by what is watched: a system call, a type of record, a daemon's own word. */
  readonly furtherActionsIn?: readonly string[];
  /** Dotted names of the fields that its events can have. */
  readonly fields: readonly string[];
  /** Beginnings of names (`auditd.`): what is below is for the watched system to choose. */
  readonly families: readonly string[];
  /** Fields that have one of these values in all its events: by them its events are told from those of others. */
  readonly values: Readonly<Record<string, readonly (string | number)[]>>;
  readonly sees: Sight;
  /** Why no case of a bundled target has events of its; left out where some have. */
  readonly elsewhere?: string;
}

/** What may be concluded from what a sensor does not tell. */
export interface Sight {
  /**
   * `all`: every process, with who started whom. Only then is it known whose an event is, and that there was no launch.
   * `some`: those that it is told to look at.
   */
  readonly processes: 'all' | 'some' | 'none';
  /** `all`, `some`: changes as they are made. `left`: what is different after cleanup. */
  readonly files: 'all' | 'some' | 'left' | 'none';
  /** Kinds of schedules of whose every launch it tells what was launched. */
  readonly launches: readonly Schedule['kind'][];
}
