// What became of all that was tried under mitigations besides the attack.

import { type TriedUse, usesUnder } from '../../model/mitigation-use.ts';
import { useRecords } from './attack-records.ts';
import type { JudgedProcedure } from './judged-case.ts';

export interface UseResult extends Pick<TriedUse, 'role' | 'name' | 'broken'> {
  /** null: nobody can tell. */
  readonly works: boolean | null;
  readonly detail: string;
  /** Of a way around audit rules: the first record of it with a key of theirs; it is on record all the same. */
  readonly recorded?: string;
  /** Why it is not known whether there is one. */
  readonly unheard?: string;
}

/** In the order in which it was tried. A use that ran only once ways around were tried does not work by itself. */
export function useResults(judged: JudgedProcedure): UseResult[] {
  const { evidence, events, legitimate, isBlindToUse } = judged;
  const steps = evidence.steps.flatMap((step, place) =>
    step.role === 'legitimate' || step.role === 'bypass' ? [{ ...step, place }] : [],
  );
  const around = steps.find(({ role }) => role === 'bypass');
  const aroundSince = around ? Date.parse(around.startedAt) : Number.POSITIVE_INFINITY;
  return usesUnder(evidence.mitigations).map((use, index): UseResult => {
    const { role, name, broken, proof: wanted, unrecordedBy } = use;
    const result = (works: boolean | null, detail: string) => ({ role, name, broken, works, detail });
    const step = steps[index];
    if (!step) return result(null, 'it was not tried');
    const output = step.stderr.trim() || step.stdout.trim();
    if (step.exitCode !== 0) return result(false, `exit ${step.exitCode}: ${output}`);
    if (wanted === 'succeeds') return result(true, output);
    const proof = legitimate[index];
    if (proof && role === 'legitimate' && timeOf(proof.eventId, events) > aroundSince)
      return result(false, 'it was accepted, and ran only once a way around was tried');
    if (proof)
      return {
        ...result(true, `${proof.scheduler} ran ${proof.commandLine}`),
        ...(unrecordedBy.length > 0 && heardOf(judged, step.place, index, unrecordedBy)),
      };
    return isBlindToUse
      ? result(null, 'it was accepted, and no sensor of this run can tell whether it ran')
      : result(false, 'it was accepted and never ran');
  });
}

function heardOf(
  judged: JudgedProcedure,
  step: number,
  index: number,
  keys: readonly string[],
): Pick<UseResult, 'recorded' | 'unheard'> {
  const { records, unheard } = useRecords(judged, step, judged.evidence.legitimateNonces[index]);
  const recorded = records.find(({ key }) => keys.includes(key))?.first;
  if (recorded !== undefined) return { recorded };
  return unheard === undefined ? {} : { unheard };
}

/** In milliseconds since the epoch; of what proves nothing that can be looked up, before all times. */
function timeOf(eventId: string, events: JudgedProcedure['events']): number {
  const found = events.find(({ event }) => event.id === eventId);
  return found ? Date.parse(found['@timestamp']) : Number.NEGATIVE_INFINITY;
}
