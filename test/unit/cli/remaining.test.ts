// How long the rest takes: told from the cases so far, by their kind, and steady.

import { describe, expect, it } from 'vitest';
import { Remaining } from '../../../harness/cli/remaining.ts';
import type { RunFact } from '../../../harness/model/run-event.ts';

const start = Date.UTC(2026, 0, 1);
const planned = (id: string, mitigation: string | null = null): RunFact => ({
  kind: 'case-planned',
  case: id,
  of: 'attack',
  title: id,
  technique: null,
  user: 'root',
  target: 't',
  mitigation,
});

/** A run of so many cases, one after the other unless told otherwise. */
class SampleRun {
  readonly remaining = new Remaining();
  #seconds = 0;

  constructor(cases: readonly RunFact[]) {
    this.#say({
      kind: 'run-started',
      run: 'r',
      folder: 'f',
      sensors: [],
      clock: 'fast',
      cases: cases.length,
    });
    for (const one of cases) this.#say(one);
  }

  /** These at the same time, each for as long. */
  run(seconds: number, ...ids: string[]): void {
    for (const id of ids) this.#say({ kind: 'case-started', case: id });
    this.#seconds += seconds;
    for (const id of ids)
      this.#say({ kind: 'case-finished', case: id, observation: 'executed', ms: seconds * 1000 });
  }

  begin(id: string): void {
    this.#say({ kind: 'case-started', case: id });
  }

  wait(seconds: number): void {
    this.#seconds += seconds;
    this.#say({ kind: 'note', message: 'time passes' });
  }

  #say(fact: RunFact): void {
    this.remaining.hear({ at: new Date(start + this.#seconds * 1000).toISOString(), ...fact });
  }
}

const numbered = (count: number, prefix = 'c', mitigation: string | null = null): RunFact[] =>
  Array.from({ length: count }, (_, at) => planned(`${prefix}${at}`, mitigation));
const ids = (from: number, to: number, prefix = 'c'): string[] =>
  Array.from({ length: to - from }, (_, at) => `${prefix}${from + at}`);

describe('the rest of a run', () => {
  it('is not told before there is something to tell it from, nor when it is over', () => {
    const run = new SampleRun(numbered(6));
    for (const id of ids(0, 4)) run.run(60, id);
    expect(run.remaining.tell()).toBeNull();
    run.run(60, 'c4');
    expect(run.remaining.tell()).toBe('5 of 6 cases, about 1 min left');
    run.run(60, 'c5');
    expect(run.remaining.tell()).toBeNull();
  });

  it.each([
    [1, '5 of 105 cases, about 1 h 45 min left'],
    [5, '5 of 105 cases, about 20 min left'],
  ])('takes as long as the cases so far, %i at a time', (jobs, told) => {
    const run = new SampleRun(numbered(105));
    for (let at = 0; at < 5; at += jobs) run.run(60, ...ids(at, at + jobs));
    expect(run.remaining.tell()).toBe(told);
  });

  it('goes by the kind of what is left', () => {
    const run = new SampleRun([...numbered(5), ...numbered(2, 'm', 'at-allow')]);
    for (const id of ids(0, 5)) run.run(10, id);
    expect(run.remaining.tell()).toBe('5 of 7 cases, less than a minute left');
    run.run(180, 'm0');
    expect(run.remaining.tell()).toBe('6 of 7 cases, about 3 min left');
  });

  it('counts what is underway as far as it has come', () => {
    const run = new SampleRun(numbered(6));
    for (const id of ids(0, 5)) run.run(600, id);
    run.begin('c5');
    expect(run.remaining.tell()).toBe('5 of 6 cases, about 10 min left');
    run.wait(300);
    expect(run.remaining.tell()).toBe('5 of 6 cases, about 5 min left');
    // One that takes longer than the others is about to end.
    run.wait(600);
    expect(run.remaining.tell()).toBe('5 of 6 cases, less than a minute left');
  });

  it('does not jump: a case that takes somewhat longer than the others changes nothing', () => {
    const run = new SampleRun(numbered(100));
    for (const id of ids(0, 50)) run.run(60, id);
    expect(run.remaining.tell()).toBe('50 of 100 cases, about 50 min left');
    const told = ids(50, 60).map((id, at) => {
      run.run(at % 2 === 0 ? 100 : 20, id);
      return run.remaining.tell()?.replace(/^.* about (\d+) min left$/, '$1');
    });
    expect(told.map(Number)).toEqual(told.map(Number).toSorted((a, b) => b - a));
  });

  it('follows where all that comes is slower', () => {
    const run = new SampleRun(numbered(20));
    for (const id of ids(0, 5)) run.run(60, id);
    expect(run.remaining.tell()).toBe('5 of 20 cases, about 15 min left');
    for (const id of ids(5, 10)) run.run(600, id);
    expect(run.remaining.tell()).toBe('10 of 20 cases, about 55 min left');
  });
});
