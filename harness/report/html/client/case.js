// A case opened: its time line, its processes, how rules read it, the content of each event that is cited, what was scheduled.

import { badge, el, listed } from './dom.js';
import { eventDetails, eventLink, timeOf } from './event.js';
import { hashOf } from './links.js';
import { record, ruleTraces, traceOf, view } from './page-data.js';
import { processTree } from './process-tree.js';
import { readingOf } from './reading.js';
import { scheduleTable } from './schedules.js';
import { timeline } from './timeline.js';
import { triage } from './triage.js';

/** @typedef {import('../../../model/run-record.ts').CaseRecord} CaseRecord */
/** @typedef {import('../../../model/traces.ts').CaseTrace} CaseTrace */

/**
 * The closed row of a case; what is in it is made when it is opened.
 * @param {number} at its place in the record
 */
export function caseRow(at) {
  const each = /** @type {CaseRecord} */ (record.cases[at]);
  const { id, verdict, atomic, user, observation, proof } = each;
  const { unseen, rules } = view.cases[at] ?? { unseen: false, rules: '' };
  const row = el(
    'details',
    { class: 'case', id: hashOf({ case: id }).slice(1) },
    el(
      'summary',
      {},
      badge(view.looks.verdicts[verdict], verdict),
      unseen && [' ', badge({ tone: 'bad', sign: '◌' }, 'unseen')],
      ' ',
      el('code', { class: 'name' }, id),
      el(
        'span',
        { class: 'quiet' },
        ` ${[atomic.name, atomic.technique, user, observation ?? 'not run', proof && `${proof.scheduler} after ${ms(proof.latencyMs)}`, rules].filter(Boolean).join(' · ')}`,
      ),
    ),
  );
  row.addEventListener('toggle', () => fill(row, each));
  return row;
}

/**
 * Makes the content of an opened case, once.
 * @param {HTMLDetailsElement} row
 * @param {CaseRecord} each
 */
export function fill(row, each) {
  if (!row.open || row.childElementCount > 1) return;
  row.append(caseBody(each));
}

/** @param {CaseRecord} each */
function caseBody(each) {
  const trace = traceOf(each.id);
  const held = new Set(trace?.events.map(({ event }) => event.id));
  const { id, atomic, telemetry, residue, reasons, artifacts, mitigation } = each;
  const pair = record.mitigations.find((one) => one.case === id);
  return el(
    'div',
    { class: 'body' },
    listed('Why', reasons),
    pair && [el('h4', {}, `Mitigation ${mitigation ?? ''}`), mitigationText(pair)],
    timeline(each, trace, held),
    proofPart(each, held),
    trace && processTree(trace.processes),
    detections(each, trace, held),
    listed(
      'Artifacts',
      artifacts.map(({ path, action, eventId }) => [
        `${action} `,
        el('code', {}, path),
        ' ',
        eventLink(id, eventId, held),
      ]),
    ),
    trace && scheduleTable(trace.schedules),
    listed('Left behind after cleanup', residue),
    trace &&
      trace.events.length > 0 && [
        el('h4', {}, `Events cited (${trace.events.length})`),
        trace.events.map(eventDetails),
      ],
    !trace &&
      el(
        'p',
        { class: 'quiet' },
        'This page was made without the evidence of this case: events are named, and not shown.',
      ),
    steps(each),
    el(
      'p',
      { class: 'quiet' },
      [
        `${telemetry.events} events, ${telemetry.lost} lost`,
        ...Object.entries(telemetry.perSensor).map(
          ([sensor, { events, lost }]) =>
            `${sensor} ${events}${lost === 0 ? '' : ` (${lost ?? 'unknown'} lost)`}`,
        ),
        atomic.source,
        atomic.guid,
      ].join(' · '),
    ),
  );
}

/** @param {import('../../../model/run-record.ts').MitigationRecord} pair */
const mitigationText = ({ verdict, control, treated, stage, reason, legitimate, records = [] }) => [
  el(
    'p',
    {},
    badge(view.looks.mitigations[verdict], verdict),
    ` without it ${control ?? '?'}, with it ${treated ?? '?'}${stage ? `; at ${stage}` : ''}: `,
    el('code', {}, reason),
  ),
  records.length > 0 &&
    el(
      'ul',
      {},
      records.map(({ key, count, first }) =>
        el('li', {}, `on record with the key ${key}: ${count}`, ' ', el('span', { class: 'quiet' }, first)),
      ),
    ),
  legitimate.length > 0 &&
    el(
      'ul',
      {},
      legitimate.map(({ name, works, detail }) =>
        el('li', {}, works ? '✓ ' : '✗ ', name, ' ', el('span', { class: 'quiet' }, detail)),
      ),
    ),
];

/**
 * @param {CaseRecord} each
 * @param {ReadonlySet<string>} held
 */
const proofPart = ({ id, proof }, held) =>
  proof && [
    el('h4', {}, 'Proof of execution'),
    el('pre', {}, proof.commandLine),
    el(
      'ol',
      { class: 'lineage', 'aria-label': 'Lineage, from the payload up' },
      proof.lineage.map((name) => el('li', {}, el('code', {}, name))),
    ),
    el(
      'p',
      {},
      `Ran as ${proof.user}, launched by ${proof.scheduler} ${ms(proof.latencyMs)} after the attack began, known by its ${proof.by}; event `,
      eventLink(id, proof.eventId, held),
      proof.exitCode === null ? ', exit code unknown.' : `, exit code ${proof.exitCode}.`,
    ),
  ];

/**
 * @param {CaseRecord} each
 * @param {CaseTrace | undefined} trace
 * @param {ReadonlySet<string>} held
 */
function detections({ id, kind, detections: all }, trace, held) {
  if (all.length === 0) return null;
  return [
    el('h4', {}, 'Detections'),
    all.map((detection) => {
      const { rule, outcome, attributed, eventIds, timeToDetectMs, nearest } = detection;
      const sight = attributed && kind === 'benign' ? 'false positive' : outcome;
      const reading = trace?.readings.find((one) => one.rule === rule);
      return el(
        'details',
        { class: 'detection', 'data-rule': rule },
        el(
          'summary',
          {},
          badge(view.looks.sights[sight], sight),
          ' ',
          el('code', {}, rule),
          el('span', { class: 'quiet' }, timeToDetectMs === null ? '' : ` after ${ms(timeToDetectMs)}`),
        ),
        el(
          'div',
          {},
          el(
            'p',
            {},
            eventIds.length > 0 ? 'On ' : attributed ? '' : 'It fired on nothing of the case. ',
            eventIds.map((eventId, at) => [at > 0 && ', ', eventLink(id, eventId, held)]),
            ' ',
            el('a', { href: hashOf({ rule }) }, `The rule ${rule}`),
          ),
          nearest !== undefined && !reading && el('pre', {}, `closest: ${nearest}`),
          reading && readingOf(id, reading, ruleTraces.get(rule), held),
          attributed && trace && triage(detection, trace),
        ),
      );
    }),
  ];
}

/** @param {CaseRecord} each */
const steps = ({ steps: all }) =>
  all.length > 0 && [
    el('h4', {}, 'Steps'),
    all.map(({ role, user, command, exitCode, stdout, stderr, startedAt, ms: took }) => [
      el(
        'p',
        {},
        el('b', {}, role),
        ` as ${user}, ${exitCode === null ? 'ended by its time limit' : `exit ${exitCode}`}, ${timeOf(startedAt)}, ${ms(took)}`,
      ),
      el('pre', {}, command),
      stdout !== '' && el('pre', { 'aria-label': 'standard output' }, stdout),
      stderr !== '' && el('pre', { 'aria-label': 'standard error' }, stderr),
    ]),
  ];

/** @param {number} count */
const ms = (count) => (count < 1000 ? `${Math.round(count)} ms` : `${(count / 1000).toFixed(1)} s`);
