// Tells what happens in a case as it happens: each event of its own in a sentence, each rule as it matches.

import type { EcsEvent } from '../../model/event.ts';
import type { EventRole, OnRunFact } from '../../model/run-event.ts';
import type { Attribution, Owner } from '../proof/attribution.ts';
import { lineage } from '../proof/process-tree.ts';
import { withoutRunner } from '../proof/runner-text.ts';
import { isDaemon } from '../proof/scheduler.ts';
import { eventSentence } from './event-sentence.ts';
import { type LiveRuleSets, LiveRules } from './live-rules.ts';

export interface LiveCaseOptions {
  readonly case: string;
  readonly rules: LiveRuleSets;
  readonly attribution: Attribution;
  /** All events so far, in the order in which they came; grows. */
  readonly events: readonly EcsEvent[];
  /** What the first processes of steps are given; grows, each before its events. */
  readonly steps: readonly { readonly argv: readonly string[] }[];
  /** Feeds the attribution with all events so far. */
  catchUp(): void;
  now(): number;
  say: OnRunFact;
}

/** What came together is gone through together. */
const batchMs = 20;
/** Events that are nobody's yet, as far as they are asked after again. */
const mostUnowned = 2_000;

export class LiveCase implements Disposable {
  readonly #options: LiveCaseOptions;
  readonly #rules: LiveRules;
  #seen = 0;
  #recognised = 0;
  #unowned: EcsEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: LiveCaseOptions) {
    this.#options = options;
    this.#rules = new LiveRules(options.rules, options.attribution);
  }

  /** There are new events: they are told soon. */
  readonly wake = (): void => {
    if (this.#isOver) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#guarded(() => this.#look());
      if (this.#rules.isHolding) this.wake();
    }, batchMs);
  };

  /** Tells at once what there is so far, as far as it need not be held. */
  flush(): void {
    if (!this.#isOver) this.#guarded(() => this.#look());
  }

  /** All events are there: tells what is still to be told. */
  finish(): void {
    if (this.#isOver) return;
    this.#guarded(() => {
      this.#look();
      this.#tell(this.#rules.finish());
    });
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Whoever watches must not harm what is watched: where telling fails it ends, and says so. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this[Symbol.dispose]();
      const { say, case: id } = this.#options;
      say({ kind: 'note', message: `${id} is not told live any further: ${String(error)}` });
    }
  }

  #look(): void {
    const { attribution, events, catchUp, now } = this.#options;
    catchUp();
    const known = attribution.recognised;
    if (known !== this.#recognised) {
      this.#recognised = known;
      const waiting = this.#unowned;
      this.#unowned = [];
      for (const event of waiting) this.#tellEvent(event, attribution.ownerOf(event));
      this.#tell(this.#rules.askAgain());
    }
    for (; this.#seen < events.length; this.#seen++) {
      const event = events[this.#seen] as EcsEvent;
      const owner = attribution.ownerOf(event);
      if (owner === 'harness') continue;
      this.#tellEvent(event, owner);
      for (const ruled of this.#ruled(event)) this.#tell(this.#rules.push(ruled, now()));
    }
    this.#tell(this.#rules.settle(now()));
  }

  /** As rules are judged by it: the start of the harness's own shell is nothing. */
  #ruled(event: EcsEvent): readonly EcsEvent[] {
    return withoutRunner(this.#options.steps, [event]).events;
  }

  #tellEvent(event: EcsEvent, of: Owner): void {
    const { attribution, say, case: id } = this.#options;
    if (of === 'background') {
      this.#unowned.push(event);
      if (this.#unowned.length > mostUnowned) this.#unowned.shift();
    } else if (of !== 'harness') {
      const isRunner = this.#ruled(event).length === 0;
      const role = isRunner ? 'runner' : roleOf(event, attribution);
      const sentence = isRunner ? 'a shell is started for the commands' : eventSentence(event);
      say({ kind: 'event', case: id, of, role, sentence, event });
    }
  }

  #tell(matches: ReturnType<LiveRules['push']>): void {
    const { say, case: id } = this.#options;
    for (const match of matches) say({ kind: 'matched', case: id, ...match });
  }
}

function roleOf(event: EcsEvent, attribution: Attribution): EventRole {
  if (!event.process?.entity_id) return 'log';
  const node = attribution.tree.processOf(event);
  if (node && isDaemon(node)) return 'scheduler';
  const job = attribution.jobOf(event);
  if (!job) return 'attack';
  const launch = attribution.launches.find((one) => one.job.root === job.root);
  const payload = launch && attribution.tree.processOf(launch.event);
  return payload && node && [...lineage(node)].includes(payload) ? 'payload' : 'job';
}
