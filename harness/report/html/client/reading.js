// How a rule reads a case: its tests with what they saw, and its text with the lines that held or failed.

import { el } from './dom.js';
import { eventLink } from './event.js';

/** @typedef {import('../../../model/traces.ts').RuleReading} RuleReading */
/** @typedef {import('../../../model/traces.ts').RuleTrace} RuleTrace */
/** @typedef {import('../../../model/traces.ts').TestReading} TestReading */

/**
 * @param {string} caseId
 * @param {RuleReading} reading
 * @param {RuleTrace | undefined} rule
 * @param {ReadonlySet<string>} held events that the page has
 */
export const readingOf = (caseId, { stages, matched }, rule, held) => [
  stages.map(({ eventId, tests, matched: holds }, at) => [
    el(
      'p',
      {},
      stages.length > 1 && `Condition ${at + 1}: `,
      holds ? 'matches ' : 'closest event ',
      eventId === '' ? 'none' : eventLink(caseId, eventId, held),
    ),
    el('ul', { class: 'tests' }, tests.map(testItem)),
  ]),
  rule !== undefined &&
    el(
      'details',
      { class: 'source', open: !matched },
      el('summary', {}, 'Rule text'),
      sourceLines(
        rule.text,
        stages.flatMap(({ tests }) =>
          tests.flatMap(({ place, holds, seen }) =>
            place ? [{ line: place.line, good: holds, note: seen.map(seenText).join(', ') }] : [],
          ),
        ),
      ),
    ),
];

/** @param {TestReading} test */
const testItem = ({ text, excluded, holds, seen, place }) =>
  el(
    'li',
    { class: holds ? 'holds' : 'fails' },
    el('span', { 'aria-hidden': 'true' }, holds ? '✓ ' : '✗ '),
    el('span', { class: 'hidden-text' }, holds ? 'holds: ' : 'fails: '),
    excluded && 'not: ',
    text,
    el('span', { class: 'quiet' }, '; saw ', seen.map(seenText).join(', '), place && ` · line ${place.line}`),
  );

/** @param {TestReading['seen'][number]} seen */
const seenText = ({ field, value }) => (value === null ? `no ${field}` : `${field} ${JSON.stringify(value)}`);

/** @typedef {{ line: number, good: boolean, note: string }} Mark */

/**
 * A rule's text with marks at its lines.
 * @param {string} text
 * @param {readonly Mark[]} marks
 */
export function sourceLines(text, marks) {
  const byLine = Map.groupBy(marks, ({ line }) => line);
  return el(
    'ol',
    { class: 'lines' },
    text
      .replace(/\n$/, '')
      .split('\n')
      .map((content, at) => {
        const own = byLine.get(at + 1) ?? [];
        const tone =
          own.length === 0
            ? ''
            : own.every(({ good }) => good)
              ? 'holds'
              : own.some(({ good }) => good)
                ? 'partly'
                : 'fails';
        return el(
          'li',
          tone === '' ? {} : { class: tone },
          el('code', {}, content || ' '),
          own.map(({ good, note }) => el('span', { class: 'note' }, good ? '✓ ' : '✗ ', note)),
        );
      }),
  );
}
