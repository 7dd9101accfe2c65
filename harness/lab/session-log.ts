// What has been said of the latest run, for those who come later: all but events whole, and of events the first.

import type { RunEvent } from '../model/run-event.ts';
import { factsMessage } from './audience.ts';
import { encoded } from './encode.ts';
import type { LabMessage } from './message.ts';

/** Of a flood, the first say what it is. */
const keptEvents = 1_500;
/** A case says some thirty other things; a run that says far more is not shown from its beginning. */
const keptFacts = 5_000;

export class SessionLog {
  #run = 0;
  #facts: string[] = [];
  #events = 0;
  #leftOut = 0;

  begin(run: number): void {
    this.#run = run;
    this.#facts = [];
    this.#events = 0;
    this.#leftOut = 0;
  }

  /** @returns the fact as it is sent */
  add(fact: RunEvent, isEvent: boolean): string {
    const text = encoded(fact);
    const isKept = this.#facts.length < keptFacts && (!isEvent || this.#events < keptEvents);
    if (isKept) this.#facts.push(text);
    if (isEvent && isKept) this.#events += 1;
    if (!isKept) this.#leftOut += 1;
    return text;
  }

  /** What somebody is told who comes now. */
  messages(): string[] {
    if (this.#facts.length === 0) return [];
    const message: LabMessage = { say: 'left-out', run: this.#run, count: this.#leftOut };
    return [factsMessage(this.#run, this.#facts), ...(this.#leftOut > 0 ? [encoded(message)] : [])];
  }
}
