// SARIF 2.1.0, for code scanning and editors: findings at the content that has to change, unproven branches as notes.

import type { Log, ReportingDescriptor, Result } from 'sarif';
import { isUnseen } from '../model/fired.ts';
import type { CaseRecord, RuleRecord, RunRecord } from '../model/run-record.ts';
import { type Finding, findingsOf, type What } from './findings.ts';
import { printableJson } from './json.ts';
import { placeIn, type TextPlace } from './place.ts';
import { printable } from './printable.ts';
import type { Report } from './reporter.ts';

export function renderSarif(record: RunRecord): Report {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Atomclock',
            version: printable(record.run.harness),
            informationUri,
            rules: Object.values(descriptors),
          },
        },
        automationDetails: { id: `atomclock/${printable(record.run.id)}` },
        originalUriBaseIds: {
          [packageBase]: { description: { text: 'The folder of the package atomclock.' } },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...findingsOf(record).map(findingResult),
          ...record.cases.filter(isUnseen).map(unseenResult),
          ...record.rules.flatMap(unprovenResults),
        ],
      },
    ],
  };
  return { output: `${printableJson(log)}\n` };
}

/** The tool has no page of its own; this one says what it tests. */
const informationUri = 'https://attack.mitre.org/techniques/T1053/';

interface Descriptor extends ReportingDescriptor {
  readonly defaultConfiguration: { readonly level: 'error' | 'warning' | 'note' };
}

/**
 * What code scanning shows of a kind of finding; it wants a full description and help of each.
 * @source GitHub, SARIF support for code scanning: reportingDescriptor; SARIF 2.1.0, 3.49
 */
const descriptor = (
  id: string,
  level: Descriptor['defaultConfiguration']['level'],
  { name, text, means, next }: { name: string; text: string; means: string; next: string },
): Descriptor => ({
  id,
  name,
  shortDescription: { text },
  fullDescription: { text: `${text} ${means}` },
  help: { text: `${means} ${next}`, markdown: `${means}\n\n**What to do:** ${next}` },
  defaultConfiguration: { level },
});

const descriptors = {
  expectation: descriptor('expectation-failed', 'error', {
    name: 'ExpectationFailed',
    text: 'An atomic, rule or mitigation did not do what is expected of it.',
    means:
      'A case ran, and what was seen is not what its expectation, its mitigation or its benign twin says.',
    next: 'Read the reasons: they name the event, the message or the test of the rule that failed. Mend the rule, or the expectation where that is what is wrong.',
  }),
  silent: descriptor('rule-silent', 'error', {
    name: 'RuleSilent',
    text: 'A rule stayed silent on every executed attack of a technique that it names.',
    means:
      'By its tag the rule claims the technique, and none of the attacks of it that executed made it fire.',
    next: 'Look at the closest event and the test that failed on it; mend the rule, or take the tag away.',
  }),
  'false-positive': descriptor('rule-false-positive', 'error', {
    name: 'RuleFalsePositive',
    text: 'A rule fired on a benign twin.',
    means:
      'A benign twin is everyday work of an administrator that resembles an attack: no rule may fire on it.',
    next: 'Narrow the rule, or exclude what the twin does.',
  }),
  errored: descriptor('case-errored', 'error', {
    name: 'CaseErrored',
    text: 'The harness could not tell what happened.',
    means: 'A sensor lost events or was not there, the target died, or the evidence is damaged.',
    next: 'Read the reason, run atomclock doctor, and run the case again.',
  }),
  unusable: descriptor('rule-unusable', 'error', {
    name: 'RuleUnusable',
    text: 'A rule cannot be judged.',
    means: 'The rule was refused when it was read: nothing can be said about what it sees.',
    next: 'Mend it at the place that the message names; atomclock lint checks all rules.',
  }),
  'cross-talk': descriptor('rule-noise', 'warning', {
    name: 'RuleNoise',
    text: 'A rule fired on what is no attack.',
    means: 'It matched events that no procedure caused: the background of a target, or its idle control.',
    next: 'Narrow the rule: on a machine at work it fires like that all the time.',
  }),
  unseen: descriptor('attack-unseen', 'warning', {
    name: 'AttackUnseen',
    text: 'No rule saw an attack that executed.',
    means: 'The attack ran, with proof, and no rule fired on an event of its own: a blind spot.',
    next: 'Open the case in the HTML report: its events are what a rule could look for.',
  }),
  gate: descriptor('gate-not-met', 'error', {
    name: 'GateNotMet',
    text: 'What was required of the run is not met.',
    means: 'The run was started with --require, and this is one of what keeps it from being met.',
    next: 'Mend what is named here, or require less.',
  }),
  unproven: descriptor('branch-unproven', 'note', {
    name: 'BranchUnproven',
    text: 'No atomic and no benign twin has proven this branch of the rule.',
    means:
      'A branch is one way through a rule, an alternative or an exclusion; nothing that ran has taken this one.',
    next: 'Add an atomic that takes it, or take the branch out of the rule.',
  }),
} as const satisfies Record<What | 'unproven' | 'unseen', Descriptor>;

const findingResult = ({ severity, what, about, id, reasons, place, bundled }: Finding): Result => ({
  ...resultOf(descriptors[what], place, bundled),
  message: { text: messageText(`${about} ${id}: ${reasons.join('; ')}`) },
  partialFingerprints: {
    'atomclock/v1': printable(
      `${prints[what] ?? severity} ${about} ${id}${what === 'gate' ? ` ${reasons[0] ?? ''}` : ''}`,
    ),
  },
});

/** Two findings of one rule may be of one severity; the others keep the fingerprint that they always had. */
const prints: Partial<Record<What, string>> = {
  silent: 'silent',
  'false-positive': 'false-positive',
  gate: 'gate',
};

const unseenResult = ({ id, atomic }: CaseRecord): Result => ({
  ...resultOf(descriptors.unseen, { file: atomic.source }, atomic.bundled ?? false),
  message: { text: messageText(`no rule saw the attack ${id}`) },
  partialFingerprints: { 'atomclock/v1': printable(`unseen ${id}`) },
});

const unprovenResults = ({ slug, file, bundled = false, branches }: RuleRecord): Result[] =>
  branches.unproven.map(({ branch, kind, place, why }) => ({
    ...resultOf(descriptors.unproven, placeIn(place, file), bundled),
    message: {
      text: messageText(`${slug}: unproven ${kind}: ${branch}${why === undefined ? '' : ` (${why})`}`),
    },
    partialFingerprints: { 'atomclock/v1': printable(`unproven ${slug} ${kind} ${branch}`) },
  }));

const resultOf = (
  { id, defaultConfiguration: { level } }: Descriptor,
  { file, line, column }: TextPlace,
  bundled: boolean,
): Pick<Result, 'ruleId' | 'level' | 'locations'> => ({
  ruleId: id,
  level,
  locations: [
    {
      physicalLocation: {
        artifactLocation: bundled
          ? { uri: uriOf(belowPackage(file)), uriBaseId: packageBase }
          : { uri: uriOf(file) },
        // What is about a file as a whole stands at its first line: code scanning shows nothing without a region.
        region: { startLine: line ?? 1, ...(column !== undefined && { startColumn: column }) },
      },
    },
  ],
});

/** Atomclock's own files are none of the user's repository: they are cited below a folder of their own (3.14.14). */
const packageBase = 'ATOMCLOCK';

/** The path inside of the package, wherever that is installed. */
const belowPackage = (file: string): string =>
  /(?:^|.*\/)((?:atomics|detections)\/.*)$/.exec(file)?.[1] ?? file;

/** Relative paths stay relative, to the root of the checkout. */
function uriOf(file: string): string {
  const path = file.toWellFormed().split(/[\\/]/).map(encodeURIComponent).join('/');
  return file.startsWith('/') ? `file://${path}` : path;
}

/** Brackets would make an embedded link (SARIF 3.11.6). */
const messageText = (text: string): string => printable(text).replace(/[\\[\]]/g, '\\$&');
