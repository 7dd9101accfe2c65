// Why the commands of an attack succeeded and its payload never ran: what the system says, else what is plain to see.

import type { EcsEvent } from '../../model/event.ts';
import type { CaseEvidence } from '../../model/evidence.ts';
import type { Schedule } from '../../model/inventory.ts';
import { isDaemonUnit } from '../../schedulers/index.ts';
import { diffInventory, keptSchedules, newSchedules } from '../../schedulers/inventory-diff.ts';
import { unitOfFile, waitsForClockChange } from '../../schedulers/systemd.ts';
import type { Attribution } from './attribution.ts';
import { inertReasons, reasonLines } from './inert-reasons.ts';
import { attemptedProgram } from './job-payload.ts';
import {
  endOf,
  goneFiles,
  putSchedules,
  type Scheduled,
  scheduledIn,
  skippedPayloads,
  wasTriggered,
} from './observe.ts';
import { subtree } from './process-tree.ts';
import { launchesAlike } from './scheduler.ts';
import { takenOver } from './taken-over.ts';
import { unreadTables } from './unread-tables.ts';

/**
 * The reasons for an inert attack, one line each; at least one.
 * @param attribution knows everything that the case has shown
 */
export function whyInert(
  evidence: CaseEvidence,
  events: readonly EcsEvent[],
  attribution: Attribution,
): string[] {
  const { before, scheduled } = evidence.inventory;
  const changes = diffInventory(before, scheduled);
  const added = newSchedules(changes);
  const unread = unreadTables(before, scheduled, events);
  const reasons = [...inertReasons(changes, events), ...unread];
  const known = [
    ...unreachedPayloads(attribution, scheduledIn(evidence)),
    ...skippedPayloads(attribution, scheduledIn(evidence)).map(
      ({ command, missed }) => `${oneLine(command)} was launched: ${missed.join('; ')}`,
    ),
    ...reasonLines(reasons.filter((reason) => !unread.includes(reason))),
    ...new Set(unread.map(({ because }) => because)),
    ...refusedPrograms(events, attribution, added),
  ];
  const dead = new Set(reasons.map(({ about }) => about));
  const removed = added.length === 0 ? removedAgain(evidence, events, attribution) : [];
  const kept = keptSchedules(before, changes);
  const taken = takenOver(attribution, 'attack', kept);
  const unscheduled =
    added.length + removed.length + taken.length === 0 ? unscheduledPlaces(evidence, attribution) : [];
  const pending = added
    .filter(({ id }) => !dead.has(id))
    .flatMap((schedule) => [
      whatIsScheduled(schedule, endOfWait(evidence)),
      ...(kept.some((old) => launchesAlike(old, schedule))
        ? [
            `${oneLine(schedule.command)} was scheduled before, too: nobody can tell whose job a launch of it is`,
          ]
        : []),
    ]);
  const overtaken = taken.map(
    ({ schedule, paths }) =>
      `${paths.join(', ')}: was written, and is run by what was scheduled before: ${whatIsScheduled(schedule, endOfWait(evidence))}`,
  );
  const zones = movedZones(evidence, added);
  const found = [...known, ...removed, ...unscheduled, ...pending, ...overtaken, ...zones];
  const isExplained =
    known.length + removed.length + unscheduled.length > 0 || pending.some((line) => line.startsWith(notDue));
  return isExplained ? found : [...launchedInVain(attribution, secondsWaited(evidence)), ...found];
}

/** That its jobs were launched and no payload of ours was seen, or that none was. */
function launchedInVain({ launches }: Attribution, seconds: number): string[] {
  const jobs = launches.filter(({ role, unit }) => role === 'attack' && unit === null);
  const commands = new Set(jobs.map(({ event }) => event.process?.command_line ?? ''));
  if (commands.size === 0) return [`nothing launched it within ${seconds} s`];
  return [...commands].map(
    (command) => `${oneLine(command)} was launched and did not come to its payload within ${seconds} s`,
  );
}

/**
 * Services of the attack that were started, but by no timer, or that did not come to what they are for. A daemon of
 * schedulers that it only starts anew is none.
 */
function unreachedPayloads(attribution: Attribution, scheduled: Scheduled): string[] {
  const own = new Set(attribution.writtenBy('attack').map(unitOfFile));
  const started = attribution.launches.flatMap((launch) =>
    launch.role === 'attack' && launch.unit !== null && (own.has(launch.unit) || !isDaemonUnit(launch.unit))
      ? [{ launch, unit: launch.unit }]
      : [],
  );
  const timed = started.filter(({ launch }) => wasTriggered(attribution, launch, scheduled.after));
  const lines = started.flatMap(({ launch, unit }) => {
    if (timed.some((one) => one.launch === launch)) {
      const { exitCode, shortfall } = endOf(attribution, launch, scheduled);
      return exitCode === null
        ? [`${unit} was launched and did not come to its payload while it was watched`]
        : [`${unit} was launched and exited ${exitCode} ${shortfall ?? 'without its payload'}`];
    }
    // A timer notes when it elapsed last: of one that recurs the launches before are its doing as well.
    if (timed.some((one) => one.unit === unit)) return [];
    const how = attribution.hasRequested(unit, 'attack') ? ' on request' : '';
    return [`${unit} was started${how}: no timer that activates it had elapsed`];
  });
  return [...new Set(lines)];
}

/** What a scheduler's job was about to execute when the kernel would not. */
function refusedPrograms(
  events: readonly EcsEvent[],
  attribution: Attribution,
  added: readonly Schedule[],
): string[] {
  const written = new Set(attribution.writtenBy('attack'));
  const isMeant = (path: string) =>
    written.has(path) || added.some(({ file, command }) => file === path || command.split(' ')[0] === path);
  const lines = events.flatMap((event) => {
    const path = attemptedProgram(event);
    const job = path !== undefined && isMeant(path) ? attribution.jobOf(event) : undefined;
    const { code = '' } = (event.error ?? {}) as { code?: string };
    return job ? [`${path}: ${job.scheduler} tried to run it and could not: ${refusals[code] ?? code}`] : [];
  });
  return [...new Set(lines)];
}

/** execve(2), for files that somebody wrote to be run. */
const refusals: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist, or its interpreter does not (ENOENT)',
  ENOEXEC: 'it is neither a program nor a script with an interpreter line (ENOEXEC)',
  EACCES: 'it may not be executed (EACCES)',
};

/** Where the attack, or the service manager on its behalf, took away what it had put there. */
function removedAgain(
  { inventory }: CaseEvidence,
  events: readonly EcsEvent[],
  attribution: Attribution,
): string[] {
  const gone = new Set(goneFiles(attribution, 'attack', inventory.scheduled));
  const removed = events.filter(
    (event) =>
      event.event.action === 'deletion' &&
      gone.has(event.file?.path ?? '') &&
      attribution.ownerOf(event) === 'attack',
  );
  return [...new Set(removed.map((event) => whyRemoved(event, attribution)))];
}

/** A daemon takes a job out of its spool when it runs it; anybody else undoes what the attack did. */
function whyRemoved(event: EcsEvent, attribution: Attribution): string {
  const path = event.file?.path ?? '';
  const job = attribution.jobOf(event);
  const started = job && [...subtree(job.root)].find(({ execs }) => execs.length > 0);
  if (!started) return `${path} was removed again before anything was launched`;
  const { userName, exitCode } = started;
  const end = exitCode === null ? 'had not ended' : `ended with exit code ${exitCode}`;
  return `${job.scheduler} launched what was spooled as ${userName}, and it ${end} without its payload`;
}

/** What it put where schedulers look, when nobody reads a schedule from it: a folder, a table without entries. */
const unscheduledPlaces = (
  { inventory: { before, scheduled } }: CaseEvidence,
  attribution: Attribution,
): string[] =>
  putSchedules(attribution, 'attack', before, scheduled).map(
    (path) => `${path}: no scheduler reads a schedule from it`,
  );

const notDue = 'not due ';

/** The service manager's clock is never moved: a timer whose time lies behind the wait could not be seen. */
function whatIsScheduled({ kind, when, nextRun, command, zone }: Schedule, end: number): string {
  const isTimer = kind === 'timer' || kind === 'user-timer';
  const what = `${when} ${oneLine(command)}`;
  if (isTimer && waitsForClockChange(when)) return `${notDue}until somebody changes the clock: ${what}`;
  if (nextRun === undefined) return `scheduled: ${what}`;
  return isTimer && Date.parse(nextRun) > end
    ? `${notDue}before ${nextRun}: ${what}`
    : `scheduled: ${what}, next run ${nextRun}${zone === undefined || isUtc(zone) ? '' : ` by ${zone}`}`;
}

const isUtc = (zone: string): boolean => /^(?:Etc\/)?UTC$/.test(zone);

/** What became of a daemon's zone in the attack, where what is pending is read by it. */
const movedZones = ({ inventory }: CaseEvidence, pending: readonly Schedule[]): string[] =>
  pending.some(({ zone }) => zone !== undefined)
    ? (inventory.scheduled.zones ?? [])
        .filter(({ because }) => inventory.before.zones?.every((before) => before.because !== because))
        .map(({ because }) => `zone: ${because}`)
    : [];

/** Milliseconds since the epoch, on the target's clock. */
function endOfWait({ steps, timings }: CaseEvidence): number {
  const attack = steps.findLast(({ role }) => role === 'attack');
  return attack ? Date.parse(attack.startedAt) + attack.ms + (timings.waitMs ?? 0) : 0;
}

const secondsWaited = ({ timings }: CaseEvidence): number => Math.round((timings.waitMs ?? 0) / 1000);

/** Jobs may be whole scripts: enough of one to recognise it. */
function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' · ');
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line;
}
const longestShown = 200;
