// What rules saw of the attacks that executed, by technique and by procedure, and through which sensor: the blind spots.

import { isUnseen, isUntreatedExecution } from '../model/fired.ts';
import type { CaseRecord, RunRecord } from '../model/run-record.ts';

export interface TechniqueCoverage extends Share {
  readonly technique: string;
  readonly procedures: readonly ProcedureCoverage[];
}

/** One atomic, on whatever targets and in whatever variants it executed. */
export interface ProcedureCoverage extends Share {
  readonly technique: string;
  readonly slug: string;
  readonly name: string;
  /** Rules that saw it, each with the sensors of whose events alone one of its matches was made. */
  readonly rules: readonly SeeingRule[];
}

export interface SeeingRule {
  readonly rule: string;
  readonly sensors: readonly string[];
}

interface Share {
  readonly executed: number;
  readonly seen: number;
  /** Ids of the executed attacks that no rule saw. */
  readonly unseen: readonly string[];
}

/**
 * The executed attacks of a record, without mitigations; techniques in the order of their ids, procedures in the record's.
 * Empty where none executed.
 */
export function coverageOf(record: RunRecord): TechniqueCoverage[] {
  const executed = record.cases.filter(isUntreatedExecution);
  const sensors = sensorsByMatch(record);
  return [...Map.groupBy(executed, ({ atomic }) => atomic.technique)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([technique, cases]) => ({
      technique,
      ...shareOf(cases),
      procedures: [...Map.groupBy(cases, ({ atomic }) => atomic.guid).values()].map((same) =>
        procedureOf(same, sensors),
      ),
    }));
}

/** Sensors by which any procedure was seen, in the run's order; others that only events name come last. */
export const seeingSensors = (techniques: readonly TechniqueCoverage[], { run }: RunRecord): string[] => {
  const seeing = new Set(
    techniques.flatMap(({ procedures }) =>
      procedures.flatMap(({ rules }) => rules.flatMap(({ sensors }) => sensors)),
    ),
  );
  return [...run.sensors, ...seeing].filter(
    (sensor, at, all) => seeing.has(sensor) && all.indexOf(sensor) === at,
  );
};

/** In percent, rounded down: 100 only where nothing is unseen. */
export const percentSeen = ({ executed, seen }: Pick<Share, 'executed' | 'seen'>): number =>
  Math.floor((100 * seen) / executed);

const shareOf = (cases: readonly CaseRecord[]): Share => {
  const unseen = cases.filter(isUnseen).map(({ id }) => id);
  return { executed: cases.length, seen: cases.length - unseen.length, unseen };
};

type SensorsByMatch = (rule: string, each: CaseRecord) => readonly string[];

function procedureOf(cases: readonly CaseRecord[], sensorsOf: SensorsByMatch): ProcedureCoverage {
  const [{ atomic }] = cases as [CaseRecord, ...CaseRecord[]];
  const slugs = [...new Set(cases.flatMap(({ seenBy }) => seenBy))].toSorted();
  return {
    technique: atomic.technique,
    slug: atomic.slug,
    name: atomic.name,
    ...shareOf(cases),
    rules: slugs.map((rule) => ({
      rule,
      sensors: [...new Set(cases.flatMap((each) => sensorsOf(rule, each)))].toSorted(),
    })),
  };
}

/** By which sensor alone a rule saw a case: a match whose events are of several sensors needs them all. */
function sensorsByMatch({ rules }: RunRecord): SensorsByMatch {
  const matches = new Map(
    rules.map(({ slug, matches }) => [slug, Map.groupBy(matches, (match) => match.case)]),
  );
  return (rule, { id, detections }) => {
    const own = new Set(detections.find((one) => one.rule === rule && one.attributed)?.eventIds);
    return (matches.get(rule)?.get(id) ?? []).flatMap(({ eventIds }) => {
      if (!eventIds.every((each) => own.has(`${each}`))) return [];
      const sensors = new Set(eventIds.map((each) => sensorOfEvent(`${each}`)));
      return sensors.size === 1 ? [...sensors] : [];
    });
  };
}

/** Event ids are `<sensor>-<number>`. */
const sensorOfEvent = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('-')));
