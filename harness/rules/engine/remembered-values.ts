// Remembers what was found in values that come again and again, and stops where they do not.

import { BoundedMap } from './bounds.ts';

/** What texts were found to hold; bounded in number and length of texts. */
export class RememberedValues<Found> {
  readonly #found = new BoundedMap<Found>(4096);
  #asked = 0;
  #known = 0;
  #idle = 0;

  /** Whether the text is worth looking up. */
  accepts(text: string): boolean {
    if (text.length > longestText) return false;
    if (this.#idle > 0) {
      this.#idle -= 1;
      return false;
    }
    return true;
  }

  get(text: string): Found | undefined {
    const found = this.#found.get(text);
    this.#asked += 1;
    if (found !== undefined) this.#known += 1;
    if (this.#asked === period) this.#review();
    return found;
  }

  set(text: string, found: Found): Found {
    this.#found.set(text, found, 0);
    return found;
  }

  /** A field whose values are seldom known is left alone for a while: remembering costs more than it saves. */
  #review(): void {
    if (this.#known < period / 2) this.#idle = 16 * period;
    this.#asked = 0;
    this.#known = 0;
  }
}

const longestText = 256;
const period = 1024;
