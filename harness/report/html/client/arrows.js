// Arrow keys in a table of links: to the next link in that direction, where Tab would pass all that lie between.

/** @type {Readonly<Record<string, readonly [rows: number, columns: number]>>} */
const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @param {HTMLTableElement} table
 * @returns {HTMLTableElement} the same
 */
export function byArrows(table) {
  table.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    const cell = event.target instanceof Element ? event.target.closest('th, td') : null;
    if (!step || !(cell instanceof HTMLTableCellElement) || event.target === cell) return;
    const isPlain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
    const link = isPlain ? linkFrom(table, cell, step) : null;
    if (!link) return;
    event.preventDefault();
    link.focus();
  });
  return table;
}

/**
 * @param {HTMLTableElement} table
 * @param {HTMLTableCellElement} cell
 * @param {readonly [rows: number, columns: number]} step
 * @returns {HTMLAnchorElement | null} null at the edge
 */
function linkFrom(table, cell, [rows, columns]) {
  let row = /** @type {HTMLTableRowElement} */ (cell.parentElement).rowIndex;
  let column = cell.cellIndex;
  for (;;) {
    row += rows;
    column += columns;
    const next = table.rows[row]?.cells[column];
    if (!next) return null;
    const link = next.querySelector('a');
    if (link) return link;
  }
}
