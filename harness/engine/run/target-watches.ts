// The sensors' watches over one target, and over the container beside it: begun, asked and ended together.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { EcsEvent } from '../../model/event.ts';
import type { Loss, PerSensor } from '../../model/loss.ts';
import type { EventSink, LiveSensor, Target, Watch } from '../ports.ts';

export class Watches implements AsyncDisposable {
  /** Rejects as soon as one of the sensors dies; never resolves. */
  readonly failed: Promise<never>;
  readonly #watches: readonly { sensor: LiveSensor; watch: Watch }[];

  constructor(watches: readonly { sensor: LiveSensor; watch: Watch }[]) {
    this.#watches = watches;
    this.failed = Promise.race(watches.map(({ sensor }) => sensor.failed));
    // Whoever waits is told; a case that has ended meanwhile does not want to know.
    this.failed.catch(() => {});
  }

  static async over(target: Target, sensors: readonly LiveSensor[], sink: EventSink): Promise<Watches> {
    const { actor } = target;
    const places = sensors.flatMap((sensor) => [
      { sensor, of: target, into: sink },
      ...(actor && sensor.watchesAnyContainer ? [{ sensor, of: actor, into: asActors(sink) }] : []),
    ]);
    const begun = places.map(async ({ sensor, of, into }) => ({
      sensor,
      watch: await sensor.watch(of, into),
    }));
    return new Watches(await Promise.all(begun));
  }

  /** Every event up to now is in the log; rejects when a sensor has died. */
  async barrier(): Promise<void> {
    const barriers = this.#watches.map(({ sensor, watch }) => withinLimit(sensor.name, watch.barrier()));
    await Promise.race([Promise.all(barriers), this.failed]);
  }

  /** Per sensor: events in the log, events known to be lost. */
  account(events: readonly EcsEvent[]): PerSensor {
    const watched = Map.groupBy(this.#watches, ({ sensor: { name } }) => name);
    return Object.fromEntries(
      [...watched].map(([name, watches]) => [
        name,
        {
          events: events.filter(({ atomclock }) => atomclock.sensor === name).length,
          lost: watches.map(({ watch }) => watch.lost()).reduce(together),
        },
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#watches.map(({ watch }) => watch[Symbol.asyncDispose]()));
  }
}

const together = (a: Loss, b: Loss): Loss => (a === 'unknown' || b === 'unknown' ? 'unknown' : a + b);

/** The sensor counts each container's events from 1, and pids are those of its own namespace. */
const asActors =
  (sink: EventSink): EventSink =>
  (event) =>
    sink({
      ...event,
      event: { ...event.event, id: `${event.event.id}-actor` },
      atomclock: { ...event.atomclock, actor: true },
    });

/** A sensor that is this far behind has failed, whatever it says. */
const barrierLimitMs = 180_000;

/** @throws AtomclockError `sensor/mute` when the sensor has not caught up in time */
async function withinLimit(sensor: string, barrier: Promise<void>): Promise<void> {
  const mute = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message = `the ${sensor} sensor has not caught up within ${barrierLimitMs / 1000} s`;
    mute.reject(new AtomclockError('sensor/mute', message, { exitCode: exitCodes.labUnavailable }));
  }, barrierLimitMs);
  try {
    await Promise.race([barrier, mute.promise]);
  } finally {
    clearTimeout(timer);
  }
}
