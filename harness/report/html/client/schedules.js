// What is scheduled before, during and after an attack, as Autoruns shows it: what, who, when, and the file it is written in.

import { el, headings, scrolling, stackedCell, stackedHead } from './dom.js';

/** @typedef {import('../../../model/traces.ts').ScheduleTrace} ScheduleTrace */

/** @param {readonly ScheduleTrace[]} schedules */
export function scheduleTable(schedules) {
  if (schedules.length === 0) return null;
  const isKept = (/** @type {ScheduleTrace} */ each) => fateOf(each) === 'kept';
  const news = schedules.filter((each) => !isKept(each));
  const kept = schedules.filter(isKept);
  return [
    el('h4', {}, 'Scheduled by the attack'),
    news.length > 0
      ? table('Scheduled by the attack', news)
      : el('p', { class: 'quiet' }, 'Nothing that can be told from what was there before.'),
    kept.length > 0 &&
      el(
        'details',
        { class: 'kept' },
        el('summary', {}, `${kept.length} scheduled before, and unchanged`),
        table('Scheduled before', kept),
      ),
  ];
}

/**
 * @param {string} label
 * @param {readonly ScheduleTrace[]} schedules
 */
const table = (label, schedules) =>
  scrolling(
    label,
    el(
      'table',
      { class: 'stacked', role: 'table' },
      headings([el('span', { class: 'hidden-text' }, 'Fate'), ...titles]),
      el('tbody', { role: 'rowgroup' }, schedules.map(scheduleRow)),
    ),
  );

const titles = /** @type {const} */ (['What', 'Who', 'When', 'Command', 'File, owner, mode, written']);

/** @param {ScheduleTrace} each */
const scheduleRow = (each) =>
  el(
    'tr',
    { role: 'row' },
    stackedHead(fateOf(each)),
    stackedCell(titles[0], 'short', each.kind),
    stackedCell(titles[1], false, each.user ?? '?'),
    stackedCell(
      titles[2],
      false,
      el('code', {}, each.when),
      each.nextRun !== undefined && el('span', { class: 'quiet' }, ` next ${each.nextRun}`),
    ),
    stackedCell(
      titles[3],
      false,
      el('code', {}, each.command),
      each.inert !== undefined && el('div', { class: 'quiet' }, `will never run: ${each.inert}`),
    ),
    stackedCell(titles[4], false, fileText(each)),
  );

/** @param {ScheduleTrace} each */
export const fileText = ({ file, written }) =>
  file === null
    ? 'none: it is transient'
    : [
        el('code', {}, file),
        written && ` ${written.owner} ${written.mode}${written.mtime ? ` ${written.mtime}` : ''}`,
      ];

/** @param {ScheduleTrace} each */
const fateOf = ({ before, during, after, changed }) => {
  if (before && !during) return after ? 'gone for a time' : 'removed';
  if (changed) return 'changed';
  if (before) return after ? 'kept' : 'removed by cleanup';
  return after ? 'added, and left' : 'added';
};
