// A case as it is judged: its evidence, what rules made of its events, and what is to be reported of it.

import type { EcsEvent } from '../../model/event.ts';
import type { CaseEvidence, IdleEvidence, ProcedureEvidence } from '../../model/evidence.ts';
import type { Observation } from '../../model/expectation.ts';
import type { CaseRecord, Proof } from '../../model/run-record.ts';
import type { Attribution } from '../proof/attribution.ts';
import type { RuledEvents } from '../proof/runner-text.ts';
import type { CaseMatches } from './matches.ts';

export type JudgedCase = JudgedIdle | JudgedProcedure;

/** The idle control: what fires in it fires on nothing, and it is no case of the record. */
export interface JudgedIdle extends Fires<IdleEvidence> {
  observation: null;
  record: null;
}

export interface JudgedProcedure extends Told {
  record: CaseRecord;
}

/** What fired in a case, and on whose events. */
export interface Fires<Evidence extends CaseEvidence> {
  evidence: Evidence;
  events: readonly EcsEvent[];
  /** What rules are judged by: the events without the harness's own shell. */
  ruled: RuledEvents;
  attribution: Attribution;
  matches: CaseMatches['matches'];
  evicted: CaseMatches['evicted'];
}

/** What a procedure did. */
export interface Told extends Fires<ProcedureEvidence> {
  observation: Observation | null;
  /** Why it is errored where no sensor of the run could tell more; null where one could. */
  blind: CaseEvidence['faults'][number] | null;
  /** What proves that it was executed, where it was. */
  proof: Proof | null;
  /** One for each legitimate use under the mitigations: what proves it. */
  legitimate: readonly (Proof | null)[];
  /** Whether the lack of such a proof says nothing. */
  isBlindToUse: boolean;
}
