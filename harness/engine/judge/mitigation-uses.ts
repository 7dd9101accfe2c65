// What became of all that was tried under mitigations besides the attack.

import { type TriedUse, usesUnder } from '../../model/mitigation-use.ts';
import type { JudgedProcedure } from './judged-case.ts';

export interface UseResult extends Pick<TriedUse, 'role' | 'name' | 'broken'> {
  /** null: nobody can tell. */
  readonly works: boolean | null;
  readonly detail: string;
}

/** In the order in which it was tried. A use that ran only once ways around were tried does not work by itself. */
export function useResults({ evidence, events, legitimate, isBlindToUse }: JudgedProcedure): UseResult[] {
  const steps = evidence.steps.filter(({ role }) => role === 'legitimate' || role === 'bypass');
  const around = steps.find(({ role }) => role === 'bypass');
  const aroundSince = around ? Date.parse(around.startedAt) : Number.POSITIVE_INFINITY;
  return usesUnder(evidence.mitigations).map(({ role, name, broken, proof: wanted }, index): UseResult => {
    const result = (works: boolean | null, detail: string) => ({ role, name, broken, works, detail });
    const step = steps[index];
    if (!step) return result(null, 'it was not tried');
    const output = step.stderr.trim() || step.stdout.trim();
    if (step.exitCode !== 0) return result(false, `exit ${step.exitCode}: ${output}`);
    if (wanted === 'succeeds') return result(true, output);
    const proof = legitimate[index];
    if (proof && role === 'legitimate' && timeOf(proof.eventId, events) > aroundSince)
      return result(false, 'it was accepted, and ran only once a way around was tried');
    if (proof) return result(true, `${proof.scheduler} ran ${proof.commandLine}`);
    return isBlindToUse
      ? result(null, 'it was accepted, and no sensor of this run can tell whether it ran')
      : result(false, 'it was accepted and never ran');
  });
}

/** In milliseconds since the epoch; of what proves nothing that can be looked up, before all times. */
function timeOf(eventId: string, events: JudgedProcedure['events']): number {
  const found = events.find(({ event }) => event.id === eventId);
  return found ? Date.parse(found['@timestamp']) : Number.NEGATIVE_INFINITY;
}
