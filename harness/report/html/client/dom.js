// Elements of the page: whatever text is put into one stays text.

/** @typedef {Node | string | number | false | null | undefined | readonly Child[]} Child */

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | number | boolean | undefined>>} attributes `true` has no value; what is false
 *   or missing is left out
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : visible(`${value}`));
  }
  append(element, children);
  return element;
}

/**
 * @param {Node} parent
 * @param {readonly Child[]} children
 */
export function append(parent, children) {
  for (const child of children) {
    if (child === false || child === null || child === undefined) continue;
    if (child instanceof Node) parent.appendChild(child);
    else if (typeof child === 'object') append(parent, child);
    else parent.appendChild(document.createTextNode(visible(`${child}`)));
  }
}

/**
 * Controls and direction marks as escapes that can be seen; line breaks and tabs stay.
 * @param {string} text
 */
export const visible = (text) =>
  text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });

/**
 * @param {{ tone: string, sign: string }} look
 * @param {Child} word
 */
export const badge = ({ tone, sign }, word) =>
  el('span', { class: `badge ${tone}` }, el('span', { 'aria-hidden': 'true' }, sign), ' ', word);

/**
 * An element that must be in the page.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new ReferenceError(`the page has no #${id}`);
  return found;
}

/**
 * The data of a script element.
 * @param {Element} element
 * @returns {unknown}
 */
export const dataIn = (element) => JSON.parse(element.textContent ?? 'null');

/**
 * A heading with a list below it; nothing where the list is empty.
 * @param {string} title
 * @param {readonly Child[]} items
 * @returns {Child}
 */
export const listed = (title, items) =>
  items.length > 0 && [
    el('h4', {}, title),
    el(
      'ul',
      {},
      items.map((item) => el('li', {}, item)),
    ),
  ];

/**
 * A table that scrolls by itself where it is too wide.
 * @param {string} label
 * @param {HTMLTableElement} table
 */
export const scrolling = (label, table) =>
  el('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, table);

/**
 * The head of a table.
 * @param {readonly (string | Node)[]} titles
 */
export const headings = (titles) =>
  el(
    'thead',
    {},
    el(
      'tr',
      {},
      titles.map((title) => el('th', { scope: 'col' }, title)),
    ),
  );

/**
 * The first cell of a row that is stacked on a phone: roles keep it a table there.
 * @param {...Child} children
 */
export const stackedHead = (...children) => el('th', { scope: 'row', role: 'rowheader' }, ...children);

/**
 * A cell of such a row, with the title of its column, which has no head there.
 * @param {string} title
 * @param {string | false} kind
 * @param {...Child} children
 */
export const stackedCell = (title, kind, ...children) =>
  el('td', { role: 'cell', class: kind, 'data-title': title }, ...children);
