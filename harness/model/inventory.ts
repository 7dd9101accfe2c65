// What is scheduled in a target at one moment, and who may schedule: the Autoruns of Linux schedulers.

export const scheduleKinds = [
  'at',
  'crontab',
  'system-crontab',
  'run-parts',
  'anacron',
  'timer',
  'user-timer',
] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

export interface Schedule {
  kind: ScheduleKind;
  /** Stable between two inventories of one target: kind, owner and name or position. */
  id: string;
  /** Who the job runs as; null when the system has no such account or the entry does not say. */
  user: string | null;
  /** When, as the scheduler's own table says it: `* * * * *`, `@reboot`, `OnCalendar=hourly`, an ISO time for at. */
  when: string;
  /** What would run: the command line of the entry, the script's path, the service's ExecStart. */
  command: string;
  /** Where it is written down; null for a transient unit that has no file. */
  file: string | null;
  /** Line in `file`, from 1, for tables. */
  line?: number;
  /** For timers: the timer's own name and the unit it activates. */
  unit?: { timer: string; activates: string; active: boolean; transient: boolean };
  /** ISO 8601, UTC, where the scheduler tells. */
  nextRun?: string;
  lastRun?: string;
  /** Why the scheduler will never run it, in words that show the evidence; absent when it may run. */
  inert?: string;
}

/** A file that decides who or what is scheduled: unit, table, script, allow or deny list, linger flag. */
export interface ScheduleFile {
  path: string;
  mode: string;
  owner: string;
  /** Whole text of files up to 64 KiB, null for larger ones and for binary ones. */
  content: string | null;
  sha256: string;
  /** Set when the path is a symbolic link. */
  target?: string;
}

export interface Inventory {
  /** ISO 8601, UTC. */
  takenAt: string;
  schedules: Schedule[];
  files: ScheduleFile[];
  /** What could not be read, one sentence each. */
  problems: string[];
}

export const emptyInventory: Inventory = {
  takenAt: '1970-01-01T00:00:00Z',
  schedules: [],
  files: [],
  problems: [],
};
