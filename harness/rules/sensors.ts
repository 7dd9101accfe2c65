// Which sensors can feed a rule: what tells "missed" from "nobody was looking".

import { type SensorName, sensorNames } from '../model/event.ts';
import type { RuleSource } from './rule.ts';
import { sensorsFor as sensorsForLogSource } from './sigma/index.ts';

/** The sensors that provide what the rule looks at; none when its log source is none of theirs. */
export function sensorsFor(source: RuleSource): readonly SensorName[] {
  if (source.kind === 'logsource') return sensorsForLogSource(source);
  const sensors = source.categories.flatMap((category) => categorySensors[category] ?? []);
  return sensorNames.filter((sensor) => sensors.includes(sensor));
}

/** By ECS `event.category`, the sensors with events of that category. */
const categorySensors: Readonly<Record<string, readonly SensorName[]>> = {
  any: sensorNames,
  process: ['ebpf', 'journal', 'audit'],
  file: ['ebpf', 'audit', 'residue'],
  configuration: ['journal', 'audit', 'inventory', 'residue'],
  authentication: ['journal', 'audit'],
  session: ['journal', 'audit'],
  iam: ['journal', 'audit'],
  network: ['audit'],
};
