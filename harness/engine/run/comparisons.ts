// The looks of the sensors that compare at one target: begun, asked and told together.

import type { EcsEvent, SensorName } from '../../model/event.ts';
import type { PerSensor } from '../../model/loss.ts';
import type { Difference, Snapshot, SnapshotSensor, TakenInventories, Target } from '../ports.ts';

export class Comparisons {
  readonly #sensors: readonly SnapshotSensor[];
  readonly #begun = new Map<SensorName, Snapshot>();
  readonly #found = new Map<SensorName, Difference>();

  constructor(sensors: readonly SnapshotSensor[]) {
    this.#sensors = sensors;
  }

  /** Every sensor has seen the target as it is before the attack. */
  async begin(target: Target): Promise<void> {
    await Promise.all(
      this.#sensors.map(async (sensor) => this.#begun.set(sensor.name, await sensor.begin(target))),
    );
  }

  /** Every sensor has looked again. @returns the lines for people about what cleanup left */
  async compare(taken: TakenInventories): Promise<string[]> {
    const found = [...this.#begun].map(async ([name, snapshot]) => {
      const difference = await snapshot.compare(taken);
      this.#found.set(name, difference);
      return difference.left;
    });
    return (await Promise.all(found)).flat();
  }

  /** Hands over the events, sensor by sensor. @returns how many there were: a comparison loses nothing */
  tell(sink: (event: EcsEvent) => void): PerSensor {
    return Object.fromEntries(
      this.#sensors.map(({ name }) => {
        const { events } = this.#found.get(name) ?? { events: [] };
        events.forEach(sink);
        return [name, { events: events.length, lost: 0 }];
      }),
    );
  }
}
