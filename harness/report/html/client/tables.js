// The tables of the first screens: procedures against rules, sensors and mitigations; what rules saw of variants; findings.

import { byArrows } from './arrows.js';
import { badge, el, headings, scrolling, stackedCell, stackedHead } from './dom.js';
import { hashOf } from './links.js';
import { record, view } from './page-data.js';
import { Rows } from './rows.js';

/** @typedef {import('../view.ts').Matrix} Matrix */
/** @typedef {import('../view.ts').MatrixRow} MatrixRow */
/** @typedef {import('../view.ts').FindingView} FindingView */
/** @typedef {NonNullable<import('../view.ts').View['sensors']>} SensorTable */
/** @typedef {SensorTable['rows'][number]} SensorRow */
/** @typedef {import('../view.ts').MitigationMatrix} MitigationMatrix */
/** @typedef {MitigationMatrix['rows'][number]} MitigationRow */
/** @typedef {import('../view.ts').SurvivalTable} SurvivalTable */

/**
 * A table whose rows and columns can be narrowed.
 * @typedef {{ show: (passes: (keys: readonly string[], text: string) => boolean, columns: (name: string) => boolean) => number, all: () => void }} Narrowed
 */

/**
 * @param {Matrix} matrix
 * @returns {{ element: HTMLElement } & Narrowed}
 */
export function matrixTable({ id, title, rows, rules, executed, seen, percent }) {
  const body = el('tbody', {});
  const head = el('tr', {});
  /** @type {number[]} */
  let columns = rules.map((_, at) => at);
  const list = new Rows(body, (/** @type {MatrixRow} */ row) => matrixRow(row, rules, columns), 'tr');
  const element = el(
    'details',
    { class: 'matrix-of', open: true, 'data-matrix': id },
    el(
      'summary',
      {},
      el('b', {}, title),
      percent !== null && [
        ' ',
        el('span', { class: 'meter', 'aria-hidden': 'true' }, el('i', { style: `width: ${percent}%` })),
        ` ${seen} of ${executed} executed attacks seen`,
      ],
    ),
    scrolling(
      `${title}: procedures against rules`,
      byArrows(el('table', { class: 'matrix' }, el('thead', {}, head), body)),
    ),
  );
  return {
    element,
    all: () => list.all(),
    show(passes, isColumn) {
      const named = rules.flatMap((rule, at) => (isColumn(rule) ? [at] : []));
      const fitting = rows.filter(({ keys, slug, name }) => passes(keys, `${slug} ${name}`));
      // A search that names rules alone shows their columns, and what they see.
      const byRule = named.length > 0 && named.length < rules.length && fitting.length === 0;
      columns = byRule ? named : rules.map((_, at) => at);
      const shown = byRule
        ? rows.filter(
            (row) =>
              passes(row.keys, columns.map((at) => rules[at]).join(' ')) &&
              columns.some((at) => row.cells[at]),
          )
        : fitting;
      head.replaceChildren(
        el('th', { scope: 'col' }, 'Procedure'),
        ...columns.map((at) => {
          const rule = rules[at] ?? '';
          return el('th', { scope: 'col' }, el('span', {}, el('a', { href: hashOf({ rule }) }, rule)));
        }),
      );
      list.set(shown.map((row) => ({ ...row })));
      element.hidden = shown.length === 0;
      return shown.length;
    },
  };
}

/**
 * @param {MatrixRow} row
 * @param {readonly string[]} rules
 * @param {readonly number[]} columns
 */
const matrixRow = ({ slug, name, did, unseen, case: id, cells }, rules, columns) =>
  el(
    'tr',
    unseen > 0 ? { class: 'unseen' } : {},
    el(
      'th',
      { scope: 'row' },
      el('a', { href: hashOf({ case: id }), title: name }, slug),
      el('span', { class: 'quiet' }, ` ${did}`),
      unseen > 0 && [' ', badge({ tone: 'bad', sign: '◌' }, unseen > 1 ? `${unseen} unseen` : 'unseen')],
    ),
    columns.map((at) => {
      const cell = cells[at];
      if (!cell) return el('td', {});
      const said = `${slug}, ${rules[at]}: ${cell.word}${cell.share ? ` in ${cell.share}` : ''}`;
      return el(
        'td',
        {},
        el(
          'a',
          {
            class: `badge ${cell.tone}`,
            href: hashOf({ case: cell.case, rule: rules[at] ?? '' }),
            title: said,
            'aria-label': said,
          },
          cell.share ?? cell.sign,
        ),
      );
    }),
  );

/**
 * @param {SensorTable} table
 * @returns {{ element: HTMLElement } & Narrowed}
 */
export function sensorTable({ sensors, rows }) {
  const body = el('tbody', { role: 'rowgroup' });
  const titles = ['Seen', ...sensors.map((sensor) => `By ${sensor} alone`), 'By several together'];
  const list = new Rows(body, (/** @type {SensorRow} */ row) => sensorRow(row, titles), 'tr');
  const element = scrolling(
    'Procedures by sensor',
    el('table', { class: 'by-sensor stacked', role: 'table' }, headings(['Procedure', ...titles]), body),
  );
  return {
    element,
    all: () => list.all(),
    show(passes, isColumn) {
      const shown = rows.filter(
        ({ keys, slug, technique, rules, together }) =>
          passes(keys, `${slug} ${technique}`) ||
          passes(keys, [...rules.flat(), ...together].filter(isColumn).join(' ')),
      );
      list.set(shown);
      return shown.length;
    },
  };
}

/**
 * @param {SensorRow} row
 * @param {readonly string[]} titles of all columns but the first
 */
const sensorRow = ({ slug, technique, executed, seen, rules, together }, titles) =>
  el(
    'tr',
    { role: 'row', class: seen < executed && 'unseen' },
    stackedHead(slug, ' ', el('span', { class: 'quiet' }, technique)),
    [`${seen} of ${executed}`, ...[...rules, together].map(ruleNames)].map((content, at) =>
      stackedCell(titles[at] ?? '', at === 0 && 'short', content),
    ),
  );

/** @param {readonly string[]} names */
const ruleNames = (names) =>
  names.map((rule, at) => [at > 0 && ', ', el('a', { href: hashOf({ rule }) }, rule)]);

/**
 * Procedures against mitigations.
 * @param {MitigationMatrix} matrix
 * @returns {{ element: HTMLElement } & Narrowed}
 */
export function mitigationTable(matrix) {
  const { mitigations, rows } = matrix;
  const head = el('tr', {});
  const body = el('tbody', {});
  /** @type {number[]} */
  let columns = [];
  const list = new Rows(
    body,
    (/** @type {MitigationRow} */ row) => mitigationRow(row, columns, matrix),
    'tr',
  );
  const element = scrolling(
    'Procedures against mitigations',
    byArrows(el('table', { class: matrix.isWide ? 'matrix' : 'mitigations' }, el('thead', {}, head), body)),
  );
  return {
    element,
    all: () => list.all(),
    show(passes, isColumn) {
      const named = mitigations.flatMap((id, at) => (isColumn(id) ? [at] : []));
      const fitting = rows.filter(({ keys, procedure }) => passes(keys, procedure));
      const byName = named.length > 0 && named.length < mitigations.length && fitting.length === 0;
      const shown = byName
        ? rows.filter(
            ({ keys, cells }) =>
              passes(keys, named.map((at) => mitigations[at]).join(' ')) &&
              named.some((at) => cells[at] !== null),
          )
        : fitting;
      const candidates = byName ? named : mitigations.map((_, at) => at);
      // What was tried against none of the rows that are shown only takes room.
      columns = candidates.filter((at) => shown.some(({ cells }) => cells[at] !== null));
      head.replaceChildren(
        el('th', { scope: 'col' }, 'Procedure'),
        ...columns.map((at) => el('th', { scope: 'col' }, el('span', {}, mitigations[at]))),
      );
      list.set(shown.map((row) => ({ ...row })));
      element.hidden = shown.length === 0;
      return shown.length;
    },
  };
}

/**
 * @param {MitigationRow} row
 * @param {readonly number[]} columns
 * @param {MitigationMatrix} matrix
 */
const mitigationRow = ({ procedure, cells }, columns, { looks, isWide }) =>
  el(
    'tr',
    {},
    el('th', { scope: 'row' }, procedure),
    columns.map((column) => {
      const at = cells[column] ?? null;
      const pair = at === null ? undefined : record.mitigations[at];
      const name = at === null ? undefined : looks[at];
      if (!pair || !name) return el('td', {});
      const { id, verdict, case: caseId, stage, reason } = pair;
      const look = view.looks.mitigations[name];
      return el(
        'td',
        {},
        el(
          'a',
          {
            class: `badge ${look.tone}`,
            href: hashOf({ case: caseId }),
            title: `${isWide ? `${procedure}, ${id}: ${verdict} ` : ''}${stage ? `at ${stage}: ` : ''}${reason}`,
            'aria-label': isWide && `${procedure}, ${id}: ${verdict}`,
          },
          isWide ? look.sign : `${look.sign} ${verdict}`,
        ),
      );
    }),
  );

/**
 * What rules still saw of the variants: by axis, and rule by rule.
 * @param {SurvivalTable} survival
 * @returns {{ element: HTMLElement } & Narrowed}
 */
export function survivalTable({ sentences, axes, rules }) {
  const body = el('tbody', { role: 'rowgroup' });
  const list = new Rows(body, survivalRow, 'tr');
  const table = scrolling(
    'Survival by rule',
    el(
      'table',
      { class: 'stacked', role: 'table' },
      headings(['Rule', 'Still sees', 'Level', 'Weakest axes', 'Cheapest evasion']),
      body,
    ),
  );
  const element = el(
    'div',
    {},
    sentences.map((sentence) => el('p', {}, sentence)),
    el(
      'ul',
      { class: 'techniques axes' },
      axes.map(({ axis, executed, seen, percent }) =>
        el(
          'li',
          {},
          el('span', { class: 'technique' }, axis),
          ' ',
          el('span', { class: 'meter', 'aria-hidden': 'true' }, el('i', { style: `width: ${percent}%` })),
          el('span', {}, `${seen} of ${executed} seen`),
        ),
      ),
    ),
    table,
  );
  return {
    element,
    all: () => list.all(),
    show(_, isColumn) {
      const shown = rules.filter(({ rule, cheapest }) => isColumn(`${rule} ${cheapest?.name ?? ''}`));
      list.set(shown);
      table.hidden = shown.length === 0;
      return shown.length;
    },
  };
}

/** @param {SurvivalTable['rules'][number]} row */
const survivalRow = ({ rule, survived, executed, level, overclaimed, weakest, cheapest }) =>
  el(
    'tr',
    { role: 'row' },
    stackedHead(el('a', { href: hashOf({ rule }) }, rule)),
    stackedCell(
      'Still sees',
      false,
      el('span', { class: `badge ${survived < executed ? 'odd' : 'good'}` }, `${survived} of ${executed}`),
    ),
    stackedCell('Level', 'short', overclaimed ? badge({ tone: 'odd', sign: '!' }, level) : level),
    stackedCell('Weakest axes', 'list', weakest),
    stackedCell(
      'Cheapest evasion',
      false,
      cheapest && [
        el('a', { href: hashOf({ case: cheapest.case }) }, cheapest.name),
        el('span', { class: 'quiet' }, ` ${cheapest.why}`),
      ],
    ),
  );

/** @param {FindingView} finding */
export const findingRow = ({ severity, about, id, place, reasons }) =>
  el(
    'div',
    { class: severity === 'fail' ? 'finding' : 'finding minor' },
    el('b', {}, severity),
    ` ${about} `,
    el('a', { href: hashOf(about === 'case' ? { case: id } : { rule: id }) }, id),
    ' ',
    el('span', { class: 'quiet' }, place),
    el(
      'ul',
      {},
      reasons.map((reason) => el('li', {}, reason)),
    ),
  );
