// How a rule reads the events of a case: each of its conditions held against the event that comes closest.

import type { EcsEvent } from '../../model/event.ts';
import type { RuleReading, TestReading } from '../../model/traces.ts';
import { type Finding, nearest, type Rule } from '../../rules/index.ts';

/**
 * @param matched whether the rule fired on these events
 * @param events in order
 */
export function readingOf(rule: Rule, matched: boolean, events: readonly EcsEvent[]): RuleReading {
  const stages =
    rule.query.kind === 'correlation'
      ? []
      : nearest(rule, events, { fields: 'ecs', limit: 1 })
          .flat()
          .map((stage) => ({
            eventId: events[stage.event]?.event.id ?? '',
            matched: stage.matched,
            tests: [
              ...stage.because.map((finding) => testOf(finding, true)),
              ...stage.failed.map((finding) => testOf(finding, false)),
            ],
          }));
  return { rule: rule.slug, matched, stages };
}

const testOf = ({ text, place, excluded, seen }: Finding, holds: boolean): TestReading => ({
  text: shortened(text),
  excluded,
  holds,
  seen: seen.map(({ field, value }) => ({
    field,
    value: value === undefined ? null : shortened(typeof value === 'string' ? value : JSON.stringify(value)),
  })),
  ...(place && { place: { line: place.line, column: place.column } }),
});

/** An argument or a message can be 128 KiB long; its event stands in the evidence whole. */
const longest = 2_000;
export const shortened = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
