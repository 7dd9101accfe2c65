// Which rules fire on one sensor's events alone: what telemetry a rule needs.

import type { SensorName } from '../../model/event.ts';
import { fire } from './firing.ts';
import type { JudgedCase } from './judge-case.ts';
import type { RuleBook } from './rule-book.ts';

/** Sensor → slugs of the rules that fire on an attack's own events of this sensor. */
export type SensorComparison = ReadonlyMap<SensorName, ReadonlySet<string>>;

export function compareSensors(
  judged: readonly JudgedCase[],
  book: RuleBook,
  sensors: readonly SensorName[],
): SensorComparison {
  return new Map(sensors.map((sensor) => [sensor, firedOn(sensor, judged, book)]));
}

function firedOn(sensor: SensorName, judged: readonly JudgedCase[], book: RuleBook): ReadonlySet<string> {
  const attacks = judged.filter(({ evidence }) => evidence.kind === 'attack' && !evidence.skipped);
  return new Set(
    attacks.flatMap(({ ruled, attribution }) => {
      const seen = ruled.events.filter(({ atomclock }) => atomclock.sensor === sensor);
      return fire(book.set, seen, attribution)
        .firings.filter(({ owner }) => owner === 'attack')
        .map(({ rule }) => rule.slug);
    }),
  );
}
