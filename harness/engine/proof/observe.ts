// What happened in a case, without opinion: did the real scheduler launch the payload, and what shows it.

import type { EcsEvent } from '../../model/event.ts';
import type { CaseEvidence } from '../../model/evidence.ts';
import type { Observation } from '../../model/expectation.ts';
import type { Inventory, Schedule, ScheduleFile } from '../../model/inventory.ts';
import type { Proof } from '../../model/run-record.ts';
import { isMadeOfEntry } from '../../schedulers/cron.ts';
import { isSchedulePlace, placeOf } from '../../schedulers/index.ts';
import { diffInventory, keptSchedules, newSchedules } from '../../schedulers/inventory-diff.ts';
import type { Attribution, Launch, Payload } from './attribution.ts';
import { isProgram, type JobEnd, jobEnd, type Program, ran, startOf } from './job-end.ts';
import { type PayloadRun, payloadRun } from './job-payload.ts';
import { isQuestion, programName } from './launcher.ts';
import { lineage } from './process-tree.ts';
import { launchesAlike } from './scheduler.ts';
import { takenOver } from './taken-over.ts';
import { refusalsIn } from './terminal-refusals.ts';

/**
 * What a step of this role put where schedulers look, and what may schedule something by that: a mode or an owner that
 * was set, a content that was written again and a table without new entries schedule nothing.
 * @param after an inventory in which nothing new is scheduled
 */
export function putSchedules(
  attribution: Attribution,
  role: Payload['role'],
  before: Inventory,
  after: Inventory,
): string[] {
  const old = filesByPath(before);
  const now = filesByPath(after);
  return attribution.putBy(role).filter((path) => {
    if (!isSchedulePlace(path)) return false;
    const [was, is] = [old.get(path), now.get(path)];
    if (!was) return true;
    if (!is || (was.sha256 === is.sha256 && was.target === is.target)) return false;
    // A table and a script are read anew by whoever runs them, a unit only when its manager is told to.
    return !['table', 'job', 'script'].includes(placeOf(path)?.role ?? '');
  });
}

const filesByPath = ({ files }: Inventory): Map<string, ScheduleFile> =>
  new Map(files.map((file) => [file.path, file]));

/** What a step of this role put there and is there no more: it was taken away again, or it has run. */
export function goneFiles(attribution: Attribution, role: Payload['role'], after: Inventory): string[] {
  const left = new Set(after.files.map(({ path }) => path));
  return attribution.writtenBy(role).filter((path) => isSchedulePlace(path) && !left.has(path));
}

/** What was scheduled: before the attack, and by it. */
export interface Scheduled {
  before: readonly Schedule[];
  after: readonly Schedule[];
}

/** What a case scheduled, by its attack or while legitimate use was tried. */
export const scheduledIn = (
  { inventory }: CaseEvidence,
  later: 'scheduled' | 'legitimate' = 'scheduled',
): Scheduled => ({
  before: inventory.before.schedules,
  after: inventory[later].schedules,
});

/** The launch that proves execution; null while there is none. */
export function findProof(attribution: Attribution, payload: Payload, scheduled: Scheduled): Proof | null {
  const launch = provingLaunch(attribution, payload, scheduled);
  if (!launch) return null;
  const { event, job, by } = launch;
  const node = attribution.tree.get(event.process?.entity_id ?? '');
  const root = attribution.rootOf(payload.role);
  return {
    eventId: event.event.id,
    executable: event.process?.executable ?? '',
    commandLine: event.process?.command_line ?? '',
    user: event.process?.user?.name ?? event.process?.user?.id ?? '',
    lineage: [...(node ? lineage(node) : [])]
      .map(({ executable }) => executable)
      .filter((path) => path !== ''),
    scheduler: job.scheduler,
    by,
    latencyMs: root ? millisBetween(root['@timestamp'], event['@timestamp']) : 0,
    exitCode: endOf(attribution, launch, scheduled).exitCode,
  };
}

/** How the job of a launch ended, and what its failure kept from running. */
export const endOf = (attribution: Attribution, launch: Launch, { after }: Scheduled): JobEnd =>
  jobEnd(attribution, launch, recognised(attribution, launch, programsOf(launch, after)));

function provingLaunch(
  attribution: Attribution,
  payload: Payload,
  { before, after }: Scheduled,
): Launch | undefined {
  const candidates = attribution.launches.filter(
    (launch) =>
      launch.role === payload.role &&
      launch.nonce === payload.nonce &&
      wasTriggered(attribution, launch, after),
  );
  const added = after.filter(({ id }) => !before.some((old) => old.id === id));
  const isPayload = (launch: Launch): boolean =>
    launch.nonce === null
      ? isForeignPayload(attribution, launch, { before, after }) && payloadRun(attribution, launch, added).ran
      : attribution.hasMade(launch.nonce, launch.role);
  return (
    candidates.find(isPayloadItself) ??
    candidates.find((launch) => !isStandIn(launch) && isPayload(launch)) ??
    candidates.find(isPayload)
  );
}

/** A unit must have a program: one that only looks or waits is there for what surrounds it, or for what follows it. */
const onlyLooks = (words: readonly string[]): boolean => isQuestion(programName(words));

const isStandIn = ({ unit, event }: Launch): boolean => unit !== null && onlyLooks(event.process?.args ?? []);

/** Units of the attack that follow the one of a launch that only looks or waits, and have not been launched. */
export function unitsToFollow(attribution: Attribution, launch: Launch, { after }: Scheduled): string[] {
  if (!isStandIn(launch)) return [];
  const units = after
    .filter((schedule) => activates(schedule, launch))
    .flatMap(({ unit }) => unit?.pulls ?? []);
  return units.filter(
    (unit) =>
      attribution.ownsUnit(unit, launch.role) && !attribution.launches.some((other) => other.unit === unit),
  );
}

/** What was launched for the attack and did not run what it was to run: once for each command. */
export function skippedPayloads(attribution: Attribution, { before, after }: Scheduled): PayloadRun[] {
  const added = after.filter(({ id }) => !before.some((old) => old.id === id));
  const runs = attribution.launches
    .filter(({ role }) => role === 'attack')
    .map((launch) => payloadRun(attribution, launch, added))
    .filter(({ missed }) => missed.length > 0);
  return [...new Map(runs.map((run) => [JSON.stringify(run), run])).values()];
}

/**
 * Whether all of these schedules were launched, and each of those jobs has ended without running what it was to run:
 * to wait for another launch is to wait for the same.
 */
export function wereSkipped(
  attribution: Attribution,
  role: Payload['role'],
  schedules: readonly Schedule[],
  { before, after }: Scheduled,
): boolean {
  const added = after.filter(({ id }) => !before.some((old) => old.id === id));
  const skipped = attribution.launches
    .filter((launch) => launch.role === role && launch.job.root.endedAt !== null)
    .map((launch) => ({ launch, run: payloadRun(attribution, launch, added) }))
    .filter(({ run }) => !run.ran);
  return (
    schedules.length > 0 &&
    schedules.every((schedule) =>
      skipped.some(({ launch, run }) =>
        launchesAlike(schedule, { command: run.command, user: launch.event.process?.user?.name ?? null }),
      ),
    )
  );
}

/** The marker's own process rather than the shell that was told to run it. */
const isPayloadItself = ({ event, nonce }: Launch): boolean =>
  nonce !== null && !(event.process?.args ?? []).some((arg) => arg.includes(nonce) && arg.includes(' '));

/**
 * Of a unit's programs it is one that was not run before the attack; what the unit is for, not what surrounds that, unless
 * what it is for does nothing.
 */
function isForeignPayload(attribution: Attribution, launch: Launch, { before, after }: Scheduled): boolean {
  const old = programsOf(launch, before);
  const added = recognised(attribution, launch, programsOf(launch, after)).filter(
    ({ command }) => !old.some((program) => program.command === command),
  );
  const acting = added.filter(({ command }) => !onlyLooks(command.split(' ')));
  const [payload] = [
    ...acting.filter(({ main }) => main),
    ...acting,
    ...added.filter(({ main }) => main),
    ...added,
  ];
  return payload === undefined || isProgram(launch.event, payload);
}

/** Nothing is known of a unit's programs where none that ran is one of them, as its manager shows them. */
const recognised = (
  attribution: Attribution,
  launch: Launch,
  programs: readonly Program[],
): readonly Program[] =>
  startOf(attribution, launch).some((node) => programs.some((program) => ran(node, program))) ? programs : [];

const programsOf = (launch: Launch, schedules: readonly Schedule[]): readonly Program[] =>
  schedules.find((schedule) => activates(schedule, launch))?.unit?.programs ?? [];

/**
 * Whether a scheduler's clock launched it: cron and atd do nothing else, but the service manager also starts
 * services on request, so a timer that activates the unit must have elapsed by then, and since the step began.
 */
export function wasTriggered(
  attribution: Attribution,
  launch: Launch,
  schedules: readonly Schedule[],
): boolean {
  const { job, unit, event, role } = launch;
  if (job.scheduler !== 'systemd') return true;
  const timers = schedules.filter((schedule) => activates(schedule, launch) || pulls(schedule, launch));
  // A timer may be gone before anybody could list it: then it did elapse, unless somebody asked for the service. A job of
  // systemd-cron that takes its table away takes its timer along, and the entry says when that was due.
  if (timers.length === 0) {
    if (unit === null || attribution.hasRequested(unit, role)) return false;
    const entries = schedules.filter((schedule) => isMadeOfEntry(schedule, unit));
    return entries.length > 0
      ? entries.some((entry) => isDue(entry, event))
      : attribution.ownsUnit(unit.replace(/\.service$/, '.timer'), role);
  }
  const began = Date.parse(attribution.rootOf(role)?.['@timestamp'] ?? '') || 0;
  return timers.some(({ lastRun, unit: timer }) => {
    if (!lastRun) return timer?.transient === true;
    // The manager notes the time just before it forks; a second covers its rounding. A time from before the step is
    // another run's, or a stamp that was put there.
    const elapsed = Date.parse(lastRun) - 1000;
    return Date.parse(event['@timestamp']) >= elapsed && elapsed >= began - 2000;
  });
}

const isDue = ({ nextRun }: Schedule, event: EcsEvent): boolean =>
  nextRun !== undefined && Date.parse(nextRun) - 1000 <= Date.parse(event['@timestamp']);

/** Whether a schedule is a timer for what was launched. */
const activates = (schedule: Schedule, launch: Launch): boolean =>
  isOfItsManager(schedule, launch) &&
  (launch.unit
    ? schedule.unit?.activates === launch.unit
    : schedule.command === launch.event.process?.command_line);

/** Whether what it activates takes along what was launched. */
const pulls = (schedule: Schedule, launch: Launch): boolean =>
  isOfItsManager(schedule, launch) &&
  launch.unit !== null &&
  schedule.unit?.pulls?.includes(launch.unit) === true;

/** Whether a schedule is a timer of the manager that launched it. */
const isOfItsManager = ({ kind, user }: Schedule, { job, event }: Launch): boolean =>
  job.daemon.pid === 1 ? kind === 'timer' : kind === 'user-timer' && user === event.process?.user?.name;

/** Milliseconds between two ISO times, to the microsecond that both may carry. */
export const millisBetween = (from: string, to: string): number =>
  Math.round((epochMicros(to) - epochMicros(from)) / 10) / 100;

function epochMicros(iso: string): number {
  const fraction = iso.match(/\.(\d+)/)?.[1] ?? '';
  return Date.parse(iso.replace(/\.\d+/, '')) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** The observation of a case (DESIGN: words). */
export function observe(evidence: CaseEvidence, attribution: Attribution, proof: Proof | null): Observation {
  if (evidence.faults.length > 0) return 'errored';
  if (proof) return 'executed';
  const attacks = evidence.steps.filter(({ role }) => role === 'attack');
  if (attacks.length === 0) return 'errored';
  if (attacks.some(({ exitCode }) => exitCode !== 0)) return 'refused';
  const changes = diffInventory(evidence.inventory.before, evidence.inventory.scheduled);
  if (unexplainedLaunches(evidence, attribution).length > 0) return 'errored';
  const { before, scheduled } = evidence.inventory;
  const hasScheduled =
    newSchedules(changes).length > 0 ||
    putSchedules(attribution, 'attack', before, scheduled).length > 0 ||
    takenOver(attribution, 'attack', keptSchedules(before, changes)).length > 0;
  if (hasScheduled) return 'inert';
  return refusalsIn(evidence).length > 0 ? 'refused' : 'performed';
}

/**
 * Jobs that a scheduler launched after the attack had begun and that nothing explains: no schedule from before, none of
 * the attack's, none of the target's own. With one of them nobody can say that nothing was launched.
 */
export function unexplainedLaunches({ inventory, steps }: CaseEvidence, attribution: Attribution): string[] {
  if (!steps.some(({ role }) => role === 'attack')) return [];
  const known = [...inventory.before.schedules, ...inventory.scheduled.schedules];
  const timed = new Set(
    diffedTimers(inventory.before.schedules, inventory.scheduled.schedules).map(
      ({ unit }) => unit?.activates,
    ),
  );
  const lines = attribution.unexplained('attack').flatMap(({ scheduler, command, user, unit, isFirst }) => {
    if (unit === undefined ? scheduler === 'systemd' : !timed.has(unit)) return [];
    if (
      unit === undefined &&
      (!isFirst || known.some((schedule) => launchesAlike(schedule, { command, user })))
    )
      return [];
    return [`${scheduler} launched ${unit ?? command} as ${user}`];
  });
  return [...new Set(lines)];
}

/** Timers that are new or run something else than before, and have elapsed since. */
const diffedTimers = (before: readonly Schedule[], after: readonly Schedule[]): Schedule[] =>
  after.filter(
    ({ id, unit, lastRun, command }) =>
      unit !== undefined &&
      lastRun !== undefined &&
      !before.some(
        (old) => old.id === id && old.unit?.activates === unit.activates && old.command === command,
      ),
  );
