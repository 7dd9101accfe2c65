// Mitigations judged by four runs: without them the atomic executes; with them the atomic does not; legitimate use still
// works; and the reason seen is a mitigation's own. Exit codes mislead both ways, so each is judged apart.

import type { Observation } from '../../model/expectation.ts';
import type { Mitigation } from '../../model/mitigation.ts';
import { refersTo } from '../../model/reference.ts';
import type { MitigationRecord } from '../../model/run-record.ts';
import type { JudgedProcedure } from './judged-case.ts';

/** What a case under a mitigation shows by itself: all that its judgement needs but the control. */
export interface Treatment {
  /** In the order in which they were applied. */
  readonly members: readonly [Member, ...Member[]];
  readonly case: string;
  readonly target: string;
  readonly atomic: string;
  readonly observation: Observation | null;
  readonly legitimate: MitigationRecord['legitimate'];
  /** Where the atomic was stopped. */
  readonly stage: MitigationRecord['stage'];
  /** The last thing that was said at all: what shows why it did not run, where nothing is claimed. */
  readonly said: string | undefined;
  /** Why the harness could not tell. */
  readonly fault: string | undefined;
  readonly skipped: string | null;
  /** What was launched all the same. */
  readonly launched: string;
}

/** One of the mitigations that were applied together, mostly the only one. */
interface Member {
  readonly id: string;
  readonly attack: string;
  /** Whether it says that it stops this atomic; the full matrix also holds it against others. */
  readonly claim: Mitigation['stops'][number] | null;
  /** The line that has the text that it claims, at the stage that was seen. */
  readonly seen: string | undefined;
}

/** What the same case without the mitigations shows. */
export interface Control {
  readonly observation: Observation | null;
  readonly fault: string | undefined;
}

export const controlFrom = (judged: JudgedProcedure): Control => ({
  observation: judged.observation,
  fault: faultOf(judged),
});

/** What a treated case shows; undefined where the case had no mitigation. */
export function treatmentOf(judged: JudgedProcedure): Treatment | undefined {
  const { evidence, observation, record } = judged;
  const { mitigations, atomic, target, skipped } = evidence;
  const stage = observation === 'refused' ? 'submission' : observation === 'inert' ? 'execution' : null;
  const [first, ...others] = mitigations.map(({ id, attack, stops }): Member => {
    const claim = stops.find(({ atomic: stopped }) => refersTo(stopped, atomic)) ?? null;
    return { id, attack, claim, seen: claim ? lineWith(judged, claim.reason, stage) : undefined };
  });
  if (!first) return undefined;
  return {
    members: [first, ...others],
    case: evidence.id,
    target,
    atomic: atomic.slug,
    observation,
    legitimate: legitimateUse(judged),
    stage,
    said: record.reasons[0],
    fault: faultOf(judged),
    skipped,
    launched: record.proof?.commandLine ?? '',
  };
}

/**
 * Judges a treated case against its control. Of several mitigations that were applied together one that stops the atomic
 * as it claims is enough; legitimate use must still work under all of them.
 * @param control the same atomic on the same target without mitigations
 */
export function judgeMitigation(treated: Treatment, control: Control | undefined): MitigationRecord {
  const { members, target, atomic, legitimate, stage } = treated;
  const { claim, seen } = decisive(treated);
  const record = {
    id: members.map(({ id }) => id).join('+'),
    case: treated.case,
    attack: [...new Set(members.map(({ attack }) => attack))].join('+'),
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
    ...(members.length > 1 && { members: members.map((member) => memberRecord(member, stage)) }),
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

/** The claim that is judged, with the line that shows it: of several one that was seen, and at its own stage. */
function decisive({ members, stage, said }: Treatment): Pick<Member, 'claim' | 'seen'> {
  const claiming = members.filter(({ claim }) => claim !== null);
  const seen = claiming.filter((member) => member.seen !== undefined);
  return (
    seen.find(({ claim }) => claim?.stage === stage) ?? seen[0] ?? claiming[0] ?? { claim: null, seen: said }
  );
}

const memberRecord = (
  { id, attack, claim, seen }: Member,
  stage: Treatment['stage'],
): NonNullable<MitigationRecord['members']>[number] => ({
  id,
  attack,
  claims: claim !== null,
  seen: claim !== null && claim.stage === stage ? (seen ?? null) : null,
});

const unseenUse = 'it was accepted, and no sensor of this run can tell whether it ran';

function legitimateUse({
  evidence,
  legitimate,
  isBlindToUse,
}: JudgedProcedure): MitigationRecord['legitimate'] {
  const steps = evidence.steps.filter(({ role }) => role === 'legitimate');
  const uses = evidence.mitigations.flatMap((mitigation) => mitigation.legitimate);
  return uses.map(({ name, proof: wanted }, index) => {
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

/** The line that shows why the atomic did not run: with the text that is claimed, at the stage that was seen. */
function lineWith(
  { evidence, events }: JudgedProcedure,
  text: string,
  stage: Treatment['stage'],
): string | undefined {
  const said = evidence.steps
    .filter(({ role }) => role === 'attack')
    .flatMap(({ stderr, stdout }) => [...stderr.split('\n'), ...stdout.split('\n')]);
  const logged = events.flatMap(({ message }) => message ?? []);
  const lines = stage === 'submission' ? said : [...logged, ...said];
  return lines.find((line) => line.includes(text))?.trim();
}

const faultOf = ({ evidence, blind }: JudgedProcedure): string | undefined =>
  (evidence.faults[0] ?? blind)?.message;
