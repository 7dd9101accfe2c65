// A rule opened: its text with each branch proven or not, where it fired, what evaded it, what telemetry it needs.

import { badge, el, headings, listed, scrolling } from './dom.js';
import { eventDetails } from './event.js';
import { hashOf } from './links.js';
import { record, ruleTraces, traceOf, view } from './page-data.js';
import { sourceLines } from './reading.js';

/** @typedef {import('../../../model/run-record.ts').RuleRecord} RuleRecord */

/** @param {RuleRecord} rule */
export function ruleRow(rule) {
  const {
    slug,
    title,
    language,
    error,
    unavailable,
    branches,
    falsePositives,
    crossTalk,
    silent = [],
  } = rule;
  const row = el(
    'details',
    { class: 'rule', id: hashOf({ rule: slug }).slice(1) },
    el(
      'summary',
      {},
      stateBadges({
        error,
        unavailable,
        silent: silent.length,
        falsely: falsePositives.length,
        noisy: crossTalk.length,
      }),
      el('code', { class: 'name' }, slug),
      el(
        'span',
        { class: 'quiet' },
        ` ${title} · ${language} · ${rule.technique.join(', ') || 'no technique'} · ${firedText(rule)}${branches.total > 0 ? ` · ${branches.proven} of ${branches.total} branches proven` : ''}`,
      ),
    ),
  );
  row.addEventListener('toggle', () => fillRule(row, rule));
  return row;
}

/**
 * @param {HTMLDetailsElement} row
 * @param {RuleRecord} rule
 */
export function fillRule(row, rule) {
  if (row.open && row.childElementCount === 1) row.append(ruleBody(rule));
}

/** @param {{ error: string | null, unavailable: string | undefined, silent: number, falsely: number, noisy: number }} state */
const stateBadges = ({ error, unavailable, silent, falsely, noisy }) => [
  error !== null && [badge({ tone: 'bad', sign: '✗' }, 'unusable'), ' '],
  unavailable !== undefined && [badge({ tone: 'odd', sign: '–' }, 'not judged'), ' '],
  silent > 0 && [badge({ tone: 'bad', sign: '✗' }, 'silent'), ' '],
  falsely > 0 && [
    badge(view.looks.sights['false positive'], `${falsely} false positive${falsely > 1 ? 's' : ''}`),
    ' ',
  ],
  noisy > 0 && [badge(view.looks.sights['cross-talk'], 'cross-talk'), ' '],
];

/** @param {RuleRecord} rule */
const firedText = ({ firedIn, matches }) =>
  record.cases.length === 0
    ? matches.length === 1
      ? '1 match'
      : `${matches.length} matches`
    : firedIn.length > 0
      ? `fired in ${firedIn.length}`
      : 'fired nowhere';

/** @param {RuleRecord} rule */
function ruleBody(rule) {
  const {
    slug,
    file,
    error,
    unavailable,
    analytics,
    falsePositives,
    crossTalk,
    silent = [],
    branches,
    firedIn,
  } = rule;
  const trace = ruleTraces.get(slug);
  return el(
    'div',
    { class: 'body' },
    el(
      'p',
      { class: 'quiet' },
      [file, rule.id, ...(analytics.length > 0 ? [`analytics ${analytics.join(', ')}`] : [])].join(' · '),
    ),
    error !== null && el('pre', {}, error),
    unavailable !== undefined && el('p', {}, unavailable),
    listed(
      'Silent',
      silent.map(({ technique, attacks, nearest }) => [
        `${technique}: none of ${attacks.length} executed attacks; closest in `,
        caseLink(nearest.case),
        el('pre', {}, nearest.text),
      ]),
    ),
    listed('False positives', falsePositives.map(firedElsewhere)),
    listed('Cross-talk', crossTalk.map(firedElsewhere)),
    survival(slug),
    trace && [
      el('h4', {}, 'Text, with its branches'),
      el(
        'p',
        { class: 'quiet' },
        '✓ some attack, or for an exclusion some event, has taken this branch; ✗ none has.',
      ),
      sourceLines(
        trace.text,
        trace.branches.map(({ line, proven, kind, text }) => ({
          line,
          good: proven,
          note: `${kind}: ${text}`,
        })),
      ),
      needs(trace),
    ],
    listed(
      'Matches',
      (view.matches.find((each) => each.rule === slug)?.places ?? []).map((place) => el('code', {}, place)),
    ),
    firedIn.length > 0 && [
      el('h4', {}, 'Fired in'),
      el(
        'p',
        { class: 'links' },
        firedIn.map((id) => [caseLink(id), ' ']),
      ),
    ],
    !trace &&
      listed(
        'Unproven branches',
        branches.unproven.map(({ branch, kind, place }) => [
          `${kind}: `,
          el('code', {}, branch),
          ` ${place}`,
        ]),
      ),
  );
}

const caseIds = new Set(record.cases.map(({ id }) => id));

/**
 * An idle control is no case that could be opened.
 * @param {string} id
 */
const caseLink = (id) => (caseIds.has(id) ? el('a', { href: hashOf({ case: id }) }, id) : el('code', {}, id));

/** @param {RuleRecord['crossTalk'][number]} elsewhere */
const firedElsewhere = ({ case: id, eventIds }) => {
  const cited = (traceOf(id)?.events ?? []).filter(({ event }) => eventIds.includes(event.id));
  return [caseLink(id), ` ${eventIds.join(', ')}`, cited.map(eventDetails)];
};

/** @param {import('../../../model/traces.ts').RuleTrace} trace */
const needs = ({ sensors, fields }) => [
  el('h4', {}, 'What it needs'),
  el('p', {}, sensors.length > 0 ? `A sensor of ${sensors.join(', ')}.` : 'No sensor gives its log source.'),
  el(
    'ul',
    {},
    fields.map(({ name, sensors: giving }) =>
      el(
        'li',
        {},
        el('code', {}, name),
        el('span', { class: 'quiet' }, ` ${giving.join(', ') || 'of no sensor'}`),
      ),
    ),
  ),
];

/** @param {string} slug */
function survival(slug) {
  const of = record.robustness.find(({ rule }) => rule === slug);
  if (!of) return null;
  const { axes, executed, survived, cheapest, level } = of;
  return [
    el('h4', {}, `Survival: ${survived} of ${executed} variants`),
    scrolling(
      'Survival by axis',
      el(
        'table',
        { class: 'narrow' },
        headings(['Axis', 'Survived', 'Executed']),
        el(
          'tbody',
          {},
          Object.entries(axes).map(([axis, share]) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row' }, axis),
              el('td', {}, share.survived),
              el('td', {}, share.executed),
            ),
          ),
        ),
      ),
    ),
    cheapest &&
      el(
        'p',
        {},
        `Cheapest evasion: ${cheapest.axis}=${cheapest.value} in `,
        caseLink(cheapest.case),
        `: ${cheapest.why}`,
      ),
    (level.claimed !== null || level.measured !== null) &&
      el(
        'p',
        {},
        `Level of Summiting the Pyramid: claimed ${level.claimed ?? '?'}, measured ${level.measured ?? '?'}.`,
      ),
  ];
}
