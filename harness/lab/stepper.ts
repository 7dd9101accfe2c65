// Holds cases before each of their stages until somebody says go on; cases side by side go stage by stage together.

import { type CasePhase, casePhases } from '../model/run-event.ts';

/** Cases that wait, by id: the stage before which each does. */
export type Waiting = ReadonlyMap<string, CasePhase>;

export class Stepper {
  /** Stages up to this one may begin. */
  #allowed: number;
  readonly #waiting = new Map<string, { readonly phase: CasePhase; readonly go: () => void }>();
  readonly #onChange: (waiting: Waiting) => void;

  /** @param isStepping false: nothing is held until `hold` */
  constructor(isStepping: boolean, onChange: (waiting: Waiting) => void) {
    this.#allowed = isStepping ? 0 : casePhases.length;
    this.#onChange = onChange;
  }

  /** Resolves when the case may begin this stage; a stage that it comes back to was shown before. */
  before(caseId: string, phase: CasePhase): Promise<void> {
    if (casePhases.indexOf(phase) <= this.#allowed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.set(caseId, { phase, go: resolve });
      this.#tell();
    });
  }

  /** Lets those go on that wait before the earliest stage. */
  next(): void {
    const stages = [...this.#waiting.values()].map(({ phase }) => casePhases.indexOf(phase));
    if (stages.length > 0) this.#allow(Math.min(...stages));
  }

  /** Lets all go on to the end. */
  release(): void {
    this.#allow(casePhases.length);
  }

  /** A case has ended. */
  forget(caseId: string): void {
    if (this.#waiting.delete(caseId)) this.#tell();
  }

  #allow(stage: number): void {
    this.#allowed = Math.max(this.#allowed, stage);
    for (const [id, { phase, go }] of this.#waiting) {
      if (casePhases.indexOf(phase) > this.#allowed) continue;
      this.#waiting.delete(id);
      go();
    }
    this.#tell();
  }

  #tell(): void {
    this.#onChange(new Map([...this.#waiting].map(([id, { phase }]) => [id, phase])));
  }
}
