// What is scheduled in a target at one moment, and who may schedule: the Autoruns of Linux schedulers.

import { z } from 'zod';

const scheduleKinds = [
  'at',
  'crontab',
  'system-crontab',
  'run-parts',
  'anacron',
  'timer',
  'user-timer',
] as const;

export const scheduleSchema = z.strictObject({
  kind: z.enum(scheduleKinds),
  /** Stable between two inventories of one target: kind, owner and name or position. */
  id: z.string(),
  /** Who the job runs as; null when the system has no such account or the entry does not say. */
  user: z.string().nullable(),
  /** When, as the scheduler's own table says it: `* * * * *`, `@reboot`, `OnCalendar=hourly`, an ISO time for at. */
  when: z.string(),
  /** What would run: the command line of the entry, the script's path, the service's ExecStart. */
  command: z.string(),
  /** What the command gets as standard input, where the table says so (cron's `%`). */
  stdin: z.string().exactOptional(),
  /** Where it is written down; null for a transient unit that has no file. */
  file: z.string().nullable(),
  /** Line in `file`, from 1, for tables. */
  line: z.int().exactOptional(),
  /** For timers: the timer's own name and the unit it activates. */
  unit: z
    .strictObject({
      timer: z.string(),
      activates: z.string(),
      active: z.boolean(),
      transient: z.boolean(),
      /** What a start of that unit runs, in order; `main` is what it is for (ExecStart=), the others surround it. */
      programs: z.array(z.strictObject({ command: z.string(), main: z.boolean() })).exactOptional(),
      /** Services that are started with it or when it has ended; where there are any. */
      pulls: z.array(z.string()).exactOptional(),
      /** Files that its environment is read from. */
      reads: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
  /** For cron: the zone in which its daemon, or its table (cronie's CRON_TZ), reads `when`; where it is known. */
  zone: z.string().exactOptional(),
  /** For cron: what reads the table, where it is none whose clock can be moved. */
  daemon: z.enum(['busybox', 'systemd-cron']).exactOptional(),
  /** ISO 8601, UTC, where the scheduler tells. */
  nextRun: z.string().exactOptional(),
  lastRun: z.string().exactOptional(),
  /** How much later than `nextRun` the scheduler allows itself to be. */
  accuracyMs: z.number().exactOptional(),
  /** What the table sets for the job (`PATH`, `SHELL`), where it sets anything: it decides which program runs. */
  environment: z.record(z.string(), z.string()).exactOptional(),
  /** Why the scheduler will never run it, in words that show the evidence; absent when it may run. */
  inert: z.string().exactOptional(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** A file that decides who or what is scheduled: unit, table, script, allow or deny list, linger flag. */
const scheduleFileSchema = z.strictObject({
  path: z.string(),
  mode: z.string(),
  owner: z.string(),
  /** Whole text of files up to 64 KiB, null for larger ones and for binary ones. */
  content: z.string().nullable(),
  sha256: z.string(),
  /** Set when the path is a symbolic link. */
  target: z.string().exactOptional(),
  /** For cron's tables, by which cron sees that they changed: ISO 8601, UTC. */
  mtime: z.string().exactOptional(),
});
export type ScheduleFile = z.infer<typeof scheduleFileSchema>;

/** A folder of cron's tables, by whose time of modification cron sees that it changed. */
const tableFolderSchema = z.strictObject({
  path: z.string(),
  /** ISO 8601, UTC. */
  mtime: z.string(),
});

/** In which zone a scheduler's daemon reads its tables, and how that is known. */
const schedulerZoneSchema = z.strictObject({
  scheduler: z.enum(['cron']),
  /** `Europe/Berlin`, a TZ string, or the offset where nothing else is known. */
  name: z.string(),
  /** Minutes east of UTC when the inventory was taken. */
  offsetMinutes: z.number(),
  isDst: z.boolean(),
  /** One sentence: what the zone was taken from, and what the daemon makes of a change. */
  because: z.string(),
  /** The running daemon; absent where none runs. */
  daemon: z.strictObject({ pid: z.int(), startedAt: z.string() }).exactOptional(),
});
export type SchedulerZone = z.infer<typeof schedulerZoneSchema>;

export const inventorySchema = z.strictObject({
  /** ISO 8601, UTC. */
  takenAt: z.string(),
  schedules: z.array(scheduleSchema),
  files: z.array(scheduleFileSchema),
  /** Absent in inventories taken before this was recorded. */
  folders: z.array(tableFolderSchema).exactOptional(),
  zones: z.array(schedulerZoneSchema).exactOptional(),
  /** Programs under other names: files whose content is that of a scheduler's daemon; where any were looked for and found. */
  copies: z.array(z.strictObject({ path: z.string(), program: z.string() })).exactOptional(),
  /** What could not be read, one sentence each. */
  problems: z.array(z.string()),
});
export type ProgramCopy = NonNullable<Inventory['copies']>[number];
export type Inventory = z.infer<typeof inventorySchema>;

export const emptyInventory: Inventory = {
  takenAt: '1970-01-01T00:00:00Z',
  schedules: [],
  files: [],
  problems: [],
};
