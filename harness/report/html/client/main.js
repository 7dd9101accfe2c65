// The page at work: fills its sections, follows addresses, and is put on paper.

import { caseRow, fill } from './case.js';
import { byId } from './dom.js';
import { clearFilters, hasWords, isNarrowed, makeFilters, passes, setFilters } from './filters.js';
import { addressIn } from './links.js';
import { record, view } from './page-data.js';
import { closeAfterPaper, openForPaper } from './print.js';
import { Rows } from './rows.js';
import { fillRule, ruleRow } from './rule.js';
import { findingRow, matrixTable, mitigationTable, sensorTable, survivalTable } from './tables.js';

/** @typedef {import('../../../model/run-record.ts').RuleRecord} RuleRecord */

const cases = new Rows(byId('case-rows'), caseRow);
const rules = new Rows(byId('rule-rows'), ruleRow);
const findings = new Rows(byId('finding-rows'), findingRow);
const matrices = view.matrices.map(matrixTable);
const mitigations = view.mitigations && mitigationTable(view.mitigations);
const sensors = view.sensors && sensorTable(view.sensors);
const variants = view.survival && survivalTable(view.survival);
/** All that can be narrowed. */
const tables = [...matrices, ...[mitigations, sensors, variants].filter((table) => table !== null)];

/** Of a bare file those that matched are all there is to see, and stand first. */
const ruleOrder =
  record.cases.length > 0
    ? record.rules
    : record.rules.toSorted((a, b) => b.matches.length - a.matches.length);

byId('matrices').append(...matrices.map(({ element }) => element));
if (sensors) byId('sensor-table').append(sensors.element);
if (mitigations) byId('mitigation-table').append(mitigations.element);
if (variants) byId('survival-table').append(variants.element);

/** @type {string[]} */
const texts = [];
/** @param {number} at */
const caseText = (at) => {
  texts[at] ??= textOf(at);
  return texts[at];
};

/** @param {number} at */
function textOf(at) {
  const each = record.cases[at];
  if (!each) return '';
  const { id, atomic, user, observation, seenBy, reasons, steps, proof } = each;
  return [
    id,
    atomic.name,
    atomic.technique,
    user,
    observation,
    proof?.scheduler,
    ...seenBy,
    ...reasons,
    ...steps.map(({ command }) => command),
  ].join(' ');
}

function show() {
  const shown = record.cases.flatMap((_, at) =>
    passes(view.cases[at]?.keys ?? [], caseText(at)) ? [at] : [],
  );
  cases.set(shown);
  for (const table of tables) table.show(passes, hasWords);
  rules.set(
    ruleOrder.filter(({ slug, title, technique }) => hasWords(`${slug} ${title} ${technique.join(' ')}`)),
  );
  findings.set(view.findings.filter(({ id, reasons }) => hasWords(`${id} ${reasons.join(' ')}`)));
  byId('found').textContent = isNarrowed() ? `${shown.length} of ${record.cases.length} cases` : '';
  byId('clear').hidden = !isNarrowed();
}

function follow() {
  byId('missing').textContent = '';
  const address = addressIn(location.hash);
  if (!address) return;
  const { case: caseId, event, rule } = address;
  if (caseId !== undefined) tellMissing(`case ${caseId}`, openCase(caseId, event, rule));
  else if (rule !== undefined) tellMissing(`rule ${rule}`, openRule(rule));
  else {
    setFilters(address);
    show();
  }
}

/**
 * @param {string} id
 * @param {string | undefined} event
 * @param {string | undefined} rule whose detection is wanted
 * @returns {boolean} whether there is such a case
 */
function openCase(id, event, rule) {
  const at = record.cases.findIndex((each) => each.id === id);
  const each = record.cases[at];
  if (!each) return false;
  const row = /** @type {HTMLDetailsElement} */ (rowFrom(cases, at));
  row.open = true;
  fill(row, each);
  const part =
    event === undefined
      ? [...row.querySelectorAll('details.detection')].find(
          (one) => rule !== undefined && one.getAttribute('data-rule') === rule,
        )
      : [...row.querySelectorAll('details.event')].find((one) => one.getAttribute('data-event') === event);
  if (part instanceof HTMLDetailsElement) part.open = true;
  bringIntoView(part ?? row);
  return true;
}

/**
 * @param {string} slug
 * @returns {boolean} whether there is such a rule
 */
function openRule(slug) {
  const rule = record.rules.find((each) => each.slug === slug);
  if (!rule) return false;
  const row = /** @type {HTMLDetailsElement} */ (rowFrom(rules, rule));
  row.open = true;
  fillRule(row, rule);
  bringIntoView(row);
  return true;
}

/**
 * @param {string} what an address names
 * @param {boolean} isThere
 */
function tellMissing(what, isThere) {
  byId('missing').textContent = isThere ? '' : `This page has no ${what}.`;
}

/**
 * The row of what an address names, whatever the page was narrowed to.
 * @template Item
 * @param {Rows<Item>} rows
 * @param {Item} item
 */
function rowFrom(rows, item) {
  const row = rows.rowOf(item);
  if (row) return row;
  clearFilters();
  show();
  return rows.rowOf(item);
}

/** @param {Element} element */
function bringIntoView(element) {
  element.scrollIntoView({ block: 'start' });
  const summary = element.querySelector('summary');
  summary?.focus({ preventScroll: true });
}

/** Every row that is shown is there on paper, and some of them are whole. */
function print() {
  cases.all();
  rules.all();
  findings.all();
  for (const table of tables) table.all();
  openForPaper({ cases, rules });
}

makeFilters(show);
show();
// The evidence comes after this script: a case that an address names is opened when all is here.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', follow);
else follow();
// Going back leads to the link that was followed, not to where it lay.
/** @type {Map<string, HTMLAnchorElement>} the link that each address was left by */
const leftBy = new Map();
let isFollowing = false;
addEventListener('hashchange', () => {
  follow();
  if (!isFollowing) leftBy.get(location.hash)?.focus();
  isFollowing = false;
});
document.addEventListener('click', ({ target }) => {
  const link = target instanceof Element ? target.closest('a') : null;
  if (!link || link.hash === '') return;
  // An address that is already there leads there again.
  if (link.hash === location.hash) follow();
  else {
    leftBy.set(location.hash, link);
    isFollowing = true;
  }
});
addEventListener('beforeprint', print);
addEventListener('afterprint', closeAfterPaper);
