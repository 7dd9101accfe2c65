// What came of a detonation, in a sentence: of a mitigation, what it did to the attack; else whether the attack worked
// and who saw it.

import type { CaseRecord, MitigationRecord, RunRecord } from '../model/run-record.ts';

export function runSentence({ cases, mitigations }: RunRecord): string {
  const [mitigation] = mitigations;
  const treated = cases.find(({ mitigation: under }) => under !== null);
  const control = cases.find(({ mitigation: under }) => under === null);
  if (mitigation) return mitigationSentence(mitigation);
  if (treated) return caseSentence(treated);
  return control ? caseSentence(control) : 'Nothing was run.';
}

function mitigationSentence({ id, atomic, verdict, stage, reason, treated }: MitigationRecord): string {
  switch (verdict) {
    case 'blocks':
      return `${id} stops ${atomic} at ${stage ?? 'execution'}: ${reason}`;
    case 'bypassed':
      return `${id} does not stop ${atomic}, as it says of itself or not: ${reason}`;
    case 'overblocks':
      return `${id} does to ${atomic} what it says, and legitimate use no longer works: ${reason}`;
    case 'records':
      return `${id} lets ${atomic} run and puts it on record: ${reason}`;
    case 'unrecorded':
      return `${id} lets ${atomic} run and does not put it on record, as it says it does: ${reason}`;
    case 'notClaimed':
      return `${id} never said what it does to ${atomic}, which was ${treated ?? 'not run'}: ${reason}`;
    case 'invalid':
      return `Nothing can be concluded of ${id}: ${reason}`;
    case 'errored':
      return `Nobody can tell what ${id} does to ${atomic}: ${reason}`;
  }
}

/** What became of one case. */
function caseSentence({ atomic, observation, proof, seenBy, reasons, verdict }: CaseRecord): string {
  const seen =
    seenBy.length === 0
      ? 'no rule saw it'
      : `${seenBy.length === 1 ? 'one rule' : `${seenBy.length} rules`} saw it`;
  switch (observation) {
    case 'executed':
      return `${atomic.slug} worked: ${proof?.scheduler ?? 'the scheduler'} launched its payload as ${proof?.user ?? 'its user'}, and ${seen}.`;
    case 'performed':
      return `${atomic.slug} did what it does, which schedules nothing, and ${seen}.`;
    case 'inert':
      return `${atomic.slug} was scheduled and never launched: ${reasons.join('; ') || verdict}`;
    case 'refused':
      return `${atomic.slug} was refused: ${reasons.join('; ') || verdict}`;
    case 'errored':
      return `Nobody can tell what became of ${atomic.slug}: ${reasons.join('; ')}`;
    case null:
      return `${atomic.slug} was not run: ${reasons.join('; ')}`;
  }
}
