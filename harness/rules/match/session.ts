// One pass over a stream of events: feeds what each event passes to the state machines of the rules.

import type { Bounds } from './bounds.ts';
import { type Contribution, CorrelationMachine } from './correlation.ts';
import type { EventMatcher } from './event-matcher.ts';
import type { Arrival, Match } from './match.ts';
import { Pipeline } from './pipeline.ts';
import type { Plan, PlannedRule } from './plan.ts';
import { SampleMachine } from './sample.ts';
import { type Finished, SequenceMachine } from './sequence.ts';
import { timestampOf } from './timestamp.ts';

/** What a session has done and what it has had to forget. */
export interface SessionStats {
  readonly events: number;
  readonly matches: number;
  /** Events that mattered and had no readable time: they count as simultaneous with the one before. */
  readonly untimed: number;
  /** Events that mattered and came after a later one. */
  readonly late: number;
  /** Rules with state between events; `evicted` above 0 means that matches may have been missed. */
  readonly machines: readonly {
    readonly ruleId: string;
    readonly live: number;
    readonly evicted: number;
    /** Sequences that waited for a missing event when the stream ended: they are no matches. */
    readonly openAtEnd: number;
  }[];
}

export interface SessionParts {
  readonly plan: Plan;
  readonly matchEvent: EventMatcher;
  /** Makes of a record, as it is pushed, the event that rules look at. */
  readonly readEvent: (record: object) => object;
  readonly bounds: Bounds;
}

/** Events go in, in order of time; matches come out as soon as they are certain. */
export class Session {
  readonly #plan: Plan;
  readonly #matchEvent: EventMatcher;
  readonly #readEvent: (record: object) => object;
  readonly #runners: readonly Runner[];
  readonly #ticking: readonly (TimedMachine & { readonly runner: Runner })[];
  #lastMattered = false;
  #lastWatched: readonly number[] = none;
  #events = 0;
  #matches = 0;
  #untimed = 0;
  #late = 0;
  #latestMs = Number.NEGATIVE_INFINITY;
  #nowMs = 0;
  /** No event will follow: a correlation that matches now was not given its time. */
  #isOver = false;
  #found: Match[] = [];

  constructor({ plan, matchEvent, readEvent, bounds }: SessionParts) {
    this.#plan = plan;
    this.#matchEvent = matchEvent;
    this.#readEvent = readEvent;
    this.#runners = runnersOf(plan.rules, bounds);
    this.#ticking = this.#runners.flatMap((runner) => {
      const { machine } = runner;
      const waits = (machine.kind === 'sequence' || machine.kind === 'correlation') && machine.machine.waits;
      return waits ? [{ ...machine, runner }] : [];
    });
  }

  /**
   * Takes one event: an ECS or Sigma record, nested or flat.
   * `handle` is the caller's name for it (it comes back in matches); `timestampMs` overrules its `@timestamp`.
   * Gives the matches that this event made certain.
   */
  push(record: object, handle: number, timestampMs?: number): Match[] {
    this.#events += 1;
    const event = this.#readEvent(record);
    const passed = this.#ofRules(this.#matchEvent(event));
    this.#lastMattered = passed.length > 0;
    if (passed.length === 0 && this.#ticking.length === 0) return [];
    const arrival = { event, handle, timestampMs: this.#timeOf(event, timestampMs) };
    for (const ticking of this.#ticking) this.#tick(ticking, arrival.timestampMs);
    for (let first = 0; first < passed.length; ) {
      const rule = this.#plan.ruleOf[passed[first] ?? 0];
      let end = first + 1;
      while (end < passed.length && this.#plan.ruleOf[passed[end] ?? 0] === rule) end += 1;
      const runner = this.#runners[rule ?? 0];
      if (runner !== undefined) {
        this.#run(runner, passed.slice(first, end), arrival);
      }
      first = end;
    }
    return this.#take();
  }

  /** Whether the event pushed last passed a filter of any rule; what did not is in no match. */
  get lastMattered(): boolean {
    return this.#lastMattered;
  }

  /** The numbers, from 0, of the watched filters that the event pushed last passed. */
  get lastWatched(): readonly number[] {
    return this.#lastWatched;
  }

  /** Watched filters are numbered after those of the rules; the numbers ascend. */
  #ofRules(passed: readonly number[]): readonly number[] {
    const { length } = this.#plan.filters;
    let end = passed.length;
    while (end > 0 && (passed[end - 1] ?? 0) >= length) end -= 1;
    const isWatched = end < passed.length;
    this.#lastWatched = isWatched ? passed.slice(end).map((filter) => filter - length) : none;
    return isWatched ? passed.slice(0, end) : passed;
  }

  /** The stream has ended: gives what was only waiting for more events. */
  finish(): Match[] {
    for (const runner of this.#runners) {
      const { machine } = runner;
      if (machine.kind === 'sequence') machine.machine.finish();
      else if (machine.kind === 'sample') {
        machine.machine.finish((finished) => this.#matched(runner, finished));
      }
    }
    this.#finishCorrelations();
    for (const { pipeline } of this.#runners) pipeline?.finish((match) => this.#found.push(match));
    return this.#take();
  }

  /** A window that closes may open one of a correlation that builds on it: as many rounds as such a chain is long. */
  #finishCorrelations(): void {
    this.#isOver = true;
    const correlations = this.#runners.filter(({ machine }) => machine.kind === 'correlation');
    for (let round = 0, anyOpen = true; anyOpen && round < correlations.length; round++) {
      anyOpen = false;
      for (const runner of correlations) {
        if (runner.machine.kind !== 'correlation') continue;
        const wasOpen = runner.machine.machine.finish((outcome) => this.#contributed(runner, outcome));
        anyOpen ||= wasOpen;
      }
    }
  }

  stats(): SessionStats {
    const machines = this.#runners.flatMap(({ planned, machine }) =>
      machine.kind === 'event'
        ? []
        : [
            {
              ruleId: planned.rule.id,
              live: machine.machine.size,
              evicted: machine.machine.evicted,
              openAtEnd: machine.kind === 'sequence' ? machine.machine.openAtEnd : 0,
            },
          ],
    );
    return {
      events: this.#events,
      matches: this.#matches,
      untimed: this.#untimed,
      late: this.#late,
      machines,
    };
  }

  #timeOf(event: object, given: number | undefined): number {
    const timestampMs = given ?? timestampOf(event);
    if (timestampMs === undefined) {
      this.#untimed += 1;
      return this.#nowMs;
    }
    if (timestampMs < this.#latestMs) this.#late += 1;
    else this.#latestMs = timestampMs;
    this.#nowMs = timestampMs;
    return timestampMs;
  }

  #tick({ kind, machine, runner }: TimedMachine & { readonly runner: Runner }, nowMs: number): void {
    if (kind === 'sequence') machine.tick(nowMs, (finished) => this.#matched(runner, finished));
    else machine.tick(nowMs, (contribution) => this.#contributed(runner, contribution));
  }

  /** `filters`: those of the rule that the event passes, by their numbers in the plan. */
  #run(runner: Runner, filters: readonly number[], arrival: Arrival): void {
    const { machine, planned } = runner;
    const passed = () => filters.map((filter) => filter - planned.firstFilter);
    switch (machine.kind) {
      case 'event':
        this.#contributed(runner, { ...arrival, handles: [arrival.handle] });
        break;
      case 'sequence':
        machine.machine.push(passed(), arrival, (finished) => this.#matched(runner, finished));
        break;
      case 'sample':
        machine.machine.push(passed(), arrival);
        break;
      case 'correlation':
        break;
    }
  }

  /** A match that correlations may build on. */
  #contributed(runner: Runner, contribution: Omit<Contribution, 'ruleId'>): void {
    const ruleId = runner.planned.rule.id;
    this.#matched(runner, contribution);
    for (const { machine, target } of runner.feeds) {
      machine.push({ ...contribution, ruleId }, (outcome) => this.#contributed(target, outcome));
    }
  }

  #matched({ planned, pipeline }: Runner, { handles, timestampMs }: Finished): void {
    if (!planned.reported) return;
    const match: Match = {
      rule: planned.rule,
      handles,
      timestampMs,
      ...(this.#isOver && { open: true as const }),
    };
    if (pipeline === undefined) this.#found.push(match);
    else pipeline.push(match, (passed) => this.#found.push(passed));
  }

  #take(): Match[] {
    const found = this.#found;
    this.#found = [];
    this.#matches += found.length;
    return found;
  }
}

const none: readonly number[] = [];

/** Machines that wait for time to pass. */
type TimedMachine =
  | { readonly kind: 'sequence'; readonly machine: SequenceMachine }
  | { readonly kind: 'correlation'; readonly machine: CorrelationMachine };

type Machine =
  | TimedMachine
  | { readonly kind: 'event' }
  | { readonly kind: 'sample'; readonly machine: SampleMachine };

/** A rule in this session: its state, and the correlations that it feeds. */
interface Runner {
  readonly planned: PlannedRule;
  readonly machine: Machine;
  readonly pipeline: Pipeline | undefined;
  readonly feeds: Feed[];
}

interface Feed {
  readonly machine: CorrelationMachine;
  readonly target: Runner;
}

function runnersOf(rules: readonly PlannedRule[], bounds: Bounds): readonly Runner[] {
  const correlated = new Set(rules.flatMap(correlatedBy));
  const runners = rules.map(
    (planned): Runner => ({
      planned,
      machine: machineOf(planned, bounds, correlated.has(planned.rule.id)),
      pipeline: planned.pipes.length === 0 ? undefined : new Pipeline(planned.pipes),
      feeds: [],
    }),
  );
  const byId = Map.groupBy(runners, ({ planned }) => planned.rule.id);
  for (const target of runners) {
    const { machine } = target;
    if (machine.kind !== 'correlation') continue;
    for (const id of new Set(correlatedBy(target.planned))) {
      for (const { feeds } of byId.get(id) ?? []) feeds.push({ machine: machine.machine, target });
    }
  }
  return runners;
}

const correlatedBy = ({ rule: { query } }: PlannedRule): readonly string[] =>
  query.kind === 'correlation' ? query.rules : [];

function machineOf({ rule: { query } }: PlannedRule, bounds: Bounds, isCorrelated: boolean): Machine {
  switch (query.kind) {
    case 'event':
      return { kind: 'event' };
    case 'sequence':
      return { kind: 'sequence', machine: new SequenceMachine(query, bounds) };
    case 'sample':
      return { kind: 'sample', machine: new SampleMachine(query, bounds) };
    case 'correlation':
      return { kind: 'correlation', machine: new CorrelationMachine(query, bounds, isCorrelated) };
  }
}
