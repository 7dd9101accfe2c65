// What the log alone proves, for runs without a sensor that sees processes: the line in which a scheduler says that it
// has launched the job.

import type { EcsEvent } from '../../model/event.ts';
import type { RecordedStep } from '../../model/evidence.ts';
import type { Schedule } from '../../model/inventory.ts';
import type { Proof } from '../../model/run-record.ts';
import { vocabularyOf } from '../../model/vocabularies/index.ts';
import { attributedRole, type Payload } from './attribution.ts';
import { millisBetween, type Scheduled } from './observe.ts';
import { launchesAlike } from './scheduler.ts';

/**
 * The line that proves execution; null while there is none. Cron names the command of each job that it launches, the
 * service manager names the unit; atd and anacron name nothing that a payload could be known by.
 * @param steps the ones that have begun: what was logged before those of the payload's role is none of their doing
 * @source cron(8); systemd's catalog of messages (sd-messages.h)
 */
export function findLoggedProof(
  steps: readonly Pick<RecordedStep, 'role' | 'startedAt'>[],
  events: readonly EcsEvent[],
  payload: Payload,
  scheduled: Scheduled,
): Proof | null {
  const began = steps.find(({ role }) => attributedRole(role) === payload.role)?.startedAt;
  if (began === undefined) return null;
  const logged = events.filter(
    (event) => tellsLaunches(event) && Date.parse(event['@timestamp']) >= Date.parse(began),
  );
  for (const event of logged) {
    const told = cronCommand(event, payload, scheduled) ?? startedUnit(event, logged, payload, scheduled);
    if (told) return { ...proofOf(event, began), ...told };
  }
  return null;
}

const tellsLaunches = ({ atomclock }: EcsEvent): boolean =>
  (vocabularyOf(atomclock.sensor)?.sees.launches ?? []).length > 0;

/** Lines so far after which a timer's own record is worth another look: a unit that it activates was started. */
export const loggedStarts = (events: readonly EcsEvent[], schedules: readonly Schedule[]): number => {
  const activated = new Set(schedules.map(({ unit }) => unit?.activates));
  return events.filter((event) => {
    const { scheduler, verb, unit } = jobOf(event);
    return scheduler === 'systemd' && isRun(verb) && activated.has(unit);
  }).length;
};

interface LoggedJob {
  scheduler?: unknown;
  verb?: unknown;
  user?: unknown;
  command?: string;
  unit?: string;
}

const jobOf = ({ atomclock }: EcsEvent): LoggedJob => (atomclock.job ?? {}) as LoggedJob;

/** What the line itself tells of the process that wrote it. */
const proofOf = (event: EcsEvent, began: string): Proof => ({
  eventId: event.event.id,
  executable: '',
  commandLine: '',
  user: event.user?.name ?? event.user?.id ?? '',
  lineage: event.process?.executable ? [event.process.executable] : [],
  scheduler: '',
  by: 'log',
  latencyMs: millisBetween(began, event['@timestamp']),
  exitCode: null,
});

type Told = Pick<Proof, 'scheduler' | 'commandLine' | 'exitCode'> & Partial<Proof>;

/** `(alice) CMD (…)`: the whole of an entry, what its `%` makes the input of included. */
function cronCommand(event: EcsEvent, { nonce }: Payload, scheduled: Scheduled): Told | undefined {
  const { scheduler, verb, command } = jobOf(event);
  if (scheduler !== 'cron' || verb !== 'CMD' || command === undefined) return undefined;
  const isOurs =
    nonce === null ? isScheduled(command, event.user?.name ?? null, scheduled) : command.includes(nonce);
  return isOurs ? { scheduler: 'cron', commandLine: command, exitCode: null } : undefined;
}

/** Whether only a new entry launches this; which of a folder's scripts a launcher of them ran, no line tells. */
function isScheduled(command: string, user: string | null, { before, after }: Scheduled): boolean {
  const launched = { command, user };
  const launches = (schedule: Schedule) =>
    isTable(schedule) && launchesAlike({ ...schedule, command: entryOf(schedule) }, launched);
  return after.some(launches) && !before.some(launches) && !/\brun-parts\b/.test(command);
}

const isTable = ({ kind }: Schedule): boolean => kind === 'crontab' || kind === 'system-crontab';

const entryOf = ({ command, stdin }: Schedule): string =>
  stdin === undefined ? command : `${command}%${stdin.trimEnd().replaceAll('\n', '%')}`;

/** `Started x.service` and `Finished x.service` say that its programs were started, a later line how they ended. */
function startedUnit(
  event: EcsEvent,
  logged: readonly EcsEvent[],
  { nonce }: Payload,
  { before, after }: Scheduled,
): Told | undefined {
  const { scheduler, verb, unit = '' } = jobOf(event);
  if (scheduler !== 'systemd' || !isRun(verb) || !unit.endsWith('.service')) return undefined;
  const timer = after.find((schedule) => schedule.unit?.activates === unit);
  const isOurs =
    nonce === null
      ? timer !== undefined &&
        !before.some((old) => old.unit?.activates === unit && old.command === timer.command)
      : (event.message ?? '').includes(nonce) || (timer?.command ?? '').includes(nonce);
  if (!isOurs || !hasElapsed(event, unit, timer, logged)) return undefined;
  const end = endOf(unit, logged.slice(logged.indexOf(event)));
  // The manager could not even execute the program.
  if (end !== null && end >= firstSpawnCode && end <= lastSpawnCode) return undefined;
  return { scheduler: 'systemd', commandLine: timer?.command || (event.message ?? ''), exitCode: end };
}

const isRun = (verb: unknown): boolean => verb === 'started' || verb === 'process-exited';

/** A service may be started by hand: its timer must have elapsed by then, or have been there and be gone. */
function hasElapsed(
  event: EcsEvent,
  unit: string,
  timer: Schedule | undefined,
  logged: readonly EcsEvent[],
): boolean {
  const at = Date.parse(event['@timestamp']);
  if (!timer) {
    const name = unit.replace(/\.service$/, '.timer');
    return logged.some((line) => jobOf(line).unit === name && Date.parse(line['@timestamp']) <= at);
  }
  const { lastRun, unit: { transient } = { transient: false } } = timer;
  if (!lastRun) return transient;
  // The manager notes the time just before it starts the service; a second covers its rounding.
  const elapsed = Date.parse(lastRun) - 1000;
  return at >= elapsed && elapsed >= Date.parse(logged[0]?.['@timestamp'] ?? '') - 2000;
}

/** The exit code of the run that a line belongs to; null where no line tells. */
function endOf(unit: string, lines: readonly EcsEvent[]): number | null {
  for (const event of lines) {
    const { verb, unit: name } = jobOf(event);
    if (name !== unit) continue;
    const { message = '' } = event;
    if (verb === 'process-exited') {
      const code = /code=exited, status=(\d+)/.exec(message)?.[1];
      return code === undefined ? null : Number(code);
    }
    if (verb === 'deactivated' || message.startsWith('Finished ')) return 0;
    if (verb === 'stopped' || verb === 'failed') return null;
  }
  return null;
}

/** What the manager exits with for a program that it could not execute (systemd.exec(5), "Process Exit Codes"). */
const firstSpawnCode = 200;
const lastSpawnCode = 245;
