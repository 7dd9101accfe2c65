// One case's evidence held against its expectation: observation, proof, detections, verdict. Pure.

import { matchesGlob } from 'node:path';
import { formatMitigations } from '../../model/case-key.ts';
import type { EcsEvent } from '../../model/event.ts';
import type { CaseEvidence, ProcedureEvidence } from '../../model/evidence.ts';
import { seenByOf } from '../../model/fired.ts';
import { knownLoss } from '../../model/loss.ts';
import type { CaseRecord, Detection, Proof } from '../../model/run-record.ts';
import { isTerminal } from '../../model/terminal.ts';
import { sensorNames } from '../../model/vocabularies/index.ts';
import type { Rule } from '../../rules/index.ts';
import { isClearedUp } from '../../schedulers/at.ts';
import { isSchedulePlace } from '../../schedulers/index.ts';
import { diffInventory, type InventoryChange } from '../../schedulers/inventory-diff.ts';
import { attributeCase, type Payload, payloadsOf } from '../proof/attribution.ts';
import { findLoggedProof } from '../proof/logged-proof.ts';
import {
  endOf,
  findProof,
  millisBetween,
  observe,
  scheduledIn,
  skippedPayloads,
  unexplainedLaunches,
} from '../proof/observe.ts';
import { withoutRunner } from '../proof/runner-text.ts';
import { refusalsIn } from '../proof/terminal-refusals.ts';
import {
  isBlindToUse,
  processSensors,
  seesProcesses,
  sensorsOf,
  whyBlind,
  whyUnlooked,
} from '../proof/visibility.ts';
import { whyInert } from '../proof/why-inert.ts';
import type { Fires, JudgedCase, JudgedProcedure, Told } from './judged-case.ts';
import { artefacts, type CaseMatch, matchRules, ofUnknownOwner } from './matches.ts';
import { nearestMiss } from './nearest-miss.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * Judges one case from what was recorded.
 * @param events in order and numbered, as in events.ndjson
 */
export function judgeCase(
  evidence: ProcedureEvidence,
  events: readonly EcsEvent[],
  book: RuleBook,
): JudgedProcedure;
export function judgeCase(evidence: CaseEvidence, events: readonly EcsEvent[], book: RuleBook): JudgedCase;
export function judgeCase(evidence: CaseEvidence, events: readonly EcsEvent[], book: RuleBook): JudgedCase {
  if (evidence.kind === 'idle')
    return { ...whatFires(evidence, events, book), observation: null, record: null };
  const told = whatHappened(evidence, events, book);
  return { ...told, record: caseRecordOf(told, book) };
}

function whatFires<Evidence extends CaseEvidence>(
  evidence: Evidence,
  events: readonly EcsEvent[],
  book: RuleBook,
): Fires<Evidence> {
  const attribution = attributeCase(evidence, events);
  const ruled = withoutRunner(evidence.steps, events);
  const hasRun = evidence.kind === 'idle' || !evidence.skipped;
  return {
    evidence,
    events,
    ruled,
    attribution,
    ...matchRules(book.set, hasRun ? ruled.events : [], attribution),
  };
}

function whatHappened(evidence: ProcedureEvidence, events: readonly EcsEvent[], book: RuleBook): Told {
  const fires = whatFires(evidence, events, book);
  const { attribution } = fires;
  const sensors = sensorsOf(evidence);
  const prove = (payload: Payload, later: 'scheduled' | 'legitimate'): Proof | null => {
    const scheduled = scheduledIn(evidence, later);
    return seesProcesses(sensors)
      ? findProof(attribution, payload, scheduled)
      : findLoggedProof(evidence.steps, events, payload, scheduled);
  };
  const [attack, ...others] = payloadsOf(evidence) as [Payload, ...Payload[]];
  const proof = prove(attack, 'scheduled');
  const legitimate = others.map((payload) => prove(payload, 'legitimate'));
  const hasRun = !evidence.skipped;
  const observed = hasRun ? observe(evidence, attribution, proof) : null;
  const unlooked = observed === 'inert' ? whyUnlooked(evidence) : null;
  const blind = hasRun ? (whyBlind(evidence, events, proof) ?? unlooked) : null;
  const observation = blind ? 'errored' : observed;
  return {
    ...fires,
    ...(hasRun && !seesProcesses(sensors) && { matches: ofUnknownOwner(fires.matches) }),
    observation,
    blind,
    proof: observation === 'executed' ? proof : null,
    legitimate,
    isBlindToUse: isBlindToUse(evidence),
  };
}

function caseRecordOf(judged: Told, book: RuleBook): CaseRecord {
  const { evidence, events, observation, proof } = judged;
  const { atomic } = evidence;
  const detections = evidence.skipped ? [] : detectionsOf(judged, book);
  const artifacts = artifactsOf(judged);
  const why = whyNotExecuted(judged);
  const problems = observation ? problemsOf(judged, { detections, artifacts, why }) : [];
  return {
    id: evidence.id,
    kind: evidence.kind,
    atomic: {
      guid: atomic.guid,
      slug: atomic.slug,
      name: atomic.name,
      technique: atomic.technique,
      source: atomic.source,
      bundled: !atomic.foreign,
    },
    variant: evidence.variant,
    ...(evidence.given && { given: evidence.given }),
    target: evidence.target,
    mitigation: formatMitigations(evidence.mitigations.map(({ id }) => id)),
    user: evidence.user,
    observation,
    proof,
    steps: evidence.steps.map(({ argv: _, ...step }) => step),
    artifacts: artifacts.map(({ file, event }) => ({
      path: file?.path ?? '',
      action: event.action,
      eventId: event.id,
    })),
    residue: residueOf(evidence),
    detections,
    seenBy: seenByOf({ detections }),
    telemetry: telemetryOf(evidence, events),
    verdict: evidence.skipped
      ? 'skip'
      : observation === 'errored'
        ? 'error'
        : problems.length > 0
          ? 'fail'
          : 'pass',
    reasons: [
      ...(evidence.skipped ? [evidence.skipped] : []),
      ...[...evidence.faults, ...(judged.blind ? [judged.blind] : [])].map(
        ({ code, message }) => `${message} [${code}]`,
      ),
      ...problems,
      ...judged.evicted,
      ...firedOnUnknown(judged),
      ...(evidence.skipped ? [] : artefacts(book.set, judged.ruled.altered, judged)),
      ...why,
      ...exitNote(judged),
      ...(observation === 'refused'
        ? []
        : refusalsIn(evidence).map(({ mitigation, line }) => `${mitigation} refused: ${line}`)),
      ...(proof ? neverRan(judged) : []),
      ...(evidence.skipped ? [] : cleanupNotes(judged)),
    ],
    timings: evidence.timings,
  };
}

/** Why no job ran, in the system's own words where it has any: refused commands, dead schedules, log lines. */
function whyNotExecuted({ evidence, events, attribution, observation }: Told): string[] {
  switch (observation) {
    case 'refused':
      if (evidence.steps.every(({ role, exitCode }) => role !== 'attack' || exitCode === 0))
        return refusalsIn(evidence).map(({ mitigation, line }) => `${line} (${mitigation})`);
      return evidence.steps
        .filter(({ role, exitCode }) => role === 'attack' && exitCode !== 0)
        .map((step) => (step.exitCode === null ? 'the attack ran into its time limit' : endText(step)));
    case 'inert':
      return whyInert(evidence, events, attribution);
    case 'errored':
      return evidence.faults.length > 0
        ? []
        : unexplainedLaunches(evidence, attribution).map(
            (line) =>
              `${line}, and nothing that was scheduled before or by the attack explains it: it cannot be told whether that is the payload`,
          );
    case 'performed':
      return evidence.expectation ? [] : ['it scheduled nothing'];
    default:
      return [];
  }
}

type Step = ProcedureEvidence['steps'][number];

/** How a command ended, in its own last words. */
function endText({ exitCode, stderr, stdout }: Step): string {
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-5).join(' · ');
  return said === '' ? `exit ${exitCode}` : `exit ${exitCode}: ${said}`;
}

/** A job that failed was launched all the same; how far it came is told. */
function exitNote({ evidence, attribution, proof }: Told): string[] {
  if (!proof) return [];
  const launch = attribution.launches.find(({ event }) => event.event.id === proof.eventId);
  const cleanup = attribution.rootOf('cleanup')?.['@timestamp'];
  const endedAt = launch?.job.root.endedAt;
  if (launch && proof.exitCode === null && (!endedAt || (cleanup && endedAt > cleanup)))
    return ['the job was launched and had not ended when its end was no longer waited for'];
  if (!proof.exitCode) return [];
  const shortfall = launch && endOf(attribution, launch, scheduledIn(evidence)).shortfall;
  const isDocumented = proof.exitCode === evidence.expectation?.exitCode;
  return [
    `the job was launched and exited ${proof.exitCode}${shortfall ? ` ${shortfall}` : ''}${isDocumented ? ', as documented' : ''}`,
  ];
}

/**
 * A cleanup that failed, and what is left. Where it succeeded, what is left is told only of a foreign atomic: of bundled
 * ones it is known, and who types at a terminal is told by itself. After a refusal there was nothing to clean up.
 */
function cleanupNotes({ evidence, observation }: Told): string[] {
  const cleanups = evidence.steps.filter(({ role }) => role === 'cleanup');
  const failed = cleanups.filter(({ exitCode }) => exitCode !== 0);
  const residue = residueOf(evidence);
  if (isTerminal(evidence.atomic) || (failed.length === 0 && !evidence.atomic.foreign)) return [];
  if (residue.length === 0 && observation === 'refused') return [];
  const ends = failed.map((step) =>
    step.exitCode === null ? 'its cleanup ran into its time limit' : `its cleanup failed: ${endText(step)}`,
  );
  if (residue.length === 0) return ends;
  const what = cleanups.length === 0 ? 'it has no cleanup, and left behind' : 'left behind after its cleanup';
  const more = residue.length > mostLeft ? `; and ${residue.length - mostLeft} more` : '';
  return [...ends, `${what}: ${residue.slice(0, mostLeft).join('; ')}${more}`];
}

/** The record has all of it. */
const mostLeft = 3;

/** Of an attack that was executed: what else it wrote to be run, and was not. */
const neverRan = ({ evidence, attribution }: Told): string[] => [
  ...new Set(
    skippedPayloads(attribution, scheduledIn(evidence))
      .filter(({ ran }) => ran)
      .flatMap(({ missed }) => missed),
  ),
];

/** Everything about a case that is not as expected. */
function problemsOf(
  { evidence, observation, proof }: Told,
  found: { detections: Detection[]; artifacts: EcsEvent[]; why: string[] },
): string[] {
  const { expectation, mitigations, kind, variant } = evidence;
  // What a variant does is measured, not demanded: other traces are its very point.
  if (mitigations.length > 0 || observation === 'errored' || variant !== null) return [];
  const problems: string[] = [];
  if (kind === 'benign') {
    for (const { rule, attributed } of found.detections) {
      if (attributed) problems.push(`${rule} fired on a benign twin`);
    }
  }
  if (!expectation) {
    if (observation === 'inert') problems.push('its commands succeeded and its payload never ran');
    if (observation === 'refused') problems.push('its commands failed');
    return problems;
  }
  if (observation !== expectation.observation) {
    problems.push(`expected ${expectation.observation}, observed ${observation}`);
  } else if (expectation.reason && !found.why.some((line) => line.includes(expectation.reason as string))) {
    problems.push(`expected a reason that says '${expectation.reason}'`);
  }
  const { exitCode } = proof ?? {};
  if (exitCode !== undefined && exitCode !== null && exitCode !== (expectation.exitCode ?? 0)) {
    problems.push(`expected the job to exit ${expectation.exitCode ?? 0}, it exited ${exitCode}`);
  }
  // Whose file it is, only a sensor that sees processes can tell.
  const artifacts = seesProcesses(sensorsOf(evidence)) ? expectation.artifacts : [];
  for (const { path, action, by } of artifacts) {
    const seen = found.artifacts.some((event) => isArtifact(event, path, action, by));
    if (!seen) problems.push(`expected ${action} of ${path}${by ? ` by ${by}` : ''}, not seen`);
  }
  for (const { rule, outcome, nearest } of found.detections) {
    if (outcome === 'missed') problems.push(`${rule} did not fire${nearest ? `: ${nearest}` : ''}`);
    if (outcome === 'unexpected' && expectation.evades.some((evaded) => evaded.rule === rule)) {
      problems.push(`${rule} fired although its miss is documented: the documentation is wrong`);
    }
  }
  return problems;
}

/** One entry for each rule that was expected, is documented to miss, or fired on the atomic's own events. */
function detectionsOf(judged: Told, book: RuleBook): Detection[] {
  const { evidence, matches: fired } = judged;
  // Of a case that could not be told, only what fired is told: nobody knows what was missed.
  const isKnown =
    evidence.mitigations.length === 0 && judged.observation !== 'errored' && evidence.variant === null;
  const control = isKnown ? evidence.expectation : null;
  const told = rulesTold(judged, book);
  const expected = new Set(control?.detects.filter((rule) => told.has(rule)));
  const evaded = new Set(control?.evades.map(({ rule }) => rule).filter((rule) => told.has(rule)));
  const own = fired.filter(({ owner }) => owner === 'attack').map(({ rule }) => rule.slug);
  // No rule may fire on a benign twin; of foreign rules on an attack nobody said that they must not.
  const isWelcome = (slug: string) =>
    evidence.kind === 'attack' &&
    (expected.has(slug) || !(control && (book.bundled.has(slug) || evaded.has(slug))));
  return [...new Set([...expected, ...evaded, ...own])].map((slug) => {
    const mine = fired.filter(({ rule, owner }) => rule.slug === slug && owner === 'attack');
    const elsewhere = fired.filter(({ rule, owner }) => rule.slug === slug && owner !== 'attack');
    const attributed = mine.length > 0;
    const shown = attributed ? mine : elsewhere;
    const outcome: Detection['outcome'] = attributed
      ? isWelcome(slug)
        ? 'detected'
        : 'unexpected'
      : expected.has(slug)
        ? 'missed'
        : 'evaded';
    return {
      rule: slug,
      outcome,
      expected: expected.has(slug),
      attributed,
      eventIds: [...new Set(shown.flatMap(({ events }) => events.map(({ event }) => event.id)))],
      timeToDetectMs: attributed ? timeToDetect(judged, mine) : null,
      ...(outcome === 'missed' && { nearest: nearestMiss(judged, slug, book) }),
    };
  });
}

/** Rules of which this case can say that they missed it: a sensor of its fed them, and what they fired on is somebody's. */
function rulesTold({ evidence, matches }: Told, book: RuleBook): ReadonlySet<string> {
  const sensors = sensorsOf(evidence);
  const ofNobody = new Set(matches.filter(({ owner }) => owner === 'unknown').map(({ rule }) => rule.slug));
  const isFed = (part: Rule): boolean =>
    book.unavailable(part, sensors) === null &&
    // What the kernel's sensor could have shown it, the others may show in part only: an exec, but no parent.
    (seesProcesses(sensors) || book.unavailable(part, processSensors()) !== null);
  const isTold = (rule: Rule): boolean =>
    stagesOf(rule).every(isFed) || book.unavailable(rule, sensorNames()) !== null;
  return new Set(
    book.rules.filter((rule) => isTold(rule) && !ofNobody.has(rule.slug)).map(({ slug }) => slug),
  );
}

/** A sequence as one rule for each category of its events: each must be fed. */
const stagesOf = (rule: Rule): Rule[] => {
  const { source } = rule;
  return source.kind === 'logsource'
    ? [rule]
    : source.categories.map((category) => ({ ...rule, source: { ...source, categories: [category] } }));
};

/** Rules that fired where no sensor shows whose events those are: neither seen nor a false alarm. */
function firedOnUnknown({ evidence, matches }: Told): string[] {
  // A case that was cut off before its sensors gave account has a fault that says why nothing is known of them.
  if (sensorsOf(evidence).length === 0) return [];
  const own = new Set(matches.filter(({ owner }) => owner === 'attack').map(({ rule }) => rule.slug));
  const unknown = new Map(
    matches.flatMap(({ rule, owner, events }) =>
      owner === 'unknown' && !own.has(rule.slug) ? [[rule.slug, events[0]?.event.id] as const] : [],
    ),
  );
  return [...unknown].map(
    ([slug, id]) => `${slug} fired on ${id}: no sensor of this run shows whose event that is`,
  );
}

/** From the start of the attack to the last event that the first match needed. */
function timeToDetect({ attribution }: Told, mine: readonly CaseMatch[]): number | null {
  const start = attribution.rootOf('attack')?.['@timestamp'];
  const seen = mine[0]?.events.at(-1)?.['@timestamp'];
  return start && seen ? millisBetween(start, seen) : null;
}

/** File events of the atomic that put or change something where schedulers look, or that are expected. */
function artifactsOf({ evidence, events, attribution }: Told): EcsEvent[] {
  const wanted = evidence.expectation?.artifacts ?? [];
  const seen = new Set<string>();
  return events.filter((event) => {
    const path = event.file?.path;
    if (!path || event.event.outcome === 'failure' || attribution.ownerOf(event) !== 'attack') return false;
    const place = wanted.findIndex((one) => isArtifact(event, one.path, one.action, one.by));
    const any = `${event.event.action} ${path}`;
    // Who was to do it may come after somebody else who did the same.
    const key = place === -1 ? any : `${place} ${any}`;
    if (seen.has(key) || (place === -1 && !isSchedulePlace(path))) return false;
    seen.add(any).add(key);
    return true;
  });
}

const isArtifact = ({ file, event, process }: EcsEvent, path: string, action: string, by?: string): boolean =>
  event.action === action &&
  file?.path !== undefined &&
  matchesGlob(file.path, path) &&
  (by === undefined || process?.name === by);

/** What is still different after cleanup: schedules first, then files. */
function residueOf({ inventory, filesystem, steps }: CaseEvidence): string[] {
  if (!steps.some(({ role }) => role === 'attack')) return [];
  const left = diffInventory(inventory.before, inventory.after).filter((change) => !isSchedulersOwn(change));
  return [...left.map(residueLine), ...filesystem];
}

/** What a scheduler itself removes when the job that it runs has ended. */
function isSchedulersOwn(change: InventoryChange): boolean {
  if (change.change !== 'added') return false;
  const path = change.subject === 'file' ? change.after.path : change.after.file;
  return path !== null && isClearedUp(path);
}

function residueLine(change: InventoryChange): string {
  if (change.subject === 'file') {
    return `file ${change.change}: ${(change.change === 'removed' ? change.before : change.after).path}`;
  }
  const { kind, when, command, file } = change.change === 'removed' ? change.before : change.after;
  return `${kind} ${change.change}: ${when} ${command}${file ? ` (${file})` : ''}`;
}

function telemetryOf({ telemetry }: CaseEvidence, events: readonly EcsEvent[]): CaseRecord['telemetry'] {
  const { perSensor } = telemetry;
  return { events: events.length, lost: knownLoss(perSensor), perSensor };
}
