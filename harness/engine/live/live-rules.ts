// Rules on the events of a case as they come: the evaluator that judges the case, fed while it lives.
//
// A rule over single events says the same whatever the order of events: it is told at once. What looks at several needs
// them in order of time, and sensors come each at its own pace: those events are held a moment, and where one comes
// later still, everything is gone through again. What is left to tell in the end, judging the case tells.

import type { EcsEvent } from '../../model/event.ts';
import type { TestReading } from '../../model/traces.ts';
import { compileRules, type Match, type Rule, type RuleSet } from '../../rules/index.ts';
import { ownerOfAll } from '../judge/matches.ts';
import { readingOf } from '../judge/rule-reading.ts';
import type { Attribution } from '../proof/attribution.ts';
import { byTime } from '../run/event-log.ts';

/** The rules of a run, compiled for following its cases. */
export interface LiveRuleSets {
  readonly single: RuleSet;
  /** Those that look at several events, with what correlations build on; null: there are none. */
  readonly several: RuleSet | null;
}

export interface LiveMatch {
  readonly rule: string;
  readonly eventIds: readonly string[];
  readonly because: readonly TestReading[];
}

export function liveRuleSets(rules: readonly Rule[]): LiveRuleSets {
  const isSingle = ({ query }: Rule) => query.kind === 'event' && query.pipes.length === 0;
  const correlated = new Set(rules.flatMap(({ query }) => (query.kind === 'correlation' ? query.rules : [])));
  const several = rules.filter((rule) => !isSingle(rule) || correlated.has(rule.id));
  // Whether what correlations build on is told on its own is decided among all of them.
  const single = rules.filter((rule) => isSingle(rule) && !correlated.has(rule.id));
  return {
    single: compileRules(single, { fields: 'ecs' }),
    several: several.length > 0 ? compileRules(several, { fields: 'ecs' }) : null,
  };
}

/** How long an event of one sensor may come after later ones of another. */
const heldMs = 250;
/** So often everything is gone through again; after that, judging tells what several events make. */
const mostRestarts = 20;
/** Matches that are nobody's yet, as far as they are asked after again. */
const mostUnowned = 2_000;
/** Matches of one rule whose reasons are told; the others say no more. */
const mostExplained = 20;

export class LiveRules {
  readonly #sets: LiveRuleSets;
  readonly #attribution: Attribution;
  readonly #single: ReturnType<RuleSet['session']>;
  /** By the handles of the session over single events. */
  readonly #events: EcsEvent[] = [];
  #several: Ordered | null;
  /** In order of time, with the moment at which each came. */
  #held: { readonly event: EcsEvent; readonly cameMs: number }[] = [];
  #restarts = 0;
  #unowned: Candidate[] = [];
  readonly #said = new Map<string, Set<string>>();
  readonly #explained = new Map<string, number>();

  constructor(sets: LiveRuleSets, attribution: Attribution) {
    this.#sets = sets;
    this.#attribution = attribution;
    this.#single = sets.single.session();
    this.#several = sets.several && new Ordered(sets.several);
  }

  /** Takes an event in, as rules are judged by it. Gives what it made known at once. */
  push(event: EcsEvent, nowMs: number): LiveMatch[] {
    if (this.#several) this.#held.push({ event, cameMs: nowMs });
    const handle = this.#events.push(event) - 1;
    return this.#told(candidates(this.#single.push(event, handle), this.#events));
  }

  /** Whether events wait for their time. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Gives what is known now of events that have waited for long enough. */
  settle(nowMs: number): LiveMatch[] {
    const due = this.#held.findLast(({ cameMs }) => cameMs <= nowMs - heldMs);
    if (!due) return [];
    const latest = this.#held.reduce(
      (last, { event, cameMs }) => (cameMs <= nowMs - heldMs && byTime(event, last) > 0 ? event : last),
      due.event,
    );
    return this.#release(({ event }) => byTime(event, latest) <= 0);
  }

  /** No event will follow: gives what was only waiting for more. */
  finish(): LiveMatch[] {
    const released = this.#release(() => true);
    const ended = [...candidates(this.#single.finish(), this.#events), ...(this.#several?.finish() ?? [])];
    return [...released, ...this.#told(ended), ...this.askAgain()];
  }

  /** Whose events are, may be known by now. */
  askAgain(): LiveMatch[] {
    const waiting = this.#unowned;
    this.#unowned = [];
    return this.#told(waiting);
  }

  #release(isDue: (held: { readonly event: EcsEvent }) => boolean): LiveMatch[] {
    if (!this.#several || this.#held.length === 0) return [];
    const due = this.#held.filter(isDue).map(({ event }) => event);
    this.#held = this.#held.filter((held) => !isDue(held));
    const found = this.#several.push(due.toSorted(byTime));
    if (found !== null) return this.#told(found);
    this.#restarts += 1;
    if (this.#restarts > mostRestarts || !this.#sets.several) {
      this.#several = null;
      this.#held = [];
      return [];
    }
    const again = new Ordered(this.#sets.several);
    const events = [...this.#several.events, ...due].sort(byTime);
    this.#several = again;
    return this.#told(again.push(events) ?? []);
  }

  #told(found: readonly Candidate[]): LiveMatch[] {
    return found.flatMap((candidate) => {
      const { rule, events } = candidate;
      const said = this.#said.get(rule.slug) ?? new Set();
      const eventIds = [...new Set(events.map(({ event }) => event.id))];
      if (eventIds.every((id) => said.has(id))) return [];
      if (ownerOfAll(events, this.#attribution) !== 'attack') {
        this.#unowned.push(candidate);
        if (this.#unowned.length > mostUnowned) this.#unowned.shift();
        return [];
      }
      this.#said.set(rule.slug, said);
      for (const id of eventIds) said.add(id);
      return [{ rule: rule.slug, eventIds, because: this.#because(candidate) }];
    });
  }

  #because({ rule, events }: Candidate): readonly TestReading[] {
    const count = (this.#explained.get(rule.slug) ?? 0) + 1;
    this.#explained.set(rule.slug, count);
    if (count > mostExplained) return [];
    return readingOf(rule, true, events).stages.flatMap(({ matched, tests }) => (matched ? tests : []));
  }
}

/** A match, whoever's it is. */
interface Candidate {
  readonly rule: Rule;
  readonly events: readonly EcsEvent[];
}

const candidates = (found: readonly Match[], events: readonly EcsEvent[]): Candidate[] =>
  found.map(({ rule, handles }) => ({ rule, events: handles.flatMap((handle) => events[handle] ?? []) }));

/** A pass over events in order of time. */
class Ordered {
  readonly events: EcsEvent[] = [];
  readonly #session: ReturnType<RuleSet['session']>;

  constructor(set: RuleSet) {
    this.#session = set.session();
  }

  /** Null, and nothing is taken, where the first of them is earlier than what was there. */
  push(events: readonly EcsEvent[]): Candidate[] | null {
    const [first] = events;
    const last = this.events.at(-1);
    if (first && last && byTime(first, last) < 0) return null;
    return events.flatMap((event) => {
      const handle = this.events.push(event) - 1;
      return candidates(this.#session.push(event, handle), this.events);
    });
  }

  finish(): Candidate[] {
    return candidates(this.#session.finish(), this.events);
  }
}
