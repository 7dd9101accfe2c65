// Which sensors can feed a rule: what tells "missed" from "nobody was looking".

import type { SensorName } from '../model/event.ts';
import { sensorNames, sensorsOfCategory } from '../model/vocabularies/index.ts';
import type { RuleSource } from './rule.ts';
import { sensorsFor as sensorsForLogSource } from './sigma/index.ts';

/** The sensors that provide what the rule looks at; none when its log source is none of theirs. */
export function sensorsFor(source: RuleSource): readonly SensorName[] {
  if (source.kind === 'logsource') return sensorsForLogSource(source);
  const feeding = new Set(source.categories.flatMap(sensorsOfCategory));
  return sensorNames().filter((sensor) => feeding.has(sensor));
}
