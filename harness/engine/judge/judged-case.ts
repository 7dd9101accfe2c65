// A case as it is judged: its evidence, what rules made of its events, and what is to be reported of it.

import type { EcsEvent } from '../../model/event.ts';
import type { CaseEvidence } from '../../model/evidence.ts';
import type { Observation } from '../../model/expectation.ts';
import type { CaseRecord, Proof } from '../../model/run-record.ts';
import type { Attribution } from '../proof/attribution.ts';
import type { RuledEvents } from '../proof/runner-text.ts';
import type { Fired } from './firing.ts';

export interface JudgedCase {
  evidence: CaseEvidence;
  events: readonly EcsEvent[];
  /** What rules are judged by: the events without the harness's own shell. */
  ruled: RuledEvents;
  attribution: Attribution;
  firings: Fired['firings'];
  forgotten: Fired['forgotten'];
  observation: Observation | null;
  /** Why it is errored where no sensor of the run could tell more; null where one could. */
  blind: CaseEvidence['faults'][number] | null;
  /** One for each legitimate use under the mitigation: what proves it. */
  legitimate: readonly (Proof | null)[];
  /** Whether the lack of such a proof says nothing. */
  isBlindToUse: boolean;
  /** null for the idle control, which is no case of its own. */
  record: CaseRecord | null;
}
