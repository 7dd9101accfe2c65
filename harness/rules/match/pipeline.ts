// EQL's `head` and `tail` over the matches of one rule.

import type { Pipe } from '../rule.ts';
import type { Match } from './match.ts';

/** Matches go through all pipes in order; what `tail` holds back comes out at the end. */
export class Pipeline {
  readonly #pipes: readonly PipeState[];

  constructor(pipes: readonly Pipe[]) {
    this.#pipes = pipes.map(({ kind, count }) => ({ kind, count, passed: 0, held: [] }));
  }

  push(match: Match, emit: (match: Match) => void): void {
    this.#pass(match, 0, emit);
  }

  finish(emit: (match: Match) => void): void {
    for (const [index, { held }] of this.#pipes.entries()) {
      for (const match of held.splice(0)) this.#pass(match, index + 1, emit);
    }
  }

  #pass(match: Match, index: number, emit: (match: Match) => void): void {
    const pipe = this.#pipes[index];
    if (pipe === undefined) {
      emit(match);
    } else if (pipe.kind === 'tail') {
      pipe.held.push(match);
      if (pipe.held.length > pipe.count) pipe.held.shift();
    } else if (pipe.passed < pipe.count) {
      pipe.passed += 1;
      this.#pass(match, index + 1, emit);
    }
  }
}

interface PipeState extends Pipe {
  passed: number;
  readonly held: Match[];
}
