// A mitigation judged by four runs: without it the atomic executes; with it the atomic does not; legitimate use still
// works; and the reason seen is the mitigation's own. Exit codes mislead both ways, so each is judged apart.

import type { Mitigation } from '../../model/mitigation.ts';
import { refersTo } from '../../model/reference.ts';
import type { MitigationRecord } from '../../model/run-record.ts';
import type { JudgedCase } from './judge-case.ts';

/**
 * Judges a treated case against its control.
 * @param control the same atomic on the same target without the mitigation
 */
export function judgeMitigation(
  treated: JudgedCase,
  mitigation: Mitigation,
  control: JudgedCase | undefined,
): MitigationRecord {
  const { atomic, target, user: _ } = treated.evidence;
  const claim = mitigation.stops.find(({ atomic: stopped }) => atomic && refersTo(stopped, atomic));
  const legitimate = legitimateUse(treated, mitigation);
  const stage =
    treated.observation === 'refused' ? 'submission' : treated.observation === 'inert' ? 'execution' : null;
  const seen = evidenceFor(treated, claim?.reason ?? null, stage);
  const record = {
    id: mitigation.id,
    attack: mitigation.attack,
    target,
    atomic: atomic?.slug ?? '',
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
    return verdict('errored', faultOf(treated) ?? faultOf(control) ?? 'the harness could not tell');
  }
  if (treated.evidence.skipped) return verdict('errored', treated.evidence.skipped);
  if (control?.observation !== 'executed') {
    return verdict(
      'invalid',
      `without it the atomic was ${control?.observation ?? 'not run'}: there is nothing to stop`,
    );
  }
  if (treated.observation === 'executed') {
    return verdict('bypassed', `the payload ran all the same: ${treated.record?.proof?.commandLine ?? ''}`);
  }
  if (treated.observation === 'performed') {
    return verdict('invalid', 'the commands succeeded and scheduled nothing: that is not a block');
  }
  if (!seen) {
    return verdict(
      'invalid',
      `the atomic did not run, but nothing says '${claim?.reason}': something else stopped it`,
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

const faultOf = (judged: JudgedCase | undefined): string | undefined =>
  (judged?.evidence.faults[0] ?? judged?.blind)?.message;
