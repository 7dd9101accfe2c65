// What the sensors of a run can tell: where none of them would show a launch, nobody knows that there was none.

import type { EcsEvent, SensorName } from '../../model/event.ts';
import type { CaseEvidence } from '../../model/evidence.ts';
import type { Schedule } from '../../model/inventory.ts';
import type { Proof } from '../../model/run-record.ts';
import { sensorNames, vocabularyOf } from '../../model/vocabularies/index.ts';
import { at } from '../../schedulers/at.ts';
import { isSchedulePlace } from '../../schedulers/index.ts';
import { diffInventory, newSchedules } from '../../schedulers/inventory-diff.ts';

type Fault = CaseEvidence['faults'][number];

/** Which sensors recorded a case. */
export const sensorsOf = ({ telemetry }: Pick<CaseEvidence, 'telemetry'>): SensorName[] =>
  Object.keys(telemetry.perSensor);

/** Whether every process is seen: only then is it known whose an event is, and that there was no launch. */
export const seesProcesses = (sensors: readonly SensorName[]): boolean =>
  sensors.some((sensor) => vocabularyOf(sensor)?.sees.processes === 'all');

/** The sensors that see every process. */
export const processSensors = (): SensorName[] => sensorNames().filter((name) => seesProcesses([name]));

/** Whether the sensors would show that this schedule was launched. */
export const canTell = (sensors: readonly SensorName[], schedule: Schedule): boolean =>
  seesProcesses(sensors) ||
  (sensors.some((sensor) => vocabularyOf(sensor)?.sees.launches.includes(schedule.kind)) &&
    !/\brun-parts\b/.test(schedule.command));

/**
 * Why nobody knows whether the attack's payload was launched; null where that is known, or nothing was to be told.
 * @param proof what proves the launch
 */
export function whyBlind(
  evidence: CaseEvidence,
  events: readonly EcsEvent[],
  proof: Proof | null,
): Fault | null {
  const sensors = sensorsOf(evidence);
  const { steps, faults, inventory } = evidence;
  const attack = steps.find(({ role }) => role === 'attack');
  if (proof || faults.length > 0 || !attack || seesProcesses(sensors)) return null;
  const added = newSchedules(diffInventory(inventory.before, inventory.scheduled));
  const untold = added.filter((schedule) => !canTell(sensors, schedule));
  if (untold.length > 0) return blind(sensors, untold.map(nameOf).join(', '));
  const sign = signOfLaunch(events, attack.startedAt, added);
  if (sign) return noSensor(sensors, `whether a job of the attack was launched (${sign} may be of one)`);
  if (added.length > 0 || steps.some(({ role, exitCode }) => role === 'attack' && exitCode !== 0))
    return null;
  return noSensor(sensors, 'whether the attack scheduled something that has gone again');
}

/** The same for what a mitigation must let work: whether its launch would have been seen. */
export function isBlindToUse(evidence: CaseEvidence): boolean {
  const sensors = sensorsOf(evidence);
  const { before, legitimate } = evidence.inventory;
  const added = newSchedules(diffInventory(before, legitimate));
  return !seesProcesses(sensors) && (added.length === 0 || added.some((one) => !canTell(sensors, one)));
}

/**
 * Why it is not known that nothing launched the payload, though the sensors show every process: what was scheduled could
 * not be looked at, so that a launch of it is nobody's. null where all could be.
 */
export const whyUnlooked = ({ inventory: { scheduled } }: Pick<CaseEvidence, 'inventory'>): Fault | null =>
  scheduled.problems.length === 0
    ? null
    : {
        code: 'inventory/incomplete',
        message: `cannot tell whether the payload was launched: what is scheduled could not be looked at (${scheduled.problems.join('; ')})`,
      };

/**
 * A trace of something that has run, or was written, and cannot be told apart any more: a session that atd opened, a
 * timer that elapsed without a line, a write that was seen where schedulers look and the inventory makes nothing of.
 */
function signOfLaunch(
  events: readonly EcsEvent[],
  since: string,
  added: readonly Schedule[],
): string | undefined {
  const elapsed = added.find(({ lastRun }) => lastRun && Date.parse(lastRun) >= Date.parse(since));
  if (elapsed) return `that ${elapsed.unit?.timer ?? nameOf(elapsed)} elapsed`;
  const files = new Set(added.map(({ file }) => file));
  return events.find((event) => {
    if (Date.parse(event['@timestamp']) < Date.parse(since)) return false;
    if (vocabularyOf(event.atomclock.sensor)?.sees.files === 'some') {
      const path = event.file?.path;
      return path !== undefined && isSchedulePlace(path) && !files.has(path);
    }
    const { service } = (event.pam ?? {}) as { service?: string };
    return event.event.action === 'session-opened' && at.pamServices?.includes(service ?? '');
  })?.event.id;
}

const nameOf = ({ kind, unit, file, command }: Schedule): string =>
  `${kind} ${unit?.timer ?? file ?? command}`;

const blind = (sensors: readonly SensorName[], what: string): Fault =>
  noSensor(sensors, `whether ${what} was launched`);

const noSensor = (sensors: readonly SensorName[], what: string): Fault => ({
  code: 'case/no-sensor',
  message: `cannot tell ${what}: ${
    sensors.length > 0
      ? `the sensors of this run (${sensors.join(', ')}) do not show it`
      : 'this run had no sensor'
  }; run it with --sensor ${processSensors().join(' or ')}`,
});
