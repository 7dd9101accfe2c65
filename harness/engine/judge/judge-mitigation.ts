// Mitigations judged by four runs: without them the atomic executes; with them the atomic does not; legitimate use still
// works; and the reason seen is a mitigation's own. Of one that claims to put the atomic on record it is the record that
// must be there with it, and must not be without it. Exit codes mislead both ways, so each is judged apart. A mitigation
// of which it is not shown that it took effect is never credited.

import type { Observation } from '../../model/expectation.ts';
import { auditKeysOf } from '../../model/mitigation.ts';
import { type Claim, claimOn } from '../../model/mitigation-claim.ts';
import type { MitigationRecord } from '../../model/run-record.ts';
import { type Check, checksOf } from './applied-mitigations.ts';
import { type AttackRecords, attackRecords, recordedKeys } from './attack-records.ts';
import type { JudgedProcedure } from './judged-case.ts';
import { type UseResult, useResults } from './mitigation-uses.ts';

/** What a case under a mitigation shows by itself: all that its judgement needs but the control. */
export interface Treatment {
  /** In the order in which they were applied. */
  readonly members: readonly [Member, ...Member[]];
  readonly case: string;
  readonly target: string;
  readonly atomic: string;
  readonly observation: Observation | null;
  /** What was tried under them; null: in the case `triedIn`. */
  readonly uses: readonly UseResult[] | null;
  readonly triedIn: string | null;
  readonly checks: readonly Check[];
  /** Where the atomic was stopped. */
  readonly stage: MitigationRecord['stage'];
  /** The last thing that was said at all: what shows why it did not run, where nothing is claimed. */
  readonly said: string | undefined;
  /** Why the harness could not tell. */
  readonly fault: string | undefined;
  readonly skipped: string | null;
  /** What was launched all the same. */
  readonly launched: string;
  /** What audit rules of theirs wrote of the attack, by key. */
  readonly records: readonly AttackRecords[];
  /** Why nobody knows what they would have written; undefined where that is known, or they have no such rules. */
  readonly unheard: string | undefined;
}

/** One of the mitigations that were applied together, mostly the only one. */
interface Member {
  readonly id: string;
  readonly attack: string;
  /** What it says of this atomic; the full matrix also holds it against others. */
  readonly claim: Claim | null;
  /** The line that has the text that it claims, at the stage that was seen. */
  readonly seen: string | undefined;
  /** The first record of the attack by its audit rules: by that with the key that it claims, where it claims one. */
  readonly wrote: string | undefined;
  /** Whether it has audit rules: then what gets by must not be on record either. */
  readonly listens: boolean;
}

/** What the same case without the mitigations shows. */
export interface Control {
  readonly observation: Observation | null;
  readonly fault: string | undefined;
  /** What it said, by the stage at which a mitigation would be known by it. */
  readonly lines: Lines;
  /** Keys of audit rules of which it has records; null: nobody listened. */
  readonly recorded: readonly string[] | null;
}

/** The lines that may show why an atomic did not run. */
interface Lines {
  /** Of its own commands. */
  readonly submission: readonly string[];
  /** Where these succeeded: of the log as well, or what the harness found out about the schedules it left. */
  readonly execution: readonly string[];
}

export const controlFrom = (judged: JudgedProcedure): Control => ({
  observation: judged.observation,
  fault: faultOf(judged),
  lines: linesOf(judged),
  recorded: recordedKeys(judged.evidence),
});

/** What a treated case shows; undefined where the case had no mitigation. */
export function treatmentOf(judged: JudgedProcedure): Treatment | undefined {
  const { evidence, observation, record } = judged;
  const { mitigations, atomic, target, skipped, legitimateIn = null } = evidence;
  const stage = observation === 'refused' ? 'submission' : observation === 'inert' ? 'execution' : null;
  const { records, unheard } = attackRecords(judged);
  const lines = linesOf(judged);
  const [first, ...others] = mitigations.map((mitigation): Member => {
    const { id, attack } = mitigation;
    const claim = claimOn(mitigation, atomic);
    const seen = claim?.kind === 'stops' ? lineWith(lines[stage ?? 'execution'], claim.reason) : undefined;
    const keys = claim?.kind === 'records' ? [claim.key] : auditKeysOf(mitigation);
    const wrote = records.find(({ key }) => keys.includes(key))?.first;
    return { id, attack, claim, seen, wrote, listens: mitigation.audit !== undefined };
  });
  if (!first) return undefined;
  return {
    members: [first, ...others],
    case: evidence.id,
    target,
    atomic: atomic.slug,
    observation,
    uses: legitimateIn === null ? useResults(judged) : null,
    triedIn: legitimateIn,
    checks: checksOf(evidence),
    stage,
    said: record.reasons[0],
    fault: faultOf(judged),
    skipped,
    launched: record.proof?.commandLine ?? '',
    records,
    unheard,
  };
}

/** How a treated case is judged. */
export interface MitigationJudgement {
  readonly record: MitigationRecord;
  /** Whether all is as the files of the mitigations say; where they say nothing, there is nothing to fail. */
  readonly isAsDeclared: boolean;
}

/**
 * Judges a treated case against its control. Of several mitigations that were applied together one that stops the atomic
 * as it claims is enough; legitimate use must still work under all of them.
 * @param control the same atomic on the same target without mitigations
 * @param triedElsewhere what was tried in the case that the treatment names, where it was not tried here
 */
export function judgeMitigation(
  treated: Treatment,
  control: Control | undefined,
  triedElsewhere?: readonly UseResult[],
): MitigationJudgement {
  const uses = treated.uses ?? triedElsewhere ?? [];
  const legitimate = uses.filter(({ role }) => role === 'legitimate');
  const { verdict, reason } = verdictOf(treated, control, {
    legitimate,
    isUnknown: treated.uses === null && triedElsewhere === undefined,
    // Each is told once, in the case in which it was tried.
    wrong: treated.uses?.find((use) => isContradicted(use, treated.members.length === 1)),
    unheard: treated.uses?.find(({ unheard }) => unheard !== undefined),
  });
  const broken = legitimate.filter(({ works }) => works === false);
  const isAsDeclared =
    verdict === 'blocks' ||
    verdict === 'records' ||
    verdict === 'notClaimed' ||
    verdict === 'errored' ||
    (verdict === 'overblocks' && broken.every((use) => use.broken !== null));
  return { record: recordOf(treated, control, { verdict, reason, uses }), isAsDeclared };
}

interface Tried {
  readonly legitimate: readonly UseResult[];
  readonly isUnknown: boolean;
  /** What is not as the file of a mitigation says. */
  readonly wrong: UseResult | undefined;
  /** A way around of which nobody knows whether it is on record. */
  readonly unheard: UseResult | undefined;
}

interface Outcome {
  readonly verdict: MitigationRecord['verdict'];
  readonly reason: string;
}

function verdictOf(treated: Treatment, control: Control | undefined, tried: Tried): Outcome {
  return ofLasting(outcomeOf(treated, control, tried), treated, decisive(treated).id);
}

function outcomeOf(treated: Treatment, control: Control | undefined, tried: Tried): Outcome {
  const { members, observation, stage } = treated;
  const unapplied = treated.checks.find(({ holds, undoneBy }) => !holds && undoneBy === undefined);
  if (unapplied)
    return { verdict: 'invalid', reason: `${unapplied.id} did not take effect: ${unapplied.detail}` };
  if (observation === 'errored' || control?.observation === 'errored') {
    return { verdict: 'errored', reason: treated.fault ?? control?.fault ?? 'the harness could not tell' };
  }
  if (treated.skipped) return { verdict: 'errored', reason: treated.skipped };
  const { claim, seen } = decisive(treated);
  if (control?.observation !== 'executed') {
    const without = `without it the atomic was ${control?.observation ?? 'not run'}: there is nothing to stop`;
    return { verdict: claim === null ? 'notClaimed' : 'invalid', reason: without };
  }
  if (claim?.kind === 'records') return recorded(claim.key, treated, control, tried);
  if (observation === 'executed') {
    if (claim?.kind === 'stops')
      return { verdict: 'bypassed', reason: `the payload ran all the same: ${treated.launched}` };
    const listening = members.find((member) => member.claim === claim && member.listens);
    if (claim?.kind === 'bypass' && listening) return unrecordedBypass(claim.how, listening, treated, tried);
    return asTried(tried, {
      verdict: 'notClaimed',
      reason: claim
        ? `a declared bypass, and its payload ran: ${claim.how}`
        : `it does not claim to stop this atomic, whose payload ran: ${treated.launched}`,
    });
  }
  const how =
    stage === null ? `${observation}` : `stopped at ${stage}: ${treated.said ?? 'nothing says why'}`;
  if (claim?.kind === 'bypass' && members.length === 1)
    return { verdict: 'invalid', reason: `declared to get by (${claim.how}), and it was ${how}` };
  if (claim?.kind !== 'stops') {
    return asTried(tried, {
      verdict: 'notClaimed',
      reason: `it does not claim to stop this atomic, which was ${how}`,
    });
  }
  if (observation === 'performed') {
    return {
      verdict: 'invalid',
      reason: 'the commands succeeded and scheduled nothing: that is not a block',
    };
  }
  if (!seen) {
    const reason = `the atomic did not run, but nothing says '${claim.reason}': something else stopped it: ${treated.said ?? 'nothing says what'}`;
    return { verdict: 'invalid', reason };
  }
  const alike = lineWith(control.lines[claim.stage], claim.reason);
  if (alike !== undefined) {
    const reason = `'${claim.reason}' shows nothing, without it that is said as well: ${alike}`;
    return { verdict: 'invalid', reason };
  }
  if (claim.stage !== stage) {
    const reason = `it claims to stop the ${claim.stage}, the atomic was stopped at ${stage}: ${seen}`;
    return { verdict: 'invalid', reason };
  }
  return asClaimed({ verdict: 'blocks', reason: seen }, treated, tried);
}

/** What held and no longer does is credited with nothing: the outcome, or what became of the one that it depends on. */
function ofLasting({ verdict, reason }: Outcome, { members, checks }: Treatment, decisive: string): Outcome {
  const ofClaims = checks.filter(({ id }) => members.some((one) => one.id === id && one.claim !== null));
  const isStop = verdict === 'blocks' || verdict === 'overblocks';
  const concerned = isStop ? ofClaims.filter(({ id }) => id === decisive) : ofClaims;
  const undone = concerned.find(({ undoneBy }) => undoneBy !== undefined);
  if (undone && (isStop || ['bypassed', 'unrecorded', 'invalid'].includes(verdict)))
    return { verdict: 'invalid', reason: whyUndone(undone) };
  const later = concerned.find(({ undoneLater }) => undoneLater !== undefined);
  if (later && isStop) {
    const gone = `${later.id} took effect, and no longer did when the attack was over: ${later.undoneLater}`;
    return { verdict: 'invalid', reason: `${gone}; what it stopped until then was: ${reason}` };
  }
  if (later && verdict === 'bypassed')
    return { verdict, reason: `${reason}; ${later.id} no longer holds after it: ${later.undoneLater}` };
  return { verdict, reason };
}

const whyUndone = ({ id, detail, undoneBy = [] }: Check): string =>
  `${id} took effect, and no longer does once ${undoneBy.join(' and ')} ${undoneBy.length > 1 ? 'are' : 'is'} applied after it: ${detail}`;

/** What claims to put the atomic on record, and nothing that claims to stop it. */
function recorded(key: string, treated: Treatment, control: Control, tried: Tried): Outcome {
  const { members, observation, said, unheard } = treated;
  // Together with others it may be one of these that stopped it; what was tried is on record all the same.
  if (observation !== 'executed' && members.length === 1) {
    const reason = `it claims to put the atomic on record, which stops nothing, and it was ${observation}: ${said ?? 'nothing says why'}`;
    return { verdict: 'invalid', reason };
  }
  if (control.recorded === null)
    return { verdict: 'errored', reason: 'nobody listened to what is on record without it' };
  if (control.recorded.includes(key))
    return { verdict: 'invalid', reason: `without it there are records with the key ${key} as well` };
  const wrote = members.find(({ claim }) => claim?.kind === 'records' && claim.key === key)?.wrote;
  if (wrote !== undefined) return asClaimed({ verdict: 'records', reason: wrote }, treated, tried);
  if (unheard !== undefined) return { verdict: 'errored', reason: unheard };
  const others = treated.records.map((other) => other.key);
  const instead = others.length > 0 ? `; there are some with ${others.join(', ')}` : '';
  return { verdict: 'unrecorded', reason: `no record of the attack has the key ${key}${instead}` };
}

/** What runs, and is declared to leave nothing on record. */
function unrecordedBypass(how: string, { wrote }: Member, { unheard }: Treatment, tried: Tried): Outcome {
  if (wrote !== undefined)
    return { verdict: 'invalid', reason: `declared to get by (${how}), and it is on record: ${wrote}` };
  if (unheard !== undefined) return { verdict: 'errored', reason: unheard };
  return asTried(tried, {
    verdict: 'notClaimed',
    reason: `a declared bypass, and its payload ran with nothing of it on record: ${how}`,
  });
}

/** The outcome, unless what was tried beside the attack is not as a file says, or cannot be told. */
function asTried({ wrong, unheard }: Pick<Tried, 'wrong' | 'unheard'>, outcome: Outcome): Outcome {
  if (wrong) return wrongUse(wrong);
  return unheard ? { verdict: 'errored', reason: `${unheard.name}: ${unheard.unheard}` } : outcome;
}

/** The atomic is stopped, or on record, as claimed: what becomes of legitimate use decides. */
function asClaimed(
  outcome: Outcome,
  { triedIn }: Treatment,
  { legitimate, isUnknown, ...tried }: Tried,
): Outcome {
  if (isUnknown)
    return { verdict: 'errored', reason: `legitimate use was to be tried in ${triedIn}, which is not there` };
  const unknown = legitimate.find(({ works }) => works === null);
  if (unknown) return { verdict: 'errored', reason: `${unknown.name}: ${unknown.detail}` };
  const broken =
    legitimate.find((use) => use.works === false && use.broken === null) ??
    legitimate.find(({ works }) => works === false);
  if (!broken) return asTried(tried, outcome);
  const known = broken.broken === null ? '' : `, as documented: ${broken.broken}`;
  return asTried(tried, { verdict: 'overblocks', reason: `${broken.name}: ${broken.detail}${known}` });
}

/**
 * What works that is documented to be broken, and what does not get by, or is on record, that is documented to.
 * @param isAlone of several mitigations another one may stop what gets by the one that says so
 */
const isContradicted = ({ role, works, broken, recorded }: UseResult, isAlone: boolean): boolean =>
  role === 'bypass'
    ? (works === false && isAlone) || recorded !== undefined
    : works === true && broken !== null;

const wrongUse = (use: UseResult): Outcome => ({ verdict: 'invalid', reason: whyWrong(use) });

function whyWrong({ role, name, detail, recorded }: UseResult): string {
  if (role === 'legitimate') return `documented to be broken, and it works: ${name}: ${detail}`;
  return recorded === undefined
    ? `declared to get by (${name}), and it did not: ${detail}`
    : `declared to get by (${name}), and it is on record: ${recorded}`;
}

/** The claim that is judged, with the line that shows it: of several one that was seen, and at its own stage. */
function decisive({ members, stage }: Treatment): Pick<Member, 'id' | 'claim' | 'seen'> {
  const claiming = members.filter(({ claim }) => claim?.kind === 'stops');
  const seen = claiming.filter((member) => member.seen !== undefined);
  return (
    seen.find(({ claim }) => claim?.kind === 'stops' && claim.stage === stage) ??
    seen[0] ??
    claiming[0] ??
    members.find(({ claim }) => claim?.kind === 'records') ??
    members.find(({ claim }) => claim !== null) ??
    members[0]
  );
}

function recordOf(
  treated: Treatment,
  control: Control | undefined,
  { verdict, reason, uses }: Outcome & { uses: readonly UseResult[] },
): MitigationRecord {
  const { members, checks, stage, triedIn, records } = treated;
  const { claim } = decisive(treated);
  const bypasses = uses.filter(({ role }) => role === 'bypass');
  return {
    id: members.map(({ id }) => id).join('+'),
    case: treated.case,
    attack: [...new Set(members.map(({ attack }) => attack))].join('+'),
    target: treated.target,
    atomic: treated.atomic,
    control: control?.observation ?? null,
    treated: treated.observation,
    legitimate: uses
      .filter(({ role }) => role === 'legitimate')
      .map(({ name, works, detail, broken }) => ({
        name,
        works: works === true,
        detail,
        ...(works === null && { unknown: true as const }),
        ...(broken !== null && { documented: broken }),
      })),
    verdict,
    stage: verdict === 'blocks' || verdict === 'overblocks' ? stage : null,
    reason,
    ...(members.length > 1 && { members: members.map((member) => memberRecord(member, stage)) }),
    ...(claim && { claims: claim.kind }),
    ...(records.length > 0 && { records: records.map((each) => ({ ...each })) }),
    ...(triedIn !== null && { legitimateIn: triedIn }),
    ...(bypasses.length > 0 && {
      bypasses: bypasses.map(({ name, works, detail, recorded }) => ({
        how: name,
        executed: works === true,
        detail,
        ...(recorded !== undefined && { recorded }),
      })),
    }),
    ...(checks.length > 0 && {
      checks: checks.map(({ undoneBy, ...check }) => ({
        ...check,
        ...(undoneBy && { undoneBy: [...undoneBy] }),
      })),
    }),
  };
}

const memberRecord = (
  { id, attack, claim, seen, wrote }: Member,
  stage: Treatment['stage'],
): NonNullable<MitigationRecord['members']>[number] => ({
  id,
  attack,
  claims: claim?.kind === 'stops',
  seen: claim?.kind === 'stops' && claim.stage === stage ? (seen ?? null) : null,
  ...(claim?.kind === 'records' && { records: { key: claim.key, seen: wrote ?? null } }),
});

/** Each once: what a flood says again and again shows no more than its first line. */
function linesOf({ evidence, events, attribution, record }: JudgedProcedure): Lines {
  const said = evidence.steps
    .filter(({ role }) => role === 'attack')
    .flatMap(({ stderr, stdout }) => [...stderr.split('\n'), ...stdout.split('\n')]);
  const logged = events.flatMap((event) =>
    event.message !== undefined && attribution.ownerOf(event) !== 'harness' ? event.message : [],
  );
  return {
    submission: [...new Set(said)],
    execution: [...new Set([...logged, ...said, ...record.reasons])],
  };
}

const lineWith = (lines: readonly string[], text: string): string | undefined =>
  lines.find((line) => line.includes(text))?.trim();

const faultOf = ({ evidence, blind }: JudgedProcedure): string | undefined =>
  (evidence.faults[0] ?? blind)?.message;
