// The attribution of a recorded case in the orders in which it can be fed: in judging, and while the case runs.

import {
  Attribution,
  addInventories,
  attributeCase,
  payloadsOf,
  type Role,
} from '../harness/engine/proof/attribution.ts';
import type { EcsEvent } from '../harness/model/event.ts';
import type { CaseEvidence } from '../harness/model/evidence.ts';
import { diffInventory, type ScheduleNews, scheduleNews } from '../harness/schedulers/inventory-diff.ts';

const roles: readonly Role[] = ['prereq', 'attack', 'cleanup', 'legitimate'];

/** All that an attribution says of these events, in a form that can be compared. */
export const saidBy = (attribution: Attribution, events: readonly EcsEvent[]) => ({
  owners: events.map((event) => `${event.event.id} ${attribution.ownerOf(event)}`),
  launches: attribution.launches.map(
    ({ role, by, nonce, unit, event, job }) =>
      `${role} by ${by} ${nonce} ${unit} ${event.event.id} ${job.root.entityId}`,
  ),
  unexplained: roles.map((role) => attribution.unexplained(role)),
  written: roles.map((role) => attribution.writtenBy(role)),
});

/** A role's schedules as an inventory shows them after so many events. */
export interface Stock {
  readonly role: Role;
  readonly after: number;
  readonly news: ScheduleNews;
}

/** As while a case runs: each stock is taken between two events, and the attribution has to go on from there. */
export function live(
  evidence: CaseEvidence,
  events: readonly EcsEvent[],
  stocks: readonly Stock[],
): Attribution {
  const attribution = new Attribution(payloadsOf(evidence));
  for (const { role, argv } of evidence.steps) attribution.expectStep(role, argv);
  const learn = (number: number) => {
    for (const { role, after, news } of stocks) if (after === number) attribution.addSchedules(role, news);
  };
  events.forEach((event, number) => {
    learn(number);
    attribution.push(event);
  });
  learn(events.length);
  return attribution;
}

/**
 * A recorded case in judging's order, and in some in which its run could have learned what it did: with the attack's
 * inventory taken after each of the given shares of the events, empty at first.
 */
export function ordersOf(evidence: CaseEvidence, events: readonly EcsEvent[], shares: readonly number[]) {
  const { before, scheduled } = evidence.inventory;
  const newsOf = (schedules: typeof scheduled.schedules) =>
    scheduleNews(before, diffInventory(before, { ...scheduled, schedules }));
  const judging = saidBy(attributeCase(evidence, events), events);
  const lives = shares.map((share) => {
    const after = Math.floor(events.length * share);
    const attribution = live(evidence, events, [
      { role: 'attack', after: Math.floor(after / 2), news: newsOf(before.schedules) },
      { role: 'attack', after, news: newsOf(scheduled.schedules) },
    ]);
    addInventories(attribution, evidence);
    return saidBy(attribution, events);
  });
  return { judging, lives };
}
