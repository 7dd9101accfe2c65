// A mitigation judged by four runs: without it the atomic executes; with it the atomic does not; legitimate use still
// works; and the reason seen is the mitigation's own. Exit codes mislead both ways, so each is judged apart.

import type { Observation } from '../../model/expectation.ts';
import type { Mitigation } from '../../model/mitigation.ts';
import { refersTo } from '../../model/reference.ts';
import type { MitigationRecord } from '../../model/run-record.ts';
import type { JudgedCase } from './judged-case.ts';

/** What a case under a mitigation shows by itself: all that its judgement needs but the control. */
export interface Treatment {
  readonly mitigation: Pick<Mitigation, 'id' | 'attack'>;
  readonly case: string;
  readonly target: string;
  readonly atomic: string;
  readonly observation: Observation | null;
  /** Whether the mitigation says that it stops this atomic; the full matrix also holds it against others. */
  readonly claim: Mitigation['stops'][number] | null;
  readonly legitimate: MitigationRecord['legitimate'];
  /** Where the atomic was stopped. */
  readonly stage: MitigationRecord['stage'];
  /** The line that shows why. */
  readonly seen: string | undefined;
  /** Why the harness could not tell. */
  readonly fault: string | undefined;
  readonly skipped: string | null;
  /** What was launched all the same. */
  readonly launched: string;
}

/** What the same case without the mitigation shows. */
export interface Control {
  readonly observation: Observation | null;
  readonly fault: string | undefined;
}

export const controlFrom = (judged: JudgedCase): Control => ({
  observation: judged.observation,
  fault: faultOf(judged),
});

/** What a treated case shows; undefined where the case had no mitigation. */
export function treatmentOf(judged: JudgedCase): Treatment | undefined {
  const { evidence, observation, record } = judged;
  const { mitigation, atomic, target, skipped } = evidence;
  if (!mitigation || !atomic) return undefined;
  const claim = mitigation.stops.find(({ atomic: stopped }) => refersTo(stopped, atomic)) ?? null;
  const stage = observation === 'refused' ? 'submission' : observation === 'inert' ? 'execution' : null;
  return {
    mitigation,
    case: evidence.id,
    target,
    atomic: atomic.slug,
    observation,
    claim,
    legitimate: legitimateUse(judged, mitigation),
    stage,
    seen: evidenceFor(judged, claim?.reason ?? null, stage),
    fault: faultOf(judged),
    skipped,
    launched: record?.proof?.commandLine ?? '',
  };
}

/**
 * Judges a treated case against its control.
 * @param control the same atomic on the same target without the mitigation
 */
export function judgeMitigation(treated: Treatment, control: Control | undefined): MitigationRecord {
  const { mitigation, target, atomic, claim, legitimate, stage, seen } = treated;
  const record = {
    id: mitigation.id,
    case: treated.case,
    attack: mitigation.attack,
    target,
    atomic,
    control: control?.observation ?? null,
    treated: treated.observation,
    legitimate,
  };
  const verdict = (outcome: MitigationRecord['verdict'], reason: string): MitigationRecord => ({
    ...record,
    verdict: outcome,
    stage: outcome === 'blocks' || outcome === 'overblocks' ? stage : null,
    reason,
  });

  const broken = legitimate.find(({ works }) => !works);
  if (treated.observation === 'errored' || control?.observation === 'errored') {
    return verdict('errored', treated.fault ?? control?.fault ?? 'the harness could not tell');
  }
  if (treated.skipped) return verdict('errored', treated.skipped);
  if (control?.observation !== 'executed') {
    return verdict(
      'invalid',
      `without it the atomic was ${control?.observation ?? 'not run'}: there is nothing to stop`,
    );
  }
  if (treated.observation === 'executed') {
    return claim === null
      ? verdict('notClaimed', `it does not claim to stop this atomic, whose payload ran: ${treated.launched}`)
      : verdict('bypassed', `the payload ran all the same: ${treated.launched}`);
  }
  if (treated.observation === 'performed') {
    return verdict('invalid', 'the commands succeeded and scheduled nothing: that is not a block');
  }
  if (!seen) {
    return verdict(
      'invalid',
      `the atomic did not run, but nothing says ${claim === null ? 'why' : `'${claim.reason}'`}: something else stopped it`,
    );
  }
  if (claim && claim.stage !== stage) {
    return verdict(
      'invalid',
      `it claims to stop the ${claim.stage}, the atomic was stopped at ${stage}: ${seen}`,
    );
  }
  if (broken?.detail === unseenUse) return verdict('errored', `${broken.name}: ${broken.detail}`);
  if (broken) return verdict('overblocks', `${broken.name}: ${broken.detail}`);
  return verdict('blocks', seen);
}

const unseenUse = 'it was accepted, and no sensor of this run can tell whether it ran';

function legitimateUse(
  { evidence, legitimate, isBlindToUse }: JudgedCase,
  mitigation: Mitigation,
): MitigationRecord['legitimate'] {
  const steps = evidence.steps.filter(({ role }) => role === 'legitimate');
  return mitigation.legitimate.map(({ name, proof: wanted }, index) => {
    const step = steps[index];
    if (!step) return { name, works: false, detail: 'it was not tried' };
    const output = step.stderr.trim() || step.stdout.trim();
    if (step.exitCode !== 0) return { name, works: false, detail: `exit ${step.exitCode}: ${output}` };
    if (wanted === 'succeeds') return { name, works: true, detail: output };
    const proof = legitimate[index];
    return proof
      ? { name, works: true, detail: `${proof.scheduler} ran ${proof.commandLine}` }
      : { name, works: false, detail: isBlindToUse ? unseenUse : 'it was accepted and never ran' };
  });
}

/**
 * The line that shows why the atomic did not run: with the text that the mitigation claims, at the stage that was seen.
 * Where nothing is claimed, the last thing that was said at all.
 */
function evidenceFor(
  { evidence, events, record }: JudgedCase,
  text: string | null,
  stage: 'submission' | 'execution' | null,
): string | undefined {
  const said = evidence.steps
    .filter(({ role }) => role === 'attack')
    .flatMap(({ stderr, stdout }) => [...stderr.split('\n'), ...stdout.split('\n')]);
  const logged = events.flatMap(({ message }) => message ?? []);
  const lines = stage === 'submission' ? said : [...logged, ...said];
  if (text === null) return record?.reasons[0];
  return lines.find((line) => line.includes(text))?.trim();
}

const faultOf = ({ evidence, blind }: JudgedCase): string | undefined =>
  (evidence.faults[0] ?? blind)?.message;
