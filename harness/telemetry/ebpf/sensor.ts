// Drives the eBPF sensor: one sidecar serves all targets; its lines are told apart by pid namespace.

import { randomBytes } from 'node:crypto';
import type { EventSink, LiveSensor, Sidecar, Target, Watch } from '../../engine/ports.ts';
import { AtomclockError } from '../../model/errors.ts';
import { answerLimitMs, dead, deadline, lastLines, readyLimitMs, within } from './failure.ts';
import { parseLine, type RawNotice } from './raw.ts';
import { EbpfWatch } from './watch.ts';

export interface EbpfSensorOptions {
  /** Receives every line of a target as the sensor wrote it, before its event. */
  readonly onRaw?: (target: Target, line: string) => void;
}

/**
 * Takes over a sidecar that runs the sensor's image, and returns when its programs are loaded.
 * @throws AtomclockError `sensor/failed` with what the sensor said, when it does not come up
 * @source containers/sensors/ebpf/sensor.c
 */
export async function startEbpfSensor(
  sidecar: Sidecar,
  options: EbpfSensorOptions = {},
): Promise<LiveSensor> {
  const sensor = new EbpfSensor(sidecar, options);
  await sensor.ready();
  return sensor;
}

class EbpfSensor implements LiveSensor {
  readonly name = 'ebpf';
  readonly watchesAnyContainer = true;
  readonly failed: Promise<never>;
  readonly #sidecar: Sidecar;
  readonly #options: EbpfSensorOptions;
  readonly #watches = new Map<number, EbpfWatch>();
  readonly #probe = `atomclock-probe-${randomBytes(6).toString('hex')}`;
  readonly #fail: (error: AtomclockError) => void;
  readonly #ready = Promise.withResolvers<string>();
  #over: AtomclockError | undefined;
  #stopping = false;
  #missedRuns = 0;
  #heardAt = 0;

  constructor(sidecar: Sidecar, options: EbpfSensorOptions) {
    this.#sidecar = sidecar;
    this.#options = options;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.#fail = (error) => {
      if (this.#over) return;
      this.#over = error;
      if (!this.#stopping) reject(error);
      this.#ready.reject(error);
      for (const watch of this.#watches.values()) watch.end(error);
    };
    // Nobody may be waiting for these yet; whoever asks later still gets the rejection.
    promise.catch(() => {});
    this.#ready.promise.catch(() => {});
    void this.#read();
  }

  async ready(): Promise<void> {
    await within(readyLimitMs, this.#ready.promise, 'it did not get ready', () => this.#heardAt);
  }

  /**
   * Watches a target from now on; the processes that live in it already come first.
   * @throws AtomclockError `sensor/failed`; `sensor/blind` when a process known to run in the target is not seen
   */
  async watch(target: Target, sink: EventSink): Promise<Watch> {
    const bootTime = await this.#ready.promise;
    const watch = new EbpfWatch(target, sink, {
      bootTime,
      probe: this.#probe,
      missedRuns: () => this.#missedRuns,
      heardAt: () => this.#heardAt,
      send: (line) => this.#send(line),
      onRaw: this.#options.onRaw,
      forget: () => this.#watches.delete(target.pidNamespace),
    });
    this.#watches.set(target.pidNamespace, watch);
    try {
      await watch.begin();
    } catch (error) {
      await watch[Symbol.asyncDispose]();
      throw error;
    }
    return watch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    if (!this.#over) await this.#sidecar.send('stop').catch(() => {});
    await Promise.race([this.#sidecar.exited, deadline(answerLimitMs)]);
  }

  async #send(line: string): Promise<void> {
    if (this.#over) throw this.#over;
    await this.#sidecar.send(line);
  }

  async #read(): Promise<void> {
    try {
      for await (const line of this.#sidecar.lines) this.#take(line);
      const { exitCode, stderr } = await this.#sidecar.exited;
      this.#fail(dead(`it ended with exit code ${exitCode}: ${lastLines(stderr)}`));
    } catch (error) {
      this.#fail(error instanceof AtomclockError ? error : dead(String(error), error));
    }
  }

  #take(line: string): void {
    this.#heardAt = performance.now();
    const parsed = parseLine(line);
    if (parsed.kind === 'record') this.#watches.get(parsed.record.pidns)?.take(parsed.record, line);
    else this.#hear(parsed.notice);
  }

  #hear(notice: RawNotice): void {
    switch (notice.op) {
      case 'ready':
        this.#ready.resolve(notice.boot_time);
        return;
      case 'added':
      case 'count':
      case 'removed':
        this.#watches.get(notice.pidns)?.answer(notice);
        return;
      case 'lost':
        this.#watches.get(notice.pidns)?.tellLost(notice.lost);
        return;
      case 'missed':
        this.#missedRuns = notice.runs;
        return;
      case 'refused': {
        const error = dead(`it refused "${notice.command}": ${notice.reason}`);
        const watch = notice.pidns === undefined ? undefined : this.#watches.get(notice.pidns);
        if (watch) watch.refuse(error);
        else this.#fail(error);
        return;
      }
      case 'end':
        return;
    }
  }
}
