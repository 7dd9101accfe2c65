// Notices an agent that answers no more. Questions are counted and not seconds: a machine that is too busy to let the
// harness ask is no sign of anything.

export interface Watched {
  /** Asks for a sign of life. */
  ask(): void;
  /** Tries to bring it to itself. */
  wake(): void;
  giveUp(): void;
}

/** A question each. */
const periodMs = 5_000;
/** After each so many without an answer it is woken. */
const wakeAfter = 3;
const giveUpAfter = 18;

export class AgentWatchdog {
  readonly #watched: Watched;
  #timer: NodeJS.Timeout | undefined;
  #unanswered = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Whether anybody waits for the agent. */
  keep(isWaiting: boolean): void {
    if (isWaiting === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#unanswered = 0;
    this.#timer = isWaiting ? setInterval(() => this.#look(), periodMs).unref() : undefined;
  }

  heard(): void {
    this.#unanswered = 0;
  }

  #look(): void {
    if (this.#unanswered >= giveUpAfter) {
      this.keep(false);
      this.#watched.giveUp();
      return;
    }
    if (this.#unanswered > 0 && this.#unanswered % wakeAfter === 0) this.#watched.wake();
    this.#unanswered += 1;
    this.#watched.ask();
  }
}
