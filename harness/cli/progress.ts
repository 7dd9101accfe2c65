// What a run shows while it runs: on a terminal, finished lines above and a live row for each active case below;
// elsewhere one line for each finished case.

import type { OnProgress, ProgressEvent } from '../engine/progress.ts';
import { verdictStyles } from '../report/console.ts';
import { printable } from '../report/printable.ts';
import { ellipsis, painter } from '../report/table.ts';
import type { Io, Output } from './io.ts';

export interface Progress extends Disposable {
  readonly show: OnProgress;
}

/** More live rows than this scroll away on small terminals, and then cannot be redrawn. */
const liveRows = 12;

/** Shows the progress of some work; the live rows are gone before anything else is written. */
export async function withProgress<Result>(
  io: Io,
  work: (onProgress: OnProgress) => Promise<Result>,
): Promise<Result> {
  using progress = showProgress(io);
  return await work(progress.show);
}

/**
 * Follows a run on standard error.
 * @returns what to tell the events to; disposing it removes the live rows
 */
export function showProgress({ stderr, env }: Pick<Io, 'stderr' | 'env'>): Progress {
  const live = stderr.isTty && env.TERM !== 'dumb' ? new LiveRows(stderr) : null;
  let planned = 0;
  let finished = 0;
  const show = (event: ProgressEvent): void => {
    switch (event.kind) {
      case 'note':
        say(printable(event.message));
        return;
      case 'planned':
        planned = event.cases.length;
        return;
      case 'started':
        live?.set(event.case, 'starting');
        return;
      case 'phase':
        live?.set(event.case, event.phase);
        return;
      case 'finished':
        finished++;
        live?.delete(event.case);
        say(finishedLine(event, `${finished}/${planned}`, stderr.color));
    }
  };
  const say = (line: string) => (live ? live.above(line) : stderr.write(`${line}\n`));
  return { show, [Symbol.dispose]: () => live?.clear() };
}

function finishedLine(event: ProgressEvent & { kind: 'finished' }, count: string, color: boolean): string {
  const { verdict, observation, reasons, ms } = event;
  // As wide as the longest of them, so that the names stand below each other.
  const word = (verdict ?? observation ?? 'done').padEnd(9);
  const painted = verdict ? painter(color)(verdictStyles[verdict], word) : word;
  const detail = verdict && observation ? `  ${observation}` : '';
  const why = reasons.length > 0 && verdict !== 'pass' ? `  ${printable(reasons.join('; '))}` : '';
  return `[${count}] ${painted} ${printable(event.case)}${detail}  ${(ms / 1000).toFixed(1)} s${why}`;
}

/** The rows of active cases at the bottom of a terminal. */
class LiveRows {
  readonly #stream: Output;
  readonly #phases = new Map<string, string>();
  #drawn = 0;

  constructor(stream: Output) {
    this.#stream = stream;
  }

  set(id: string, phase: string): void {
    this.#phases.set(id, phase);
    this.#redraw();
  }

  delete(id: string): void {
    this.#phases.delete(id);
    this.#redraw();
  }

  /** Prints a line that stays. */
  above(line: string): void {
    this.#redraw(`${line}\n`);
  }

  clear(): void {
    this.#phases.clear();
    this.#redraw();
  }

  #redraw(staying = ''): void {
    const rows = [...this.#phases].map(([id, phase]) =>
      // A row that wraps would count as two when it is taken back.
      ellipsis(`      ${printable(id)}  ${printable(phase)}`, this.#stream.columns - 1),
    );
    const shown =
      rows.length > liveRows
        ? [...rows.slice(0, liveRows - 1), `      and ${rows.length - liveRows + 1} more`]
        : rows;
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A\u001b[J` : '';
    this.#stream.write(up + staying + shown.map((row) => `${row}\n`).join(''));
    this.#drawn = shown.length;
  }
}
