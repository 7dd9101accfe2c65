// A layer for MITRE's ATT&CK Navigator (format 4.5): what of each technique was run, seen and stopped.

import { hasFired, isUnseen } from '../model/fired.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../model/run-record.ts';
import { coverageOf, percentSeen, type TechniqueCoverage } from './coverage.ts';
import { printableJson } from './json.ts';
import { printable } from './printable.ts';
import type { Report } from './reporter.ts';

/** The score is the share of executed attacks that some rule saw, whoever wrote it; where none executed there is none. */
export function renderNavigator(record: RunRecord): Report {
  const coverage = new Map(coverageOf(record).map((each) => [each.technique, each]));
  const techniques = new Set([
    ...record.cases.map(({ atomic }) => atomic.technique),
    ...record.rules.filter(hasFired).flatMap(({ technique }) => technique),
  ]);
  const layer = {
    name: printable(`Atomclock ${record.run.id}`),
    versions: { navigator: '4.9.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: 'Score: the share of executed attacks of the technique, in percent, that some rule saw.',
    filters: { platforms: ['Linux'] },
    sorting: 3,
    layout: { layout: 'side', showID: true, showName: true, expandedSubtechniques: 'annotated' },
    techniques: [...techniques]
      .filter((technique) => techniqueId.test(technique))
      .toSorted()
      .map((technique) => techniqueOf(technique, record, coverage.get(technique))),
    gradient: { colors: ['#d73027', '#fee08b', '#1a9850'], minValue: 0, maxValue: 100 },
    legendItems: [
      { label: 'no executed attack was seen', color: '#d73027' },
      { label: 'every executed attack was seen', color: '#1a9850' },
    ],
    metadata: [
      { name: 'harness', value: printable(record.run.harness) },
      { name: 'finished', value: record.run.finishedAt },
    ],
  };
  return { output: `${printableJson(layer)}\n` };
}

const techniqueId = /^T\d{4}(\.\d{3})?$/;

function techniqueOf(
  techniqueID: string,
  { cases, mitigations, rules }: RunRecord,
  coverage: TechniqueCoverage | undefined,
) {
  const attacks = cases.filter(
    ({ atomic, kind, mitigation }) =>
      kind === 'attack' && atomic.technique === techniqueID && mitigation === null,
  );
  const twins = cases.filter(({ atomic, kind }) => kind === 'benign' && atomic.technique === techniqueID);
  const ran = attacks.filter(({ observation }) => observation !== null);
  const proven = ran.filter(({ proof }) => proof !== null);
  const expected = ran.flatMap(({ detections }) => detections).filter((each) => each.expected);
  const fired = expected.filter(({ outcome }) => outcome === 'detected');
  const varied = proven.filter(({ variant }) => variant !== null);
  const slugs = new Set(attacks.map(({ atomic }) => atomic.slug));
  const held = mitigations.filter(({ atomic, verdict }) => slugs.has(atomic) && verdict !== 'notClaimed');
  const isToRecord = ({ claims }: MitigationRecord) => claims === 'records';
  const toBlock = held.filter((each) => !isToRecord(each));
  const blocking = toBlock.filter(({ verdict }) => verdict === 'blocks');
  const toRecord = held.filter(isToRecord);
  const recording = toRecord.filter(({ verdict }) => verdict === 'records');
  const firing = rules.filter((rule) => hasFired(rule) && rule.technique.includes(techniqueID));
  // A parent technique is there for its rules alone: of none nothing is said.
  const share = (name: string, some: readonly unknown[], of: readonly unknown[], what: string) =>
    of.length > 0 ? [{ name, value: `${some.length} of ${of.length} ${what}` }] : [];
  const metadata = [
    ...share('executed with proof', proven, ran, 'atomics'),
    ...(coverage
      ? [{ name: 'attacks seen', value: `${coverage.seen} of ${coverage.executed} executed` }]
      : []),
    ...(coverage?.unseen.length
      ? [{ name: 'unseen', value: coverage.unseen.map(printable).join(', ') }]
      : []),
    ...share('detections', fired, expected, 'expected'),
    ...share(
      'variants seen',
      varied.filter(({ seenBy }) => seenBy.length > 0),
      varied,
      'executed variants',
    ),
    ...share('mitigations', blocking, toBlock, 'block'),
    ...share('audit rules', recording, toRecord, 'put it on record'),
    { name: 'rules that fired', value: firing.map(({ slug }) => printable(slug)).join(', ') || 'none' },
    ...some('rules that are silent', rules.filter(isSilentOn(techniqueID))),
    ...some('false positives', rules.filter(isNoisyIn(twins, 'falsePositives'))),
    ...some('cross-talk', rules.filter(isNoisyIn([...attacks, ...twins], 'crossTalk'))),
  ];
  return {
    techniqueID,
    ...(coverage && { score: percentSeen(coverage) }),
    comment: ran.map(describe).join('\n'),
    enabled: true,
    metadata,
  };
}

const some = (name: string, rules: readonly RuleRecord[]) =>
  rules.length > 0 ? [{ name, value: rules.map(({ slug }) => printable(slug)).join(', ') }] : [];

const isSilentOn =
  (techniqueID: string) =>
  ({ silent = [] }: RuleRecord): boolean =>
    silent.some(({ technique }) => technique === techniqueID);

const isNoisyIn = (cases: readonly CaseRecord[], noise: 'falsePositives' | 'crossTalk') => {
  const ids = new Set(cases.map(({ id }) => id));
  return (rule: RuleRecord): boolean => (rule[noise] ?? []).some((each) => ids.has(each.case));
};

const describe = (each: CaseRecord): string => {
  const { id, observation, verdict, seenBy } = each;
  const seen = isUnseen(each) ? ', unseen' : seenBy.length > 0 ? `, seen by ${seenBy.join(', ')}` : '';
  return printable(`${id}: ${observation ?? 'not run'}, ${verdict}${seen}`);
};
