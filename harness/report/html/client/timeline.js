// The time line of a case: what was typed, which files came of it, when the scheduler took it up, what ran, what fired.

import { el } from './dom.js';
import { eventLink, timeOf } from './event.js';

/** @typedef {import('../../../model/run-record.ts').CaseRecord} CaseRecord */
/** @typedef {import('../../../model/traces.ts').CaseTrace} CaseTrace */
/** @typedef {{ at: string, lane: string, text: string, eventId?: string }} Moment */

/**
 * @param {CaseRecord} each
 * @param {CaseTrace | undefined} trace
 * @param {ReadonlySet<string>} held
 */
export function timeline(each, trace, held) {
  const began = attackStart(each, trace);
  const moments = momentsOf(each, trace, began);
  const start = began ?? moments[0]?.at;
  if (moments.length === 0 || start === undefined) return null;
  return [
    el('h4', {}, 'Time line'),
    el(
      'ol',
      { class: 'timeline' },
      moments.map(({ at, lane, text, eventId }) =>
        el(
          'li',
          { class: lane },
          el('span', { class: 'when', title: timeOf(at) }, after(start, at)),
          el('b', {}, lane),
          el('code', {}, text),
          eventId !== undefined && eventLink(each.id, eventId, held),
        ),
      ),
    ),
  ];
}

/**
 * When the attack began, from which the record counts too: as the sensor saw it, or else when it was asked for.
 * @param {CaseRecord} each
 * @param {CaseTrace | undefined} trace
 */
const attackStart = ({ steps }, trace) =>
  trace?.processes.find(({ part }) => part === 'step')?.startedAt ??
  steps.find(({ role }) => role === 'attack')?.startedAt;

/**
 * @param {CaseRecord} each
 * @param {CaseTrace | undefined} trace
 * @param {string | undefined} began
 * @returns {Moment[]} in the order of their times
 */
function momentsOf({ steps, artifacts, proof, detections }, trace, began) {
  const times = new Map(trace?.events.map((event) => [event.event.id, event['@timestamp']]));
  /** @type {(lane: string, text: string, eventId: string | undefined) => Moment[]} */
  const cited = (lane, text, eventId) => {
    const at = eventId === undefined ? undefined : times.get(eventId);
    return at === undefined || eventId === undefined ? [] : [{ at, lane, text, eventId }];
  };
  const start = Date.parse(began ?? '');
  const first = steps.find(({ role }) => role === 'attack');
  /** @type {Moment[]} */
  const moments = [
    ...steps.map((step) => ({
      at: step === first ? (began ?? step.startedAt) : step.startedAt,
      lane: step.role === 'attack' ? 'command' : step.role,
      text: step.command.trim(),
    })),
    ...artifacts.flatMap(({ path, action, eventId }) => cited('file', `${action} ${path}`, eventId)),
    ...(trace?.processes ?? []).flatMap(({ part, startedAt, commandLine }) =>
      part === 'job' && startedAt ? [{ at: startedAt, lane: 'scheduler', text: commandLine }] : [],
    ),
    ...(proof ? cited('payload', proof.commandLine, proof.eventId) : []),
    ...detections.flatMap(({ rule, attributed, eventIds, timeToDetectMs }) =>
      attributed ? cited('rule', rule, eventNear(eventIds, times, start + (timeToDetectMs ?? 0))) : [],
    ),
  ];
  return moments.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/**
 * The event with which a rule fired: the record says when, and names the events of all its matches.
 * @param {readonly string[]} ids
 * @param {ReadonlyMap<string, string>} times
 * @param {number} wanted
 */
const eventNear = (ids, times, wanted) =>
  ids
    .filter((id) => times.has(id))
    .map((id) => ({ id, distance: Math.abs(Date.parse(times.get(id) ?? '') - wanted) }))
    .toSorted((a, b) => a.distance - b.distance)[0]?.id;

/**
 * @param {string} start
 * @param {string} at
 */
function after(start, at) {
  const between = Date.parse(at) - Date.parse(start);
  const sign = between < 0 ? '−' : '+';
  const size = Math.abs(between);
  return size < 1000 ? `${sign}${Math.round(size)} ms` : `${sign}${(size / 1000).toFixed(2)} s`;
}
