// SARIF 2.1.0, for code scanning and editors: findings at the content that has to change, unproven branches as notes.

import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { RuleRecord, RunRecord } from '../model/run-record.ts';
import { type Finding, findingsOf, type Severity } from './findings.ts';
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
            rules: Object.values(descriptors),
          },
        },
        automationDetails: { id: `atomclock/${printable(record.run.id)}` },
        columnKind: 'utf16CodeUnits',
        results: [...findingsOf(record).map(findingResult), ...record.rules.flatMap(unprovenResults)],
      },
    ],
  };
  return { output: `${printableJson(log)}\n` };
}

const descriptor = (
  id: string,
  level: 'error' | 'warning' | 'note',
  text: string,
): ReportingDescriptor & { defaultConfiguration: { level: typeof level } } => ({
  id,
  shortDescription: { text },
  defaultConfiguration: { level },
});

const descriptors = {
  fail: descriptor(
    'expectation-failed',
    'error',
    'An atomic, rule or mitigation did not do what is expected of it.',
  ),
  error: descriptor('case-errored', 'error', 'The harness could not tell what happened.'),
  unusable: descriptor('rule-unusable', 'error', 'A rule cannot be judged.'),
  noise: descriptor('rule-noise', 'warning', 'A rule fired on what is no attack.'),
  unproven: descriptor(
    'branch-unproven',
    'note',
    'No atomic and no benign twin has proven this branch of the rule.',
  ),
} as const satisfies Record<Severity | 'unproven', ReportingDescriptor>;

const findingResult = ({ severity, about, id, reasons, file }: Finding): Result => ({
  ...resultOf(descriptors[severity], placeIn(reasons[0] ?? '', file)),
  message: { text: messageText(`${about} ${id}: ${reasons.join('; ')}`) },
  partialFingerprints: { 'atomclock/v1': printable(`${severity} ${about} ${id}`) },
});

const unprovenResults = ({ slug, file, branches }: RuleRecord): Result[] =>
  branches.unproven.map(({ branch, kind, place }) => ({
    ...resultOf(descriptors.unproven, placeIn(place, file)),
    message: { text: messageText(`${slug}: unproven ${kind}: ${branch}`) },
    partialFingerprints: { 'atomclock/v1': printable(`unproven ${slug} ${kind} ${branch}`) },
  }));

const resultOf = (
  { id, defaultConfiguration: { level } }: (typeof descriptors)[keyof typeof descriptors],
  { file, line, column }: TextPlace,
): Pick<Result, 'ruleId' | 'level' | 'locations'> => ({
  ruleId: id,
  level,
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: uriOf(file) },
        ...(line !== undefined && {
          region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
        }),
      },
    },
  ],
});

/** Relative paths stay relative, to the root of the checkout. */
function uriOf(file: string): string {
  const path = file.toWellFormed().split(/[\\/]/).map(encodeURIComponent).join('/');
  return file.startsWith('/') ? `file://${path}` : path;
}

/** Brackets would make an embedded link (SARIF 3.11.6). */
const messageText = (text: string): string => printable(text).replace(/[\\[\]]/g, '\\$&');
