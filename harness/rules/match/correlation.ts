// Sigma correlations: conditions over the matches of other rules, per group and within a span of time.
//
// A correlation matches when its condition becomes true for a group, and stays silent while it remains true.
// Conditions that more matches can only make true (at least so many events, values, or a sum of at least so much;
// all rules seen) slide over the stream and match at the event that makes them true. Where a rule must not match
// (`a and not b`), the span slides too, and what the others have made true counts when no match can join them any
// more. All others (at most, exactly, averages, percentiles) are judged when the window is over that the group's first
// event opened.

import type { CorrelationQuery } from '../rule.ts';
import { BoundedMap, type Bounds } from './bounds.ts';
import { type Entry, involvedEntries, type Judging, judgingOf } from './correlation-condition.ts';
import { Deadlines } from './deadlines.ts';
import { type FieldReader, fieldReader } from './field.ts';
import { keyPart } from './join-key.ts';
import { numberOf } from './value-test.ts';

/** A match of a correlated rule, with what a correlation may ask about it. */
export interface Contribution {
  readonly ruleId: string;
  readonly handles: readonly number[];
  readonly timestampMs: number;
  /** The matched event, the last of several. */
  readonly event: object;
  /** By name, what a correlated correlation has grouped by. */
  readonly group?: ReadonlyMap<string, unknown>;
}

export type EmitContribution = (contribution: Omit<Contribution, 'ruleId'>) => void;

export class CorrelationMachine {
  readonly #query: CorrelationQuery;
  readonly #judging: Judging;
  readonly #isCorrelated: boolean;
  readonly #groups: BoundedMap<Group>;
  readonly #windowEntries: number;
  readonly #readers = new Map<string, FieldReader>();
  /** Keys of the groups that wait for the end of a span. */
  readonly #open = new Deadlines<string>();
  #forgotten = 0;

  /** `isCorrelated`: another correlation builds on this one, and may ask for fields of the events. */
  constructor(query: CorrelationQuery, bounds: Bounds, isCorrelated: boolean) {
    this.#query = query;
    this.#judging = judgingOf(query);
    this.#isCorrelated = isCorrelated;
    // A window that waits for its end is touched only by its events: it may be twice as old as the span.
    this.#groups = new BoundedMap(bounds.keys, query.timespanMs * (this.waits ? 2 : 1));
    this.#windowEntries = bounds.windowEntries;
  }

  /** Groups and entries forgotten because of the bounds. */
  get evicted(): number {
    return this.#groups.evicted + this.#forgotten;
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Takes a match of one of the correlated rules. */
  push(contribution: Contribution, emit: EmitContribution): void {
    const entry = this.#entryOf(contribution);
    const group = this.#groupOf(contribution);
    if (entry === undefined || group === undefined) return;
    if (this.#isCorrelated) group.latestEvent = contribution.event;
    if (this.#judging !== 'at-end') this.#dropStale(group, entry);
    else if (group.entries.length === 0) this.#wait(group, entry);
    insertInTime(group.entries, entry);
    this.#keepToBounds(group);
    this.#groups.set(group.key, group, entry.timestampMs);
    if (this.#judging !== 'at-end') this.#judge(group, emit);
  }

  /** Whether the passing of time alone can make the condition true. */
  get waits(): boolean {
    return this.#judging !== 'at-match';
  }

  /** Tells the machine the time, before the event of that time is pushed. */
  tick(nowMs: number, emit: EmitContribution): void {
    for (let key = this.#open.takeDue(nowMs); key !== undefined; key = this.#open.takeDue(nowMs)) {
      this.#close(key, nowMs, emit);
    }
  }

  /**
   * No event will follow: every open window is judged on what it holds. Tells whether any was open.
   *
   * The specification leaves open what an unfinished window is. Its engines search events that are stored, and judge
   * the last bucket like all others (pySigma's backends for Splunk: `bin _time span=…`, ES|QL: `date_trunc`), whatever
   * the condition is; those that read a stream (rsigma) judge at every event. EQL differs: see SequenceMachine.finish.
   * @source SigmaHQ/sigma-specification, sigma-correlation-rules-specification.md, Timespan
   */
  finish(emit: EmitContribution): boolean {
    const wasOpen = this.#open.size > 0;
    this.tick(Number.POSITIVE_INFINITY, emit);
    return wasOpen;
  }

  /** Until no match can be within the span of this one. */
  #wait(group: Group, first: Entry | undefined): void {
    group.closesMs = (first?.timestampMs ?? 0) + this.#query.timespanMs;
    this.#open.add(group.closesMs, group.key);
  }

  #close(key: string, nowMs: number, emit: EmitContribution): void {
    const group = this.#groups.get(key);
    // A deadline may be that of a group that is forgotten, or of a wait that is over.
    if (group === undefined || group.closesMs >= nowMs) return;
    if (this.#judging === 'at-end') this.#groups.delete(key);
    const involved =
      this.#judging === 'at-end' ? involvedEntries(this.#query, group.entries) : group.awaiting;
    if (involved !== undefined) this.#emit(group, involved, emit);
    endWait(group);
  }

  #judge(group: Group, emit: EmitContribution): void {
    const involved = involvedEntries(this.#query, group.entries);
    if (involved === undefined) {
      endWait(group);
    } else if (!group.firing && this.#judging === 'at-match') {
      this.#emit(group, involved, emit);
    } else if (!group.firing) {
      group.awaiting = involved;
      this.#wait(group, involved[0]);
    }
    group.firing = involved !== undefined;
  }

  #emit(group: Group, involved: readonly Entry[], emit: EmitContribution): void {
    emit({
      handles: [...new Set(involved.flatMap(({ handles }) => handles))],
      timestampMs: involved.at(-1)?.timestampMs ?? 0,
      event: group.latestEvent,
      group: new Map(this.#query.groupBy.map((name, index) => [name, group.values[index]])),
    });
  }

  /** Undefined when a field to group by is absent: events without it have nothing in common. */
  #groupOf(contribution: Contribution): Group | undefined {
    const values = this.#query.groupBy.map((name) => this.#valueOf(contribution, name));
    let key = '';
    for (const value of values) {
      const part = keyPart(value);
      if (part === undefined) return undefined;
      key += part;
    }
    return (
      this.#groups.get(key) ?? {
        key,
        values,
        entries: [],
        firing: false,
        awaiting: undefined,
        closesMs: never,
        latestEvent: forgotten,
      }
    );
  }

  /** Undefined when the field that is counted or computed with is absent. */
  #entryOf(contribution: Contribution): Entry | undefined {
    const { ruleId, handles, timestampMs } = contribution;
    const { type, condition } = this.#query;
    const fields = condition?.field ?? [];
    switch (type) {
      case 'event_count':
      case 'temporal':
      case 'temporal_ordered':
        return { ruleId, handles, timestampMs, value: undefined };
      case 'value_count': {
        const parts = fields.map((name) => keyPart(this.#valueOf(contribution, name)));
        if (parts.includes(undefined)) return undefined;
        return { ruleId, handles, timestampMs, value: parts.join('') };
      }
      case 'value_sum':
      case 'value_avg':
      case 'value_min':
      case 'value_max':
      case 'value_percentile':
      case 'value_median': {
        const [field] = fields;
        const given = field === undefined ? undefined : this.#valueOf(contribution, field);
        const value = numberOf(Array.isArray(given) && given.length === 1 ? given[0] : given);
        return value === undefined ? undefined : { ruleId, handles, timestampMs, value };
      }
    }
  }

  /** The value of a field that the correlation names, wherever the events of the rule have it. */
  #valueOf({ ruleId, event, group }: Contribution, name: string): unknown {
    if (group?.has(name)) return group.get(name);
    const field = this.#query.aliases[name]?.[ruleId] ?? name;
    const read = this.#readers.get(field) ?? fieldReader(field);
    this.#readers.set(field, read);
    return read(event);
  }

  #dropStale(group: Group, { timestampMs, ruleId }: Entry): void {
    const oldestMs = timestampMs - this.#query.timespanMs;
    const fresh = group.entries.findIndex((entry) => entry.timestampMs >= oldestMs);
    group.entries.splice(0, fresh < 0 ? group.entries.length : fresh);
    if (group.entries.length === 0) group.firing = false;
    // Of several matches of one rule only the last can matter to which rules are seen.
    if (this.#query.type === 'temporal') {
      group.entries = group.entries.filter((entry) => entry.ruleId !== ruleId);
    }
  }

  #keepToBounds(group: Group): void {
    const excess = group.entries.length - this.#windowEntries;
    if (excess <= 0) return;
    group.entries.splice(0, excess);
    this.#forgotten += excess;
  }
}

/** A correlation that waits for the end of its window tells of it late: its match belongs where its events were. */
function insertInTime(entries: Entry[], entry: Entry): void {
  const before = entries.findLastIndex(({ timestampMs }) => timestampMs <= entry.timestampMs);
  entries.splice(before + 1, 0, entry);
}

/** One combination of the values of `group-by`. */
interface Group {
  readonly key: string;
  readonly values: readonly unknown[];
  /** In order of time. */
  entries: Entry[];
  /** The condition was true at the last entry: it has to become false before it matches again. */
  firing: boolean;
  /** What has made the condition true and waits for what would undo it. */
  awaiting: readonly Entry[] | undefined;
  /** When the wait for that, or for the end of the window, is over. */
  closesMs: number;
  latestEvent: object;
}

const never = Number.POSITIVE_INFINITY;

function endWait(group: Group): void {
  group.awaiting = undefined;
  group.closesMs = never;
}

/** Where nobody asks for events, none is kept. */
const forgotten: object = {};
