// The page on paper, where nothing can be opened: all tables, and whole what the reader will look for there.

import { fill } from './case.js';
import { byId, el } from './dom.js';
import { record } from './page-data.js';
import { fillRule } from './rule.js';

/** @typedef {import('../../../model/run-record.ts').RuleRecord} RuleRecord */
/**
 * @template Item
 * @typedef {import('./rows.js').Rows<Item>} RowsOf
 */

/** What is printed whole takes pages each: more would keep a browser busy for minutes, and nobody reads it. */
const mostWhole = 20;

/** @type {HTMLDetailsElement[]} */
let opened = [];
const note = el('p', { class: 'paper quiet' });

/**
 * Opens what is printed whole: what the reader has opened, and all of what the page was narrowed to where that is little;
 * of what failed all but the content of events. Of the rest there is the row.
 * @param {{ cases: RowsOf<number>, rules: RowsOf<RuleRecord> }} rows with all that are shown made
 */
export function openForPaper({ cases, rules }) {
  for (const each of document.querySelectorAll('main details:not(.case, .rule, .case *, .rule *)'))
    open(each);
  const whole = openRows(cases, hasFailed, (row, at) => {
    const each = record.cases[at];
    if (each) fill(row, each);
  });
  openRows(rules, isWorthALook, fillRule);
  const shown = cases.shown().length;
  note.textContent =
    whole < shown
      ? `${whole} of ${shown} cases are printed open: those that were, and then those that failed, ${mostWhole} at most. To print others, open them, or narrow the page to no more than these.`
      : '';
  byId('case-rows').before(note);
}

/** Closes again what was opened for paper. */
export function closeAfterPaper() {
  for (const each of opened) each.open = false;
  opened = [];
}

/**
 * @template Item
 * @param {RowsOf<Item>} list
 * @param {(item: Item) => boolean} isWanted though the reader has not opened it
 * @param {(row: HTMLDetailsElement, item: Item) => void} fillRow makes the content of an opened row
 * @returns {number} how many are open
 */
function openRows(list, isWanted, fillRow) {
  const rows = list.shown().flatMap((item) => {
    const row = list.rowOf(item);
    return row instanceof HTMLDetailsElement ? [{ item, row }] : [];
  });
  const isLittle = rows.length <= mostWhole;
  const chosen = rows.filter(({ row }) => isLittle || row.open);
  const wanted = rows.filter(({ item, row }) => !isLittle && !row.open && isWanted(item));
  const room = Math.max(0, mostWhole - chosen.length);
  const show = (/** @type {typeof rows} */ those, /** @type {string} */ parts) => {
    for (const { item, row } of those) {
      open(row);
      fillRow(row, item);
      for (const each of row.querySelectorAll(parts)) open(each);
    }
  };
  show(chosen, 'details');
  show(wanted.slice(0, room), 'details:not(.event)');
  return chosen.length + Math.min(room, wanted.length);
}

/** @param {number} at */
const hasFailed = (at) => ['fail', 'error'].includes(record.cases[at]?.verdict ?? '');

/** @param {RuleRecord} rule */
const isWorthALook = ({ error, silent = [], falsePositives, crossTalk }) =>
  error !== null || silent.length > 0 || falsePositives.length > 0 || crossTalk.length > 0;

/** @param {Element} element */
function open(element) {
  if (!(element instanceof HTMLDetailsElement) || element.open) return;
  element.open = true;
  opened.push(element);
}
