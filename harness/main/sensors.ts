// The sensors that can be chosen, and which are chosen where nobody says.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import { suggestion } from '../model/suggestion.ts';
import { defaultSensors, nameOf, type SensorDescriptor, sensors } from '../telemetry/registry.ts';

export { defaultSensors };

/** What a list shows of a sensor. */
export interface ListedSensor {
  readonly name: SensorName;
  readonly kind: SensorDescriptor['kind'];
  readonly byDefault: boolean;
  readonly summary: string;
  /** Of its container; none where it has none. */
  readonly capabilities: readonly string[];
  /** `event.category` → `event.action` of what it can tell. */
  readonly actions: SensorDescriptor['vocabulary']['actions'];
}

export const listedSensors = (): ListedSensor[] =>
  sensors().map((descriptor) => ({
    name: nameOf(descriptor),
    kind: descriptor.kind,
    byDefault: descriptor.byDefault,
    summary: descriptor.summary,
    capabilities: descriptor.kind === 'live' ? (descriptor.sidecar?.capAdd ?? []) : [],
    actions: descriptor.vocabulary.actions,
  }));

/**
 * The names that were asked for, or those of the default sensors.
 * @throws AtomclockError `run/unknown-sensor`
 */
export const chosenSensors = (names: readonly SensorName[]): SensorName[] =>
  names.length > 0 ? sensorsNamed(names).map(nameOf) : defaultSensors();

/**
 * The sensors of these names, in their order.
 * @throws AtomclockError `run/unknown-sensor`
 */
export const sensorsNamed = (names: readonly SensorName[]): SensorDescriptor[] =>
  [...new Set(names)].map((name) => {
    const found = sensors().find((descriptor) => nameOf(descriptor) === name);
    if (found) return found;
    throw new AtomclockError('run/unknown-sensor', `there is no sensor ${name}`, {
      exitCode: exitCodes.badInput,
      hint: suggestion(name, sensors().map(nameOf), 'Sensors'),
    });
  });
