// The sensors' watches over one target: begun, asked and ended together.

import type { EcsEvent } from '../model/event.ts';
import type { EventSink, Sensor, Target, Watch } from './ports.ts';

export class Watches implements AsyncDisposable {
  /** Rejects as soon as one of the sensors dies; never resolves. */
  readonly failed: Promise<never>;
  readonly #watches: readonly { sensor: Sensor; watch: Watch }[];

  constructor(watches: readonly { sensor: Sensor; watch: Watch }[]) {
    this.#watches = watches;
    this.failed = Promise.race(watches.map(({ sensor }) => sensor.failed));
    // Whoever waits is told; a case that has ended meanwhile does not want to know.
    this.failed.catch(() => {});
  }

  static async over(target: Target, sensors: readonly Sensor[], sink: EventSink): Promise<Watches> {
    const begun = sensors.map(async (sensor) => ({ sensor, watch: await sensor.watch(target, sink) }));
    return new Watches(await Promise.all(begun));
  }

  /** Every event up to now is in the log; rejects when a sensor has died. */
  async barrier(): Promise<void> {
    const barriers = Promise.all(this.#watches.map(({ watch }) => watch.barrier()));
    await Promise.race([barriers, this.failed]);
  }

  /** Per sensor: events in the log, events known to be lost. */
  account(events: readonly EcsEvent[]): Record<string, { events: number; lost: number }> {
    return Object.fromEntries(
      this.#watches.map(({ sensor: { name }, watch }) => [
        name,
        { events: events.filter(({ atomclock }) => atomclock.sensor === name).length, lost: watch.lost() },
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#watches.map(({ watch }) => watch[Symbol.asyncDispose]()));
  }
}
