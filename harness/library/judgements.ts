// What a test may claim of a detonation, and why it holds or does not, in sentences that say what to look at.

import { caseKeyOf, parseMitigations } from '../model/case-key.ts';
import { formatProblem } from '../model/errors.ts';
import type { CaseRecord, MitigationRecord } from '../model/run-record.ts';
import { suggestion } from '../model/suggestion.ts';
import type { Detonation } from './detonation.ts';

export interface Judgement {
  /** null: it cannot be told, so that neither the claim nor its contrary holds. */
  readonly holds: boolean | null;
  /** What was seen. */
  readonly seen: string;
  /** Lines that say why. */
  readonly why: readonly string[];
}

/** A scheduler launched the payload. */
export const executes = ({ case: one }: Detonation): Judgement => observed(one, 'executed');

/** The commands succeeded, and the payload was never launched. */
export const isInert = ({ case: one }: Detonation): Judgement => observed(one, 'inert');

function observed(one: CaseRecord, wanted: 'executed' | 'inert'): Judgement {
  const { observation } = one;
  if (observation === null) return { holds: null, seen: `${one.id} was not run`, why: one.reasons };
  if (observation === 'errored') return { holds: null, seen: untold(one), why: one.reasons };
  return { holds: observation === wanted, seen: whatItDid(one), why: whyOf(one) };
}

const untold = ({ id }: CaseRecord): string => `what ${id} did cannot be told`;

function whatItDid({ id, observation, proof }: CaseRecord): string {
  if (proof === null) return `${id} was ${observation}`;
  const { scheduler, commandLine, user, eventId, latencyMs } = proof;
  return `${id} was executed: ${scheduler} launched '${commandLine}' as ${user} after ${Math.round(latencyMs)} ms (${eventId})`;
}

/** What its record says; of commands that failed without a word of it, their answers. */
function whyOf({ reasons, steps, observation }: CaseRecord): string[] {
  if (reasons.length > 0 || observation === 'executed') return [...reasons];
  return steps
    .filter(({ role }) => role === 'attack')
    .map(({ command, exitCode, stdout, stderr }) =>
      [`'${command.trim()}' exited ${exitCode}`, (stderr || stdout).trim()].filter(Boolean).join(': '),
    );
}

/**
 * A rule fired on events of the attack itself.
 * @param name its slug or id
 */
export function fires(detonation: Detonation, name: string): Judgement {
  const { case: one, record, problems } = detonation;
  const rule = record.rules.find(({ slug, id }) => slug === name || id === name);
  if (!rule) {
    const slugs = record.rules.map(({ slug }) => slug);
    return {
      holds: null,
      seen: `no rule ${name} was judged`,
      why: [suggestion(name, slugs, 'Rules'), ...problems.map(formatProblem)],
    };
  }
  const { slug, error, unavailable } = rule;
  const detection = one.detections.find((each) => each.rule === slug && each.attributed);
  if (detection)
    return { holds: true, seen: `${slug} fired on ${detection.eventIds.join(', ')} of ${one.id}`, why: [] };
  if (error !== null) return { holds: null, seen: `${slug} cannot be used`, why: [error] };
  if (unavailable !== undefined)
    return { holds: null, seen: `${slug} was not judged: ${unavailable}`, why: [] };
  if (isUntold(one))
    return { holds: null, seen: `whether ${slug} would have fired cannot be told`, why: whyUntold(one) };
  return {
    holds: false,
    seen: `${slug} did not fire on events of ${one.id}, which was ${one.observation}`,
    why: [detonation.nearMiss(slug)],
  };
}

/** Near misses beyond these would bury the nearest. */
const shownMisses = 3;

/** Some rule fired on events of the attack itself. */
export function isSeen(detonation: Detonation): Judgement {
  const { case: one } = detonation;
  if (one.seenBy.length > 0)
    return { holds: true, seen: `${one.id} was seen by ${one.seenBy.join(', ')}`, why: [] };
  if (isUntold(one))
    return { holds: null, seen: `whether some rule sees ${one.id} cannot be told`, why: whyUntold(one) };
  return {
    holds: false,
    seen: `no rule fired on events of ${one.id}, which was ${one.observation}`,
    why: detonation
      .nearMisses()
      .slice(0, shownMisses)
      .map(({ rule, text }) => (text.startsWith(`${rule} `) ? text : `${rule}: ${text}`)),
  };
}

const isUntold = ({ observation }: CaseRecord): boolean => observation === null || observation === 'errored';
const whyUntold = ({ id, observation, reasons }: CaseRecord): string[] => [
  observation === null ? `${id} was not run` : `${id} was errored`,
  ...reasons,
];

/**
 * Without the mitigation the attack is executed, under it it is not, what is seen stopping it is the mitigation's own,
 * and what it must leave alone still works.
 * @param id of a mitigation, alone or as one of several that were applied together; or of these, `a+b`
 */
export function isBlockedBy(detonation: Detonation, id: string): Judgement {
  const found = pairUnder(detonation, id);
  if ('untold' in found) return found.untold;
  const { pair, seen } = found;
  const others = pair.members?.filter((member) => member.id !== id && member.seen !== null) ?? [];
  const isOthers =
    pair.id !== id &&
    pair.members?.find((member) => member.id === id)?.seen === null &&
    pair.verdict === 'blocks';
  if (isOthers)
    return {
      holds: false,
      seen,
      why: others.map((other) => `what is seen stopping it is ${other.id}'s: ${other.seen}`),
    };
  return { holds: pair.verdict === 'blocks', seen, why: whyJudged(pair) };
}

/**
 * Under the mitigation the log of the machine has the attack, with the key of its audit rules, and has it not without it;
 * what it must leave alone still works.
 * @param id of a mitigation, alone or as one of several that were applied together; or of these, `a+b`
 */
export function isRecordedBy(detonation: Detonation, id: string): Judgement {
  const found = pairUnder(detonation, id);
  if ('untold' in found) return found.untold;
  const { pair, seen } = found;
  const member = pair.id === id ? undefined : pair.members?.find((each) => each.id === id);
  if (!member) return { holds: pair.verdict === 'records', seen, why: whyJudged(pair) };
  const { records } = member;
  if (!records) return { holds: false, seen, why: [`${id} says of no record that it puts there`] };
  if (records.seen === null)
    return { holds: false, seen, why: [`no record of it has the key ${records.key}`] };
  // One of the others may have stopped it, and it is on record none the less.
  const holds = pair.verdict === 'records' || pair.verdict === 'blocks';
  return { holds, seen, why: holds ? [records.seen] : whyJudged(pair) };
}

/** The comparison that tells of a mitigation, and what was observed in it; or why there is none that tells. */
function pairUnder(
  { case: one, mitigations }: Detonation,
  id: string,
): { readonly pair: MitigationRecord; readonly seen: string } | { readonly untold: Judgement } {
  const pairs = mitigations.filter((pair) => pair.id === id);
  const together = mitigations.filter((pair) => parseMitigations(pair.id).includes(id));
  const pair = pairs.find((each) => each.case === one.id) ?? pairs[0] ?? together[0];
  if (!pair) {
    const ids = mitigations.map((each) => each.id);
    const why = [
      ids.length > 0 ? suggestion(id, ids, 'It was run under') : 'It was run under no mitigation.',
    ];
    return { untold: { holds: null, seen: `${caseKeyOf(one).atomic} was not run under ${id}`, why } };
  }
  if (pair.verdict === 'errored') {
    const seen = `what ${pair.id} does to ${pair.atomic} cannot be told`;
    return { untold: { holds: null, seen, why: [pair.reason] } };
  }
  const seen = `${pair.atomic} ${pair.control ?? 'not run'} without ${pair.id}, ${pair.treated ?? 'not run'} under it`;
  return { pair, seen };
}

function whyJudged({ verdict, reason, legitimate }: MitigationRecord): string[] {
  const broken = legitimate
    .filter(({ works, unknown }) => verdict === 'overblocks' && !works && unknown !== true)
    .map(({ name, detail }) => `no longer works: ${name} (${detail})`);
  return [`${verdict}: ${reason}`, ...broken];
}
