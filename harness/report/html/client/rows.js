// Rows that are made when they are about to be seen: a page of a thousand opens as fast as a page of ten.

/** How many are made at once. */
const chunk = 40;

/** @type {Map<Element, () => void>} */
const waiting = new Map();
const watch = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) waiting.get(target)?.();
  },
  { rootMargin: '600px' },
);

/**
 * A list that fills itself while it is scrolled through.
 * @template Item
 */
export class Rows {
  /** @type {Item[]} */
  #items = [];
  /** @type {Map<Item, HTMLElement>} */
  #made = new Map();
  #shown = 0;
  #parent;
  #make;
  #end;

  /**
   * @param {HTMLElement} parent
   * @param {(item: Item) => HTMLElement} make
   * @param {string} endTag what stands at the end until the last row is made: an element that the parent may hold
   */
  constructor(parent, make, endTag = 'div') {
    this.#parent = parent;
    this.#make = make;
    this.#end = document.createElement(endTag);
    this.#end.className = 'more';
    waiting.set(this.#end, () => this.#grow(this.#shown + chunk));
  }

  /**
   * Shows these, from the first.
   * @param {readonly Item[]} items
   */
  set(items) {
    this.#items = [...items];
    this.#shown = 0;
    this.#parent.replaceChildren(this.#end);
    this.#grow(chunk);
  }

  /** What is shown, made or not. */
  shown() {
    return this.#items;
  }

  /** Makes all of them. */
  all() {
    this.#grow(this.#items.length);
  }

  /**
   * The row of an item, made with all before it.
   * @param {Item} item
   * @returns {HTMLElement | undefined} undefined where it is not among those that are shown
   */
  rowOf(item) {
    const at = this.#items.indexOf(item);
    if (at < 0) return undefined;
    this.#grow(at + 1);
    return this.#made.get(item);
  }

  /** @param {number} count */
  #grow(count) {
    for (; this.#shown < Math.min(count, this.#items.length); this.#shown++) {
      const item = /** @type {Item} */ (this.#items[this.#shown]);
      const row = this.#made.get(item) ?? this.#make(item);
      this.#made.set(item, row);
      this.#parent.insertBefore(row, this.#end);
    }
    watch.unobserve(this.#end);
    this.#end.hidden = this.#shown >= this.#items.length;
    // Observed anew, it reports at once where it is still in sight.
    if (!this.#end.hidden) watch.observe(this.#end);
  }
}
