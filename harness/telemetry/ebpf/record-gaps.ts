// Whether every record of a target has come: the sensor numbers them, and says which numbers it lost.
// Records of different CPUs may overtake one another, so numbers are counted, not compared with the one before.

export class RecordGaps {
  #received = 0;
  #lost = 0;
  #missing = 0;

  /** A line came that accounts for this many numbers. */
  receive(parts: number): void {
    this.#received += parts;
  }

  /** The sensor's own count of what it lost, from the beginning. */
  tellLost(lost: number): void {
    this.#lost = Math.max(this.#lost, lost);
  }

  /** Whether the first `last` numbers have all come, or are known to be lost. */
  isComplete(last: number): boolean {
    return this.#received + this.#lost >= last;
  }

  /** The first `last` numbers should have come by now: those that have not are missing. */
  close(last: number): void {
    this.#missing = Math.max(this.#missing, last - this.#received - this.#lost);
  }

  lost(): number {
    return this.#lost + this.#missing;
  }
}
