// Which entries of a journal were taken, by the sequence numbers in their cursors: each once, and gaps are loss.

export class SequenceGaps {
  /** Per journal (`s=` in the cursor): the first number taken, and the numbers from there on. */
  readonly #journals = new Map<string, { first: number; last: number; taken: Set<number> }>();

  /** Notes an entry. Returns false when it was taken before. A cursor that cannot be read counts as new. */
  take(cursor: string): boolean {
    const parts = /(?:^|;)s=([0-9a-f]+);i=([0-9a-f]+)/.exec(cursor);
    if (!parts) return true;
    const number = Number.parseInt(parts[2] ?? '', 16);
    const journal = this.#journals.get(parts[1] ?? '');
    if (!journal) {
      this.#journals.set(parts[1] ?? '', { first: number, last: number, taken: new Set([number]) });
      return true;
    }
    if (number < journal.first || journal.taken.has(number)) return false;
    journal.taken.add(number);
    journal.last = Math.max(journal.last, number);
    return true;
  }

  /** Numbers that journald gave out since the first entry taken and that never arrived (the journal was rotated away). */
  missing(): number {
    let missing = 0;
    for (const { first, last, taken } of this.#journals.values()) missing += last - first + 1 - taken.size;
    return missing;
  }
}
