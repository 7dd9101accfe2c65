// About how long the rest of a run takes, from its cases so far: a number that people plan by must not jump.

import type { RunEvent } from '../model/run-event.ts';

/** Fewer finished cases say nothing about the others. */
const casesToTell = 5;
/** The end that was told is kept as long as what is known by now differs by no more than this. */
const tolerance = { share: 0.2, ms: 30_000 };

type Planned = Extract<RunEvent, { kind: 'case-planned' }>;

/** Follows a run by its events; their times are its clock. */
export class Remaining {
  /** When the run began, in milliseconds since the epoch. */
  #began = Number.NaN;
  #now = Number.NaN;
  readonly #kinds = new Map<string, string>();
  /** When each case that runs now began. */
  readonly #running = new Map<string, number>();
  /** Of each kind of case, how long those took that have ended. */
  readonly #took = new Map<string, { cases: number; ms: number }>();
  #finished = 0;
  /** When the run ends, as it was told last. */
  #toldEnd: number | null = null;

  /** Takes in what a run says, in its order. */
  hear(event: RunEvent): void {
    this.#now = Date.parse(event.at);
    switch (event.kind) {
      case 'run-started':
        this.#began = this.#now;
        return;
      case 'case-planned':
        this.#kinds.set(event.case, kindOf(event));
        return;
      case 'case-started':
        this.#running.set(event.case, this.#now);
        return;
      case 'case-finished': {
        this.#finished += 1;
        const kind = this.#kinds.get(event.case);
        this.#kinds.delete(event.case);
        this.#running.delete(event.case);
        if (kind === undefined) return;
        const { cases, ms } = this.#took.get(kind) ?? { cases: 0, ms: 0 };
        this.#took.set(kind, { cases: cases + 1, ms: ms + event.ms });
      }
    }
  }

  /**
   * How much is done and about how long the rest takes; null as long as nobody can tell, and when nothing is left.
   * As many cases as were worked on at the same time so far are taken to be from now on.
   */
  tell(): string | null {
    const left = this.#kinds.size;
    if (this.#finished < casesToTell || left === 0) return null;
    const all = [...this.#took.values()];
    const done = all.reduce((sum, { ms }) => sum + ms, 0);
    const usual = done / all.reduce((sum, { cases }) => sum + cases, 0);
    const begun = [...this.#running].map(([id, since]) =>
      Math.min(this.#now - since, this.#expected(id, usual)),
    );
    const underway = begun.reduce((sum, ms) => sum + ms, 0);
    const toDo = [...this.#kinds.keys()].reduce((sum, id) => sum + this.#expected(id, usual), 0) - underway;
    const end = this.#now + ((this.#now - this.#began) * toDo) / Math.max(1, done + underway);
    const rest = this.#steady(end) - this.#now;
    return `${this.#finished} of ${this.#finished + left} cases, ${inWords(rest)} left`;
  }

  #expected(id: string, usual: number): number {
    const took = this.#took.get(this.#kinds.get(id) ?? '');
    return took ? took.ms / took.cases : usual;
  }

  #steady(end: number): number {
    const told = this.#toldEnd;
    const allowed = told === null ? 0 : Math.max(tolerance.ms, tolerance.share * (told - this.#now));
    if (told === null || Math.abs(end - told) > allowed) this.#toldEnd = end;
    return this.#toldEnd ?? end;
  }
}

/** What takes about as long as another: of a mitigation legitimate use is tried, and other targets have other clocks. */
const kindOf = ({ of, target, mitigation }: Planned): string =>
  `${of} ${target} ${mitigation === null ? 'as it is' : 'treated'}`;

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 10) return `about ${minutes} min`;
  if (minutes < 60) return `about ${Math.round(minutes / 5) * 5} min`;
  const quarters = Math.round(minutes / 15);
  return `about ${Math.floor(quarters / 4)} h${quarters % 4 === 0 ? '' : ` ${(quarters % 4) * 15} min`}`;
}
