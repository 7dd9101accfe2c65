// A recorded case followed as if it happened now: its events come as sensors bring them, each at its own pace.

import { LiveCase } from '../../../harness/engine/live/live-case.ts';
import { liveRuleSets } from '../../../harness/engine/live/live-rules.ts';
import {
  Attribution,
  addInventories,
  attributedRole,
  payloadsOf,
} from '../../../harness/engine/proof/attribution.ts';
import { EventLog } from '../../../harness/engine/run/event-log.ts';
import { feeder } from '../../../harness/engine/run/launch-wait.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import type { CaseEvidence } from '../../../harness/model/evidence.ts';
import type { RunFact } from '../../../harness/model/run-event.ts';
import type { Rule } from '../../../harness/rules/index.ts';

export interface Pace {
  /** How many milliseconds after it happened an event comes. */
  delayMs(event: EcsEvent): number;
  /** Advances the clock that timers run by, in milliseconds. */
  advance(ms: number): void;
}

/** Everything that is said of a case while its events come. */
export function followed(
  evidence: CaseEvidence,
  events: readonly EcsEvent[],
  rules: readonly Rule[],
  { delayMs, advance }: Pace,
): RunFact[] {
  const said: RunFact[] = [];
  const log = new EventLog();
  const attribution = new Attribution(payloadsOf(evidence));
  for (const { role, argv } of evidence.steps) attribution.expectStep(attributedRole(role), argv);
  const catchUp = feeder(log, attribution);
  let nowMs = 0;
  using live = new LiveCase({
    ...{ case: evidence.id, rules: liveRuleSets(rules), attribution, events: log.events },
    ...{ steps: evidence.steps, catchUp, now: () => nowMs, say: (fact) => said.push(fact) },
  });
  const arrivals = events
    .map((event) => ({ event, atMs: Date.parse(event['@timestamp']) + delayMs(event) }))
    .sort((a, b) => a.atMs - b.atMs);
  for (const [index, { event, atMs }] of arrivals.entries()) {
    advance(Math.max(0, Math.min(atMs - nowMs, 2_000)));
    nowMs = Math.max(nowMs, atMs);
    log.push(event);
    live.wake();
    // What was scheduled is known in the midst of it.
    if (index === Math.floor(arrivals.length / 2)) addInventories(attribution, evidence);
  }
  live.finish();
  return said;
}
