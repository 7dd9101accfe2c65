// Why a job that was scheduled will never run, in the words of the system itself.

import type { EcsEvent } from '../../model/event.ts';
import type { Schedule } from '../../model/inventory.ts';
import { isSameJob } from '../../schedulers/at.ts';
import { userTableOwner } from '../../schedulers/cron.ts';
import { type SchedulerName, schedulerAskingAs, schedulerFor } from '../../schedulers/index.ts';
import { type InventoryChange, newSchedules } from '../../schedulers/inventory-diff.ts';

export interface InertReason {
  /** The schedule's id, or the file's path where no schedule could be read from it. */
  readonly about: string;
  /** What a reader is shown of it: the file, or the command where there is none. */
  readonly subject: string;
  /** The evidence: a log line, or what the inventory saw. */
  readonly because: string;
}

/** Every reason that is known, for each schedule and file that it is about. */
export const inertReasons = (
  changes: readonly InventoryChange[],
  events: readonly EcsEvent[],
): InertReason[] => [...fromInventory(newSchedules(changes)), ...inertReasonsFromJournal(events, changes)];

/** Reasons as a reader wants them, each once: one line of a log may be about many entries of a table. */
export const reasonLines = (reasons: readonly InertReason[]): string[] => [
  ...new Set(reasons.map(({ subject, because }) => `${subject}: ${because}`)),
];

/** Whether nothing that was scheduled can ever run, as far as is known. */
export function isHopeless(changes: readonly InventoryChange[], reasons: readonly InertReason[]): boolean {
  const dead = new Set(reasons.map(({ about }) => about));
  const schedules = newSchedules(changes);
  return schedules.length > 0 && schedules.every(({ id, inert }) => inert !== undefined || dead.has(id));
}

const fromInventory = (schedules: readonly Schedule[]): InertReason[] =>
  schedules.flatMap(({ id, inert, file, command }) =>
    inert === undefined ? [] : [{ about: id, subject: file ?? command, because: inert }],
  );

/**
 * Links the refusals in a journal to the schedules and files that are new or changed.
 * A line belongs to a schedule when it names its table, its user's table, its at job or its unit.
 */
export function inertReasonsFromJournal(
  events: readonly EcsEvent[],
  changes: readonly InventoryChange[],
): InertReason[] {
  const reasons = new Map<string, InertReason>();
  for (const event of events) {
    const subjects = refusedSubjects(event);
    if (subjects.length === 0) continue;
    for (const change of changes) {
      if (change.change === 'removed' || !subjects.some((subject) => concerns(subject, change))) continue;
      const about = change.subject === 'schedule' ? change.after.id : change.after.path;
      const subject = change.subject === 'schedule' ? (change.after.file ?? change.after.command) : about;
      const because = event.message ?? '';
      // Cron says the same thing with every reload.
      reasons.set(`${about}\n${because}`, { about, subject, because });
    }
  }
  return [...reasons.values()];
}

/**
 * Without what cron said of a table that was changed after that: it may have looked between two steps of one writing, and
 * its next look is about what is there now. So is what it said of an account that it did not find, once accounts changed,
 * and what the service manager said of a unit that it has started since.
 */
export function withoutOutdated(events: readonly EcsEvent[]): readonly EcsEvent[] {
  const refusals = events.filter(
    (event) => refusedTable(event) ?? deniedAccount(event) ?? refusedUnit(event),
  );
  if (refusals.length === 0) return events;
  const changes = events.filter(
    ({ event, file }) =>
      (file?.path !== undefined && changing.has(event.action ?? '')) || event.action === 'unit-started',
  );
  const outdated = new Set(
    refusals.filter((refusal) =>
      changes.some((change) => change['@timestamp'] > refusal['@timestamp'] && isOverruled(refusal, change)),
    ),
  );
  return outdated.size === 0 ? events : events.filter((event) => !outdated.has(event));
}

const changing: ReadonlySet<string> = new Set([
  'creation',
  'modification',
  'close',
  'rename',
  'permissions',
  'ownership',
]);

/** Whether what a refusal says may be another with what is at the path now, or is another of a unit that has started. */
function isOverruled(refusal: EcsEvent, { file, atomclock }: EcsEvent): boolean {
  const unit = refusedUnit(refusal);
  if (unit !== undefined)
    return file === undefined && unit === (atomclock.job as JobRecord | undefined)?.unit;
  const path = file?.path;
  return (
    path !== undefined &&
    (refusedTable(refusal)?.(path) === true ||
      (refusal.event.action === 'cron-orphan' && path === accounts) ||
      (deniedAccount(refusal) !== undefined && decidesOnAccounts.test(path)))
  );
}

/** What PAM's modules ask of an account. @source pam(7), pam_unix(8), pam_access(8), pam_time(8) */
const decidesOnAccounts = /^\/etc\/(?:passwd|shadow|group|pam\.conf|pam\.d\/.*|security\/.*)$/;

/** passwd(5): where cron looks up whose table it has. */
const accounts = '/etc/passwd';

/** Whether a path is that of the table which cron refuses; undefined where it refuses none. */
function refusedTable(event: EcsEvent): ((path: string) => boolean) | undefined {
  const subjects = refusedSubjects(event).filter(({ kind }) => kind === 'path' || kind === 'crontab');
  if (subjects.length === 0) return undefined;
  return (path) =>
    subjects.some((subject) =>
      subject.kind === 'crontab'
        ? userTableOwner(path) === subject.owner
        : subject.kind === 'path' && subject.path === path,
    );
}

/** The unit that its manager would not start. */
const refusedUnit = (event: EcsEvent): string | undefined =>
  refusedSubjects(event).find((subject) => subject.kind === 'unit')?.name;

/** What a refusing line names. */
type Subject =
  | { readonly kind: 'path'; readonly path: string }
  /** A user's crontab, which cron names by its owner. */
  | { readonly kind: 'crontab'; readonly owner: string }
  /** A job in at's spool, by its file name. */
  | { readonly kind: 'at'; readonly name: string }
  | { readonly kind: 'unit'; readonly name: string }
  /** Whoever's jobs PAM does not let a daemon run. */
  | { readonly kind: 'account'; readonly scheduler: SchedulerName; readonly user: string };

interface JobRecord {
  scheduler?: unknown;
  verb?: unknown;
  user?: unknown;
  file?: unknown;
  unit?: unknown;
}

function refusedSubjects(event: EcsEvent): Subject[] {
  const denied = deniedAccount(event);
  if (denied) return [denied];
  const job = event.atomclock.job as JobRecord | undefined;
  // Whom the client turns away has no table by it; one that is there was put there by other means, and the daemon reads it.
  if (event.event.outcome !== 'failure' || event.event.action === 'crontab-denied' || !job) return [];
  const subjects: Subject[] = [];
  if (typeof job.file === 'string')
    subjects.push(job.scheduler === 'at' ? { kind: 'at', name: job.file } : { kind: 'path', path: job.file });
  if (job.scheduler === 'cron' && typeof job.user === 'string')
    subjects.push({ kind: 'crontab', owner: job.user });
  if (typeof job.unit === 'string') subjects.push({ kind: 'unit', name: job.unit });
  return subjects;
}

/** The account that PAM denies to a scheduler's daemon: a client that asks for somebody runs no job. */
function deniedAccount({ event, process, user, pam }: EcsEvent): Subject | undefined {
  const { service = '' } = (pam ?? {}) as { service?: string };
  if (event.action !== 'access-denied' || user?.name === undefined || process?.name === 'crontab')
    return undefined;
  const scheduler = schedulerAskingAs(service);
  return scheduler && { kind: 'account', scheduler, user: user.name };
}

function concerns(subject: Subject, change: Exclude<InventoryChange, { change: 'removed' }>): boolean {
  const path = change.subject === 'file' ? change.after.path : change.after.file;
  switch (subject.kind) {
    case 'path':
      return path === subject.path;
    case 'crontab':
      return path !== null && userTableOwner(path) === subject.owner;
    case 'at':
      return path !== null && isSameJob(path.slice(path.lastIndexOf('/') + 1), subject.name);
    case 'account':
      return (
        change.subject === 'schedule' &&
        change.after.user === subject.user &&
        schedulerFor(change.after).name === subject.scheduler
      );
    case 'unit':
      return (
        change.subject === 'schedule' &&
        (change.after.unit?.timer === subject.name || change.after.unit?.activates === subject.name)
      );
  }
}
