// The content of an event: its fields by their ECS names, as a rule asks for them.

import { el } from './dom.js';
import { hashOf } from './links.js';

/** @typedef {import('../../../model/event.ts').EcsEvent} EcsEvent */

/**
 * A link to an event of a case, and nothing but its name where the page does not hold it.
 * @param {string} caseId
 * @param {string} id
 * @param {ReadonlySet<string>} held
 */
export const eventLink = (caseId, id, held) =>
  held.has(id)
    ? el('a', { class: 'event-id', href: hashOf({ case: caseId, event: id }) }, id)
    : el('code', {}, id);

/** @param {EcsEvent} event */
export const eventDetails = (event) =>
  el(
    'details',
    { class: 'event', 'data-event': event.event.id },
    el(
      'summary',
      {},
      el('code', {}, event.event.id),
      ' ',
      el(
        'span',
        { class: 'quiet' },
        `${timeOf(event['@timestamp'])} · ${event.event.action} · ${whatOf(event)}`,
      ),
    ),
    el(
      'dl',
      { class: 'fields' },
      fieldsOf(event).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
    ),
  );

/**
 * `09:43:53.713`
 * @param {string} iso
 */
export const timeOf = (iso) => iso.slice(11, 23);

/** @param {EcsEvent} event */
const whatOf = ({ file, process, message }) =>
  file?.path ?? process?.command_line ?? message ?? process?.executable ?? '';

/**
 * @param {object} value
 * @param {string} [prefix]
 * @returns {[string, string][]}
 */
export const fieldsOf = (value, prefix = '') =>
  Object.entries(value).flatMap(([name, each]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (typeof each === 'object' && each !== null && !Array.isArray(each)) return fieldsOf(each, path);
    return [[path, typeof each === 'string' ? each : JSON.stringify(each)]];
  });
