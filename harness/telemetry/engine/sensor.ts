// Hands what the engine says to the cases whose containers it is about. A case's container is told of from its creation
// on, which comes before anybody watches it: what was said before is kept until then.

import { randomUUID } from 'node:crypto';
import type { EngineFeed, EventSink, LiveSensor, Target, Watch } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { engineEvent } from './ecs.ts';
import { type ContainerSetup, type EngineRecord, readRecord } from './record.ts';

export interface EngineSensorOptions {
  /** Receives every line of the feed, in the order of the events. */
  readonly onRaw?: (target: Pick<Target, 'id'>, line: string) => void;
}

/** A sensor of what the engine says. */
export function startEngineSensor(feed: EngineFeed, options: EngineSensorOptions = {}): LiveSensor {
  return new EngineSensor(feed, options);
}

interface Said {
  readonly record: EngineRecord;
  readonly line: string;
}

/** One case's part of the feed. */
interface CaseWatch {
  readonly target: Pick<Target, 'id'>;
  readonly sink: EventSink;
  events: number;
}

class EngineSensor implements LiveSensor {
  readonly name = 'engine';
  readonly failed: Promise<never>;
  readonly #feed: EngineFeed;
  readonly #options: EngineSensorOptions;
  readonly #setups = new Map<string, ContainerSetup>();
  /** Of each container of the run that is there, the case that it is of. */
  readonly #cases = new Map<string, string>();
  /** By case: what was said of it and nobody has watched yet. */
  readonly #kept = new Map<string, Said[]>();
  readonly #watches = new Map<string, CaseWatch>();
  readonly #marks = new Map<string, () => void>();
  #isOver = false;

  constructor(feed: EngineFeed, options: EngineSensorOptions) {
    this.#feed = feed;
    this.#options = options;
    this.failed = this.#read();
    // Whoever waits is told.
    this.failed.catch(() => {});
  }

  async watch(target: Target, sink: EventSink): Promise<Watch> {
    // Then it is known of which case the target is.
    await this.#barrier(target);
    const name = this.#cases.get(target.id) ?? target.id;
    const watch: CaseWatch = { target, sink, events: 0 };
    for (const said of this.#kept.get(name) ?? []) this.#tell(watch, said);
    this.#kept.delete(name);
    this.#watches.set(name, watch);
    return {
      barrier: () => this.#barrier(target),
      // The engine numbers nothing.
      lost: () => 'unknown',
      [Symbol.asyncDispose]: async () => {
        this.#watches.delete(name);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#feed[Symbol.asyncDispose]();
  }

  async #barrier(target: Target): Promise<void> {
    const mark = `${markPrefix}${randomUUID()}`;
    const reached = Promise.withResolvers<void>();
    this.#marks.set(mark, reached.resolve);
    try {
      await this.#feed.mark(target, mark);
      await Promise.race([reached.promise, this.failed]);
    } finally {
      this.#marks.delete(mark);
    }
  }

  async #read(): Promise<never> {
    try {
      for await (const line of this.#feed.lines) this.#take(line);
    } catch (error) {
      if (!this.#isOver) throw silent(error);
    }
    if (!this.#isOver) throw silent();
    return new Promise<never>(() => {});
  }

  #take(line: string): void {
    const record = readRecord(line);
    if (!record) return;
    const { ID: id } = record.event.Actor;
    const { Action: action } = record.event;
    const mark = action.slice(action.indexOf(': ') + 2).trim();
    if (mark.startsWith(markPrefix)) {
      this.#marks.get(mark)?.();
      return;
    }
    if (record.setup) this.#setups.set(id, record.setup);
    if (record.case !== null) {
      this.#cases.set(id, record.case);
      this.#hand(record.case, { record, line });
    }
    if (action === 'destroy') {
      this.#setups.delete(id);
      this.#cases.delete(id);
    }
  }

  #hand(name: string, said: Said): void {
    const watch = this.#watches.get(name);
    if (watch) this.#tell(watch, said);
    // What comes after the end of a case is nobody's any more.
    else if (this.#isNew(said)) this.#kept.set(name, [...(this.#kept.get(name) ?? []), said]);
    else this.#kept.delete(name);
  }

  /** Whether its container may still be watched. */
  #isNew = ({ record }: Said): boolean => !/^(?:kill|die|stop|destroy)\b/.test(record.event.Action);

  #tell(watch: CaseWatch, { record, line }: Said): void {
    this.#options.onRaw?.(watch.target, line);
    watch.events += 1;
    watch.sink(engineEvent(record, watch.events, this.#setups.get(record.event.Actor.ID)));
  }
}

const markPrefix = 'atomclock-mark-';

const silent = (cause?: unknown): AtomclockError =>
  new AtomclockError('sensor/engine-silent', 'the container engine has stopped to tell of its containers', {
    exitCode: exitCodes.labUnavailable,
    cause,
  });
