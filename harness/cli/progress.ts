// What a run shows while it runs: on a terminal, finished lines above and a live row for each active case below, with how
// long the rest takes; elsewhere one line for each finished case, and that now and then.

import { formatProblem } from '../model/errors.ts';
import type { OnRunEvent, RunEvent } from '../model/run-event.ts';
import { verdictStyles } from '../report/console.ts';
import { printable, printableLines } from '../report/printable.ts';
import { ellipsis, painter } from '../report/table.ts';
import type { Io, Output } from './io.ts';
import { Remaining } from './remaining.ts';

export interface Progress extends Disposable {
  readonly show: OnRunEvent;
}

/** More live rows than this scroll away on small terminals, and then cannot be redrawn. */
const liveRows = 12;
/** In a log, how many cases lie between two lines about the rest. */
const casesBetweenEstimates = 25;

/** Shows the progress of some work; the live rows are gone before anything else is written. */
export async function withProgress<Result>(
  io: Io,
  { quiet }: { readonly quiet: boolean },
  work: (show: OnRunEvent) => Promise<Result>,
): Promise<Result> {
  using progress = quiet ? showErrors(io) : showProgress(io);
  return await work(progress.show);
}

/** Of a run that is not to be watched: what is wrong with it. */
function showErrors({ stderr }: Pick<Io, 'stderr'>): Progress {
  const show = (event: RunEvent): void => {
    const text =
      event.kind === 'note' && event.message.startsWith('error: ')
        ? event.message
        : event.kind === 'problem' && event.problem.severity === 'error'
          ? formatProblem(event.problem)
          : null;
    if (text !== null) stderr.write(`${printableLines(text)}\n`);
  };
  return { show, [Symbol.dispose]: () => {} };
}

/**
 * Follows a run on standard error.
 * @returns what to tell the events to; disposing it removes the live rows
 */
export function showProgress({ stderr, env }: Pick<Io, 'stderr' | 'env'>): Progress {
  const live = stderr.isTty && env.TERM !== 'dumb' ? new LiveRows(stderr) : null;
  const remaining = new Remaining();
  let planned = 0;
  let shown = 0;
  const idle = new Set<string>();
  const finished = new Map<string, Finished>();
  const say = (line: string) => (live ? live.above(line) : stderr.write(`${line}\n`));
  const sayCase = (ended: Finished, verdict: Judged | null) => {
    shown++;
    say(caseLine(ended, verdict, `${shown}/${planned}`, stderr.color));
    if (live || shown % casesBetweenEstimates > 0) return;
    const rest = remaining.tell();
    if (rest !== null) say(`${margin}${rest}`);
  };
  const show = (event: RunEvent): void => {
    remaining.hear(event);
    switch (event.kind) {
      case 'note':
        say(printableLines(event.message));
        return;
      case 'problem':
        say(printableLines(formatProblem(event.problem)));
        return;
      case 'run-started':
        planned = event.cases;
        return;
      case 'case-planned':
        if (event.of === 'idle') idle.add(event.case);
        return;
      case 'case-started':
        live?.set(event.case, 'starting');
        return;
      case 'phase':
        live?.set(event.case, event.phase === 'wait' ? 'waiting for proof' : event.phase);
        return;
      case 'case-finished':
        live?.delete(event.case, remaining.tell());
        if (idle.has(event.case)) sayCase(event, null);
        else finished.set(event.case, event);
        return;
      case 'case-judged': {
        const ended = finished.get(event.case);
        // A case that did not run here, because it was recorded before or the engine went away, has no line of its own.
        if (ended) sayCase(ended, event);
      }
    }
  };
  return { show, [Symbol.dispose]: () => live?.clear() };
}

/** Before all that is no finished case. */
const margin = '      ';

type Finished = Extract<RunEvent, { kind: 'case-finished' }>;
type Judged = Extract<RunEvent, { kind: 'case-judged' }>;

function caseLine(ended: Finished, judged: Judged | null, count: string, color: boolean): string {
  const { observation, ms } = ended;
  // As wide as the longest of them, so that the names stand below each other.
  const word = (judged?.verdict ?? 'done').padEnd(9);
  const painted = judged ? painter(color)(verdictStyles[judged.verdict], word) : word;
  const detail = observation ? `  ${observation}` : '';
  const reasons = judged && judged.verdict !== 'pass' ? judged.reasons : [];
  const why = reasons.length > 0 ? `  ${printable(reasons.join('; '))}` : '';
  return `[${count}] ${painted} ${printable(ended.case)}${detail}  ${(ms / 1000).toFixed(1)} s${why}`;
}

/** The rows of active cases at the bottom of a terminal. */
class LiveRows {
  readonly #stream: Output;
  readonly #phases = new Map<string, string>();
  /** How long the rest takes, below all of them. */
  #rest: string | null = null;
  #drawn = 0;

  constructor(stream: Output) {
    this.#stream = stream;
  }

  set(id: string, phase: string): void {
    this.#phases.set(id, phase);
    this.#redraw();
  }

  delete(id: string, rest: string | null): void {
    this.#phases.delete(id);
    this.#rest = rest;
    this.#redraw();
  }

  /** Prints a line that stays. */
  above(line: string): void {
    this.#redraw(`${line}\n`);
  }

  clear(): void {
    this.#phases.clear();
    this.#rest = null;
    this.#redraw();
  }

  #redraw(staying = ''): void {
    const rows = [...this.#phases].map(([id, phase]) => this.#row(`${printable(id)}  ${printable(phase)}`));
    const shown =
      rows.length > liveRows
        ? [...rows.slice(0, liveRows - 1), `${margin}and ${rows.length - liveRows + 1} more`]
        : rows;
    if (this.#rest !== null) shown.push(this.#row(this.#rest));
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A\u001b[J` : '';
    this.#stream.write(up + staying + shown.map((row) => `${row}\n`).join(''));
    this.#drawn = shown.length;
  }

  /** A row that wraps would count as two when it is taken back. */
  #row = (text: string): string => ellipsis(`${margin}${text}`, this.#stream.columns - 1);
}
