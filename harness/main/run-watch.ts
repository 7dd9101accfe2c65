// A run that goes on when it is over: what an edit touches is run again, the rest is judged again on what it recorded.

import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { placeOfCase, type RecordedEvidence, readCase, writeCase } from '../content/evidence-folder.ts';
import { judgeCase } from '../engine/judge/judge-case.ts';
import type { PlannedCase } from '../engine/run/plan.ts';
import { AtomclockError, ContentError, formatProblem, type Problem } from '../model/errors.ts';
import type { OnRunEvent, OnRunFact } from '../model/run-event.ts';
import type { RunRecord } from '../model/run-record.ts';
import { someNames } from '../model/some-names.ts';
import type { TargetFile } from '../model/target.ts';
import { editsOf, payloadsBeside } from './edits.ts';
import { ProgressFile } from './progress-file.ts';
import { ownPaths, type RunRequest } from './request.ts';
import { type ChosenRun, chooseRun, type EarlierRun, type LabRun, pausedUntilNow, runChosen } from './run.ts';
import { durationsOf } from './run-file.ts';
import { RunLedger } from './run-ledger.ts';
import { stamped, type World } from './world.ts';
import { writing } from './writing.ts';

/** What came of one state of the content: a run, or why there is none yet. */
export type WatchedRun =
  | {
      readonly kind: 'judged';
      readonly run: LabRun;
      /** Ids of the cases that were run for it: all of them the first time. */
      readonly ran: readonly string[];
      /** How long it took, from the edit to the record. */
      readonly ms: number;
    }
  | { readonly kind: 'refused'; readonly error: AtomclockError };

/**
 * Runs at once, then after each edit of the user's own content what that touches, in the same folder: it always has a whole
 * run of what is there now. An edit during a run lets the cases that have begun end, and no other begin, before it is taken
 * in. Content that cannot be used is told, and waited for.
 * @throws what `run` throws but for content that was edited; AtomclockError `watch/unwatchable`; the signal's reason when
 *   interrupted
 */
export async function watchRun(
  request: RunRequest,
  world: World,
  onEvent: OnRunEvent,
  show: (watched: WatchedRun) => Promise<void>,
): Promise<never> {
  const paths = [...ownPaths(request), ...request.atomics.flatMap(payloadsBeside)];
  const edits = editsOf(paths, world.signal);
  const runs = new EditedRun(request, world, onEvent);
  for (;;) {
    const edited = edits.next();
    const enough = new AbortController();
    edited.then(
      () => enough.abort(),
      // Told to whoever waits for it.
      () => {},
    );
    const watched = await runs.next(enough.signal);
    if (watched) await show(watched);
    await edited;
  }
}

interface EndedRun {
  readonly chosen: ChosenRun;
  readonly record: RunRecord;
}

/** One run in one folder, over all edits. */
class EditedRun {
  readonly #request: RunRequest;
  readonly #world: World;
  readonly #onEvent: OnRunEvent;
  #last: EndedRun | null = null;
  /** Of each case that has ended, by its id, what it was run with. */
  readonly #ran = new Map<string, string>();
  readonly #recorded = new Map<string, RecordedEvidence>();
  /** What was said to be wrong with the content that ran last. */
  #problems: ReadonlySet<string> = new Set();
  /** Whether what was shown last is not of what is there now. */
  #isBehind = true;

  constructor(request: RunRequest, world: World, onEvent: OnRunEvent) {
    this.#request = request;
    this.#world = world;
    this.#onEvent = onEvent;
  }

  /** @returns null where there is nothing to show: all is as it was, or more was edited before it was done */
  async next(enough: AbortSignal): Promise<WatchedRun | null> {
    const begun = performance.now();
    await using progress = new ProgressFile();
    const say = stamped((event) => {
      if (event.kind !== 'event') progress.add(event);
      this.#onEvent(event);
    });
    const stale = new Set<string>();
    const chosen = await this.#choose(stale, say);
    if (chosen instanceof AtomclockError) {
      this.#isBehind = true;
      return { kind: 'refused', error: chosen };
    }
    const inputs = new Map(chosen.planned.map((one) => [one.id, inputOf(one, chosen)]));
    for (const [id, input] of inputs) if (this.#ran.get(id) !== input) stale.add(id);
    const last = this.#last;
    if (last && !this.#isBehind && stale.size === 0 && isJudgedAlike(chosen, last.chosen)) return null;
    if (last) await this.#forgetAllBut(inputs, last.chosen.folder);
    if (last && stale.size > 0) say({ kind: 'note', message: editedNote([...stale], inputs.size) });
    const run =
      last && stale.size === 0
        ? await this.#judge(chosen, last.record)
        : await runChosen(chosen, { world: this.#world, say, progress, enough });
    const missing = new Set(run.record.run.missing);
    for (const [id, input] of inputs) if (!missing.has(id)) this.#ran.set(id, input);
    this.#last = { chosen, record: run.record };
    this.#isBehind = enough.aborted && missing.size > 0;
    return this.#isBehind ? null : { kind: 'judged', run, ran: [...stale], ms: performance.now() - begun };
  }

  /**
   * Today's content; what is wrong with it is said once. The first time, as in any run, what can be used is run all the
   * same; later what cannot be used is being edited, and is waited for.
   * @param stale ids of cases that are to be run again, once that is known
   */
  async #choose(stale: ReadonlySet<string>, say: OnRunFact): Promise<ChosenRun | AtomclockError> {
    const problems: Problem[] = [];
    const heard: OnRunFact = (fact) => {
      if (fact.kind === 'problem') problems.push(fact.problem);
      else say(fact);
    };
    try {
      const earlier = this.#last && this.#earlier(this.#last, stale);
      const chosen = chooseRun(this.#request, earlier, await durationsOf(this.#request), heard);
      const fresh = problems.filter((problem) => !this.#problems.has(formatProblem(problem)));
      const errors = fresh.filter(({ severity }) => severity === 'error');
      if (this.#last && errors.length > 0) return new ContentError(errors);
      this.#problems = new Set(problems.map(formatProblem));
      for (const problem of fresh) say({ kind: 'problem', problem });
      return chosen;
    } catch (error) {
      // A wrong name is none of an edit's doing as long as nothing has run.
      if (error instanceof ContentError || (this.#last && error instanceof AtomclockError)) return error;
      throw error;
    }
  }

  #earlier({ chosen, record }: EndedRun, stale: ReadonlySet<string>): EarlierRun {
    const { id, startedAt, folder } = chosen;
    return {
      ...{ id, startedAt, pausedMs: pausedUntilNow(record.run), isEdited: true },
      kept: async (planned) => {
        if (!stale.has(planned.id)) return await this.#keptOf(planned, folder);
        await this.#forget(planned.id, folder);
        return null;
      },
    };
  }

  /** All cases again, by what is there now. */
  async #judge(chosen: ChosenRun, { run: { host } }: RunRecord): Promise<LabRun> {
    const { folder, planned, book, hasErrors } = chosen;
    const ledger = new RunLedger({ ...chosen, host }, () => {});
    for (const one of planned) {
      this.#world.signal.throwIfAborted();
      const { evidence, events } = await this.#keptOf(one, folder);
      ledger.add(judgeCase(evidence, events, book));
    }
    return { record: await ledger.finish(), folder, hasErrors, loss: null };
  }

  /** What a case recorded, with what is expected of it now; that is what its folder says then, too. */
  async #keptOf(planned: PlannedCase, folder: string): Promise<RecordedEvidence> {
    const known = this.#recorded.get(planned.id) ?? (await readCase(folder, placeOfCase(planned.id)));
    const { evidence, events } = known;
    const kept =
      evidence.kind === 'idle' ||
      planned.kind === 'idle' ||
      isDeepStrictEqual(evidence.expectation, planned.expectation)
        ? known
        : { evidence: { ...evidence, expectation: planned.expectation }, events };
    if (kept !== known) await writing(folder, () => writeCase(folder, kept));
    this.#recorded.set(planned.id, kept);
    return kept;
  }

  async #forgetAllBut(planned: ReadonlyMap<string, string>, folder: string): Promise<void> {
    for (const id of this.#ran.keys()) if (!planned.has(id)) await this.#forget(id, folder);
  }

  async #forget(id: string, folder: string): Promise<void> {
    this.#ran.delete(id);
    this.#recorded.delete(id);
    await writing(folder, () => rm(join(folder, 'cases', id), { recursive: true, force: true }));
  }
}

/** All that decides what happens in a case; what it is judged by is none of it. */
function inputOf(planned: PlannedCase, { filesBeside }: Pick<ChosenRun, 'filesBeside'>): string {
  if (planned.kind === 'idle') return planned.target;
  const { expectation, atomic, ...input } = planned;
  const beside = planned.skipped === null ? filesBeside(atomic).map(markOf) : [];
  return JSON.stringify({ ...input, atomic, container: expectation?.container, beside });
}

const markOf = ({ path, content, mode }: TargetFile): string =>
  `${path} ${mode} ${createHash('sha256').update(content).digest('hex')}`;

const isJudgedAlike = (one: ChosenRun, other: ChosenRun): boolean =>
  isDeepStrictEqual(judgedBy(one), judgedBy(other));

const judgedBy = ({ ruleTexts, placeholders, planned }: ChosenRun): unknown => ({
  ruleTexts,
  placeholders,
  expected: planned.map((one) => [one.id, one.kind === 'idle' ? null : one.expectation]),
});

const editedNote = (ids: readonly string[], all: number): string =>
  `edited: ${ids.length} of ${all} ${all === 1 ? 'case' : 'cases'} to run: ${someNames(ids, 6)}`;
