// A detection as an analyst takes it up: whose file, when, by which processes, and what else that user has scheduled.

import { el, listed } from './dom.js';
import { timeOf } from './event.js';
import { fileText } from './schedules.js';

/** @typedef {import('../../../model/run-record.ts').Detection} Detection */
/** @typedef {import('../../../model/traces.ts').CaseTrace} CaseTrace */
/** @typedef {import('../../../model/event.ts').EcsEvent} EcsEvent */
/** @typedef {import('../../../model/event.ts').ProcessFields} ProcessFields */

/**
 * @param {Detection} detection
 * @param {CaseTrace} trace
 */
export function triage({ eventIds }, { events, schedules }) {
  const first = events.find(({ event }) => eventIds.includes(event.id));
  if (!first) return null;
  const user = first.process?.user?.name ?? first.user?.name;
  const others = schedules.filter((each) => each.user === user && each.file !== first.file?.path);
  return el(
    'details',
    { class: 'triage' },
    el('summary', {}, 'Triage'),
    el(
      'dl',
      { class: 'fields' },
      [
        ...fileFacts(first, schedules),
        ...processFacts(first.process),
        ...(user === undefined ? [] : [fact('User', user)]),
      ].map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
    ),
    user !== undefined &&
      listed(
        `Other jobs of ${user}`,
        others.map((each) => [
          `${each.kind}, ${each.when}: `,
          el('code', {}, each.command),
          ' ',
          fileText(each),
        ]),
      ),
    user !== undefined && others.length === 0 && el('p', { class: 'quiet' }, `${user} has no other job.`),
  );
}

/** @typedef {[string, string]} Fact */
/** @type {(name: string, value: string) => Fact} */
const fact = (name, value) => [name, value];

/**
 * @param {EcsEvent} event
 * @param {CaseTrace['schedules']} schedules
 * @returns {Fact[]}
 */
function fileFacts({ file, event, '@timestamp': at }, schedules) {
  if (file?.path === undefined) return [];
  const written = schedules.find((each) => each.file === file.path)?.written;
  const owner = file.owner ?? file.uid;
  return [
    fact('File', file.path),
    ...(owner === undefined ? [] : [fact('Owner and mode then', `${owner} ${file.mode ?? ''}`.trim())]),
    ...(written ? [fact('Owner and mode when scheduled', `${written.owner} ${written.mode}`)] : []),
    fact(`Time of ${event.action}`, timeOf(at)),
    ...(written?.mtime ? [fact('Written', written.mtime)] : []),
  ];
}

/**
 * @param {ProcessFields | undefined} process
 * @returns {Fact[]} the process, then its ancestors as far as the event tells
 */
function processFacts(process) {
  /** @type {Fact[]} */
  const facts = [];
  let name = 'Process';
  for (let at = process; at; at = at.parent) {
    const line = at.command_line ?? at.executable ?? at.name;
    if (line !== undefined) facts.push([name, line]);
    name = name === 'Process' ? 'Started by' : 'and that by';
  }
  return facts;
}
