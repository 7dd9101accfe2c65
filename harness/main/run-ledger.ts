// What a run has come to so far: its cases that have ended, judged, and what is written down of it as a whole.

import { placeOfCase, writeEvidenceFile } from '../content/evidence-folder.ts';
import type { JudgedCase } from '../engine/judge/judged-case.ts';
import type { RuleBook } from '../engine/judge/rule-book.ts';
import { type RunFacts, RunJudge } from '../engine/judge/run-judge.ts';
import type { PlannedCase } from '../engine/run/plan.ts';
import type { SensorName } from '../model/event.ts';
import { type EvidenceFile, evidenceVersion } from '../model/evidence.ts';
import type { OnRunFact } from '../model/run-event.ts';
import type { CaseRecord, RunRecord } from '../model/run-record.ts';
import { judgedFact } from './judged-facts.ts';
import type { Placeholders, Shard } from './request.ts';
import { writeRun } from './run-file.ts';
import { harnessVersion } from './version.ts';
import { writing } from './writing.ts';

/** What was chosen, and what it runs on. */
export interface LedgerRun {
  readonly id: string;
  readonly startedAt: string;
  readonly pausedMs: number;
  readonly folder: string;
  readonly planned: readonly PlannedCase[];
  readonly book: RuleBook;
  readonly ruleTexts: EvidenceFile['rules'];
  readonly placeholders: Placeholders;
  readonly sensorNames: readonly SensorName[];
  readonly clock: 'fast' | 'real';
  readonly shard: Shard | null;
  readonly dealtFrom: readonly string[] | null;
  readonly host: RunFacts['host'];
}

/** Codes of the faults of each case that has ended, by id. */
export type EndedCases = ReadonlyMap<string, readonly string[]>;

export class RunLedger {
  readonly #run: LedgerRun;
  readonly #say: OnRunFact;
  readonly #judge: RunJudge;
  readonly #places: ReadonlyMap<string, number>;
  readonly #ended = new Map<string, readonly string[]>();
  readonly #decided = new Set<string>();

  constructor(run: LedgerRun, say: OnRunFact) {
    this.#run = run;
    this.#say = say;
    this.#judge = new RunJudge(run.book, run.sensorNames);
    this.#places = new Map(run.planned.map(({ id }, at) => [id, at]));
  }

  get ended(): EndedCases {
    return this.#ended;
  }

  /** Takes a case over. @returns the cases whose verdict is final now */
  add(judged: JudgedCase): readonly CaseRecord[] {
    const { id, faults } = judged.evidence;
    this.#ended.set(
      id,
      faults.map(({ code }) => code),
    );
    const final = this.#judge.add(judged, this.#places.get(id) ?? this.#places.size);
    for (const one of final) this.#decided.add(one.id);
    final.map(judgedFact).forEach(this.#say);
    return final;
  }

  /** Writes down what the cases were run and judged by. @throws AtomclockError `output/unwritable` */
  async keepEvidence(): Promise<RunFacts> {
    const { id, startedAt, pausedMs, folder, planned, sensorNames, clock, shard, dealtFrom, host } =
      this.#run;
    const of: RunFacts = {
      id,
      startedAt,
      finishedAt: new Date().toISOString(),
      ...(pausedMs > 0 && { pausedMs }),
      harness: harnessVersion(),
      host,
      sensors: [...sensorNames],
      clock,
      shard: shard && `${shard.index}/${shard.count}`,
      ...(dealtFrom && { dealtFrom: [...dealtFrom] }),
    };
    const { ruleTexts, placeholders } = this.#run;
    const all = planned.map((one) => one.id);
    const cases = all.filter((each) => this.#ended.has(each));
    await writing(folder, () =>
      writeEvidenceFile(folder, {
        evidenceVersion,
        run: of,
        rules: ruleTexts,
        ...(Object.keys(placeholders).length > 0 && { placeholders }),
        cases: cases.map(placeOfCase),
        ...(cases.length < all.length && { planned: all }),
      }),
    );
    return of;
  }

  /** Writes down everything; nothing can be added afterwards. @throws AtomclockError `output/unwritable` */
  async finish(): Promise<RunRecord> {
    const missing = this.#run.planned.map(({ id }) => id).filter((id) => !this.#ended.has(id));
    const facts = await this.keepEvidence();
    const record = this.#judge.finish({ ...facts, ...(missing.length > 0 && { missing }) });
    await writeRun(this.#run.folder, record);
    // What waited for a control that never came.
    record.cases
      .filter(({ id }) => !this.#decided.has(id))
      .map(judgedFact)
      .forEach(this.#say);
    this.#say({ kind: 'run-finished', summary: record.summary });
    return record;
  }
}
