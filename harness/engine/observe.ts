// What happened in a case, without opinion: did the real scheduler launch the payload, and what shows it.

import type { CaseEvidence } from '../model/evidence.ts';
import type { Observation } from '../model/expectation.ts';
import type { Inventory, Schedule } from '../model/inventory.ts';
import { diffInventory, newSchedules } from '../model/inventory-diff.ts';
import type { Proof } from '../model/run-record.ts';
import type { Attribution, Launch, Payload } from './attribution.ts';
import { lineage, type ProcessNode } from './process-tree.ts';
import { isSchedulePlace } from './schedule-place.ts';

/** Whether a step of this role put something where schedulers look. */
const touchedSchedules = (attribution: Attribution, role: Payload['role']): boolean =>
  attribution.writtenBy(role).some(isSchedulePlace);

/** What a step of this role put there and is there no more: it was taken away again, or it has run. */
export function goneFiles(attribution: Attribution, role: Payload['role'], after: Inventory): string[] {
  const left = new Set(after.files.map(({ path }) => path));
  return attribution.writtenBy(role).filter((path) => isSchedulePlace(path) && !left.has(path));
}

/** The launch that proves execution; null while there is none. */
export function findProof(
  attribution: Attribution,
  payload: Payload,
  inventories: readonly Inventory[],
): Proof | null {
  const candidates = attribution.launches.filter(
    (launch) =>
      launch.role === payload.role &&
      launch.nonce === payload.nonce &&
      wasTriggered(
        attribution,
        launch,
        inventories.flatMap(({ schedules }) => schedules),
      ),
  );
  const launch = candidates.find(isPayloadItself) ?? candidates[0];
  const root = attribution.rootOf(payload.role);
  return launch ? proofOf(attribution, launch, root?.['@timestamp']) : null;
}

/** The marker's own process rather than the shell that was told to run it. */
const isPayloadItself = ({ event, nonce }: Launch): boolean =>
  nonce !== null && !(event.process?.args ?? []).some((arg) => arg.includes(nonce) && arg.includes(' '));

/**
 * Whether a scheduler's clock launched it: cron and atd do nothing else, but the service manager also starts
 * services on request, so a timer that activates the unit must have elapsed by then, and since the step began.
 */
function wasTriggered(attribution: Attribution, launch: Launch, schedules: readonly Schedule[]): boolean {
  const { job, unit, event, role } = launch;
  if (job.scheduler !== 'systemd') return true;
  const timers = schedules.filter((schedule) => activates(schedule, launch));
  // A timer may be gone before anybody could list it: then it did elapse, unless somebody asked for the service.
  if (timers.length === 0)
    return (
      unit !== null &&
      attribution.ownsUnit(unit.replace(/\.service$/, '.timer'), role) &&
      !attribution.hasRequested(unit, role)
    );
  const began = Date.parse(attribution.rootOf(role)?.['@timestamp'] ?? '') || 0;
  return timers.some(({ lastRun, unit: timer }) => {
    if (!lastRun) return timer?.transient === true;
    // The manager notes the time just before it forks; a second covers its rounding. A time from before the step is
    // another run's, or a stamp that was put there.
    const elapsed = Date.parse(lastRun) - 1000;
    return Date.parse(event['@timestamp']) >= elapsed && elapsed >= began - 2000;
  });
}

/** Whether a schedule is a timer for what was launched, of the manager that launched it. */
function activates({ kind, user, command, unit: timer }: Schedule, { job, unit, event }: Launch): boolean {
  if (!timer) return false;
  const isSameManager =
    job.daemon.pid === 1 ? kind === 'timer' : kind === 'user-timer' && user === event.process?.user?.name;
  return isSameManager && (unit ? timer.activates === unit : command === event.process?.command_line);
}

function proofOf(attribution: Attribution, launch: Launch, attackStart: string | undefined): Proof {
  const { event, job, by } = launch;
  const node = attribution.tree.get(event.process?.entity_id ?? '');
  const ancestors = node ? [...lineage(node)] : [];
  return {
    eventId: event.event.id,
    executable: event.process?.executable ?? '',
    commandLine: event.process?.command_line ?? '',
    user: event.process?.user?.name ?? event.process?.user?.id ?? '',
    lineage: ancestors.map(({ executable }) => executable).filter((path) => path !== ''),
    scheduler: job.scheduler,
    by,
    latencyMs: attackStart ? millisBetween(attackStart, event['@timestamp']) : 0,
    exitCode: startExitCode(attribution, launch, firstProgram(ancestors, job.root)?.exitCode ?? null),
  };
}

/** The job's own process: the first below the daemon that executed a program. */
function firstProgram(ancestors: readonly ProcessNode[], root: ProcessNode): ProcessNode | undefined {
  const path = ancestors.slice(0, ancestors.indexOf(root) + 1).reverse();
  return path.find(({ execs }) => execs.length > 0);
}

/** A unit's programs run one after the other when it is started: the first that fails is what the job comes to. */
function startExitCode({ launches }: Attribution, launch: Launch, first: number | null): number | null {
  if (launch.unit === null || first !== 0) return first;
  for (const { unit, job, event } of launches.slice(launches.indexOf(launch) + 1)) {
    const isProgramOfUnit = unit === launch.unit && job.root.entityId === event.process?.entity_id;
    if (!isProgramOfUnit || job.root === launch.job.root) continue;
    const isNextStart = job.root.args.join('\0') === launch.job.root.args.join('\0');
    if (isNextStart) break;
    if (job.root.exitCode) return job.root.exitCode;
  }
  return first;
}

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
  return newSchedules(changes).length > 0 || touchedSchedules(attribution, 'attack') ? 'inert' : 'performed';
}
