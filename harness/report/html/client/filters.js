// What is shown of the page: chips with counts, words searched for, and both kept in the address.

import { byId, el } from './dom.js';
import { addressIn, hashOf } from './links.js';
import { view } from './page-data.js';

/** @typedef {import('../view.ts').Chip} Chip */

/** @type {Set<string>} */
const pressed = new Set();
/** @type {string[]} */
let words = [];

const field = /** @type {HTMLInputElement} */ (byId('search'));

/** Whether anything narrows the page. */
export const isNarrowed = () => pressed.size > 0 || words.length > 0;

/**
 * Whether something passes the chips and has all words.
 * @param {readonly string[]} keys
 * @param {string} text
 */
export const passes = (keys, text) => passesChips(keys) && hasWords(text);

/** @param {string} text */
export const hasWords = (text) => {
  if (words.length === 0) return true;
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};

/** @param {readonly string[]} keys */
function passesChips(keys) {
  const groups = Map.groupBy(
    view.chips.filter(({ key }) => pressed.has(key)),
    ({ group }) => group,
  );
  return [...groups.values()].every((chips) => chips.some(({ key }) => keys.includes(key)));
}

/**
 * Puts the chips into the page.
 * @param {() => void} onChange called when what is shown has to be made anew
 */
export function makeFilters(onChange) {
  const bar = byId('chips');
  for (const chip of view.chips) bar.append(chipButton(chip, onChange));
  const filters = /** @type {HTMLDetailsElement} */ (byId('filters'));
  filters.hidden = false;
  // On a phone they would fill the first screen.
  if (matchMedia('(max-width: 60rem)').matches) filters.open = false;
  field.addEventListener('input', () => {
    words = wordsOf(field.value);
    keepInAddress();
    onChange();
  });
  byId('clear').addEventListener('click', () => {
    clearFilters();
    keepInAddress();
    onChange();
    // The button is gone now.
    field.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      filters.open = true;
      field.focus();
    }
  });
}

export function clearFilters() {
  pressed.clear();
  words = [];
  field.value = '';
  showPressed();
}

/**
 * Takes filters from an address.
 * @param {{ show?: string, q?: string }} address
 */
export function setFilters({ show = '', q = '' }) {
  pressed.clear();
  for (const key of show.split(',')) if (view.chips.some((chip) => chip.key === key)) pressed.add(key);
  words = wordsOf(q);
  field.value = q;
  showPressed();
}

/** @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * @param {Chip} chip
 * @param {() => void} onChange
 */
function chipButton({ key, label, count }, onChange) {
  const button = el(
    'button',
    { type: 'button', class: `chip ${key}`, 'aria-pressed': 'false', 'data-key': key },
    label,
    ' ',
    el('span', { class: 'count' }, count),
  );
  button.addEventListener('click', () => {
    if (!pressed.delete(key)) pressed.add(key);
    showPressed();
    keepInAddress();
    onChange();
  });
  return button;
}

function showPressed() {
  for (const button of document.querySelectorAll('button.chip')) {
    button.setAttribute('aria-pressed', `${pressed.has(button.getAttribute('data-key') ?? '')}`);
  }
}

/** Replaced, not added: going back leads to where the reader was, not to half a word. */
function keepInAddress() {
  const narrowed = hashOf({ show: [...pressed].join(','), q: words.join(' ') });
  if (narrowed === '#' && !addressIn(location.hash)) return;
  history.replaceState(null, '', narrowed === '#' ? location.pathname + location.search : narrowed);
}
