// The report as GitHub-flavoured Markdown: for pull requests, wikis and the page of a CI job.

import { procedureOf } from '../model/case-key.ts';
import { bareMatches, isUnseen } from '../model/fired.ts';
import { hardeningOf } from '../model/hardening.ts';
import type { CellKind, Hardening } from '../model/hardening-record.ts';
import type {
  CaseRecord,
  GateRecord,
  MitigationRecord,
  RobustnessRecord,
  RuleRecord,
  RunRecord,
} from '../model/run-record.ts';
import { conditionsOf, matchPlaces } from './bare.ts';
import { coverageOf, percentSeen, seeingSensors } from './coverage.ts';
import { findingsOf } from './findings.ts';
import { firedOn } from './fired.ts';
import { gateResult, gateText } from './gates.ts';
import { commentCharacters, stepSummaryBytes } from './github-limits.ts';
import { coverText } from './hardening.ts';
import { joinSections, rowsOf, type Section } from './markdown-sections.ts';
import { code, text } from './markdown-text.ts';
import { placeText } from './place.ts';
import type { Report } from './reporter.ts';
import {
  byWeakness,
  coveringRules,
  isOverclaimed,
  levelText,
  variantsLine,
  weakSpots,
} from './robustness.ts';
import { countsOf, unseenAttacks, verdictLine } from './summary-line.ts';
import { painter } from './table.ts';

/** What a comment on a pull request takes; of more, the longest tables lose rows and say so. */
export const renderMarkdown = (record: RunRecord): Report => ({
  output: joinSections(sectionsOf(record), {
    most: commentCharacters,
    sizeOf: (text) => text.length,
    elsewhere,
  }),
});

/** The same for the page of a CI job, which takes more. */
export const jobSummaryOf = (record: RunRecord): string =>
  joinSections(sectionsOf(record), {
    most: stepSummaryBytes,
    sizeOf: (text) => Buffer.byteLength(text),
    elsewhere,
  });

const elsewhere = 'the HTML report and run.json have them all';

function sectionsOf(record: RunRecord): Section[] {
  const { cases, mitigations, rules, run } = record;
  const plain = cases.filter(({ mitigation, verdict }) => mitigation === null && verdict !== 'skip');
  const skipped = cases.filter(({ verdict }) => verdict === 'skip');
  const lead = [
    `**${text(verdictLine(record, painter(false)))}**`,
    ...countsOf(record).map(text),
    ...unseenLine(record),
    ...variantLine(record),
  ].join('  \n');
  return [
    {
      head: `# Atomclock ${run.file === undefined ? `run ${text(run.id)}` : 'replay of a file'}\n\n${lead}`,
      rows: [],
    },
    ...coverageSections(record),
    ...findingsSection(record),
    ...section('## Cases', caseColumns, plain, caseRow, (each) => each.verdict !== 'pass' || isUnseen(each)),
    ...section('## Mitigations', mitigationColumns, mitigations, mitigationRow, ({ verdict }) =>
      failing.has(verdict),
    ),
    ...hardeningSections(record),
    ...section('## Rules', ruleColumns, rules, ruleRow, isWorthALook),
    ...matchesSection(record),
    ...section('## Survival', robustnessColumns, record.robustness.toSorted(byWeakness), robustnessRow),
    ...axesSection(record),
    ...section('## Required', gateColumns, record.gates ?? [], gateRow, ({ met }) => !met),
    ...(skipped.length > 0
      ? [
          {
            head: '## Left out\n',
            rows: rowsOf(skipped.map(({ id, reasons }) => `- ${code(id)}: ${text(reasons.join('; '))}`)),
          },
        ]
      : []),
    {
      head: text([`atomclock ${run.harness}`, ...conditionsOf(record)].join(', ')),
      rows: [],
    },
  ];
}

/** A table below its heading; none where it would be empty. Rows that are `urgent` are the last that are left out. */
function section<T>(
  heading: string,
  columns: Columns,
  items: readonly T[],
  row: (item: T) => string[],
  urgent: (item: T) => boolean = () => false,
): Section[] {
  if (items.length === 0) return [];
  const rows = items.map((item) => ({ text: tableRow(row(item)), urgent: urgent(item) }));
  return [{ head: `${heading}\n\n${tableHead(columns)}`, rows }];
}

const failing: ReadonlySet<MitigationRecord['verdict']> = new Set([
  'bypassed',
  'unrecorded',
  'overblocks',
  'invalid',
  'errored',
]);

const isWorthALook = ({ error, silent = [], falsePositives, crossTalk }: RuleRecord): boolean =>
  error !== null || silent.length > 0 || falsePositives.length > 0 || crossTalk.length > 0;

/** As many as stand in a cell or a line; the table of cases has all. */
const namesInLine = 20;

const unseenLine = (record: RunRecord): string[] => {
  const line = unseenAttacks(record, namesInLine);
  return line === null ? [] : [text(line)];
};

const variantLine = (record: RunRecord): string[] => {
  const line = variantsLine(record);
  return line === null ? [] : [text(line)];
};

function findingsSection(record: RunRecord): Section[] {
  const findings = findingsOf(record);
  if (findings.length === 0) return [];
  const rows = findings.map(({ severity, about, id, place, bundled, reasons }) => ({
    text: [
      `- **${severity}** ${about} ${code(id)} (${code(placeText(place))}${bundled ? ', bundled' : ''})`,
      ...reasons.map((reason) => `  - ${text(reason)}`),
    ].join('\n'),
    urgent: severity !== 'noise',
  }));
  return [{ head: '## Findings\n', rows }];
}

/** By technique, then by procedure: what was seen, and through which sensor by which rules. */
function coverageSections(record: RunRecord): Section[] {
  const techniques = coverageOf(record);
  const sensors = seeingSensors(techniques, record);
  const share = (seen: number, executed: number) => `${seen < executed ? '❌ ' : ''}${seen} of ${executed}`;
  const byTechnique = section(
    '## Coverage',
    ['Technique', 'Attacks seen', 'Share', 'Unseen'],
    techniques,
    (each) => [
      text(each.technique),
      share(each.seen, each.executed),
      `${percentSeen(each)} %`,
      unseenCell(each.unseen),
    ],
  );
  const procedures = techniques.flatMap((each) => each.procedures);
  const columns: Columns = [
    'Procedure',
    'Technique',
    'Attacks seen',
    ...sensors.map((sensor) => `By ${text(sensor)}`),
  ];
  const rows = procedures.map(({ slug, technique, seen, executed, rules }) => ({
    text: tableRow([
      code(slug),
      text(technique),
      share(seen, executed),
      ...sensors.map((sensor) =>
        rules
          .filter((one) => one.sensors.includes(sensor))
          .map(({ rule }) => code(rule))
          .join(' '),
      ),
    ]),
    urgent: seen < executed,
  }));
  return [...byTechnique, ...(rows.length > 0 ? [{ head: tableHead(columns), rows }] : [])];
}

const unseenCell = (ids: readonly string[]): string =>
  ids.length <= namesInLine
    ? ids.map(code).join(' ')
    : `${ids.slice(0, namesInLine).map(code).join(' ')} and ${ids.length - namesInLine} more`;

type Columns = readonly [string, ...string[]];

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const tableHead = (columns: Columns): string => [columns, columns.map(() => '---')].map(tableRow).join('\n');

const caseColumns: Columns = ['', 'Case', 'Technique', 'User', 'Observation', 'Launched by', 'Rules', 'Why'];
const caseRow = (each: CaseRecord): string[] => {
  const { verdict, id, kind, atomic, user, observation, proof, reasons } = each;
  const { expected, detected, unexpected, falsely } = firedOn(each);
  return [
    isUnseen(each) && verdict === 'pass' ? '🟠' : verdictMarks[verdict],
    `${code(id)}${kind === 'benign' ? ' benign twin' : ''}`,
    text(atomic.technique),
    text(user),
    observation ?? '',
    proof ? text(`${proof.scheduler}, ${Math.round(proof.latencyMs)} ms`) : '',
    falsely.length > 0
      ? `❌ false positive: ${falsely.map(code).join(' ')}`
      : isUnseen(each)
        ? '❌ unseen'
        : expected === 0
          ? unexpected.map(code).join(' ')
          : `${detected} of ${expected}${unexpected.length > 0 ? `, also ${unexpected.map(code).join(' ')}` : ''}`,
    text(reasons.join('; ')),
  ];
};

const mitigationColumns: Columns = [
  '',
  'Mitigation',
  'ATT&amp;CK',
  'Against',
  'Without → with',
  'Still works',
  'Reason seen',
];
const mitigationRow = (each: MitigationRecord): string[] => [
  `${mitigationMarks[each.verdict]} ${each.verdict}`,
  code(each.id),
  text(each.attack),
  code(`${procedureOf(each.case)}@${each.target}`),
  `${each.control ?? '?'} → ${each.treated ?? '?'}`,
  `${each.legitimate.filter(({ works }) => works).length} of ${each.legitimate.length}`,
  text(each.stage ? `at ${each.stage}: ${each.reason}` : each.reason),
];

/** Attacks × mitigations, where there are several of these. */
const hardeningSections = ({ mitigations, hardening = hardeningOf(mitigations) }: RunRecord): Section[] =>
  hardening
    .filter((one) => one.mitigations.length > 1)
    .flatMap((one): Section[] => [
      ...section(
        `## What stops what on ${code(one.target)}\n\n${cellLegend(one)}.`,
        ['Attack', ...one.mitigations.map(({ id }) => code(id))],
        one.attacks,
        ({ attack, cells }) => [
          code(attack),
          ...one.mitigations.map(({ id }) => {
            const cell = cells[id];
            return cell === undefined ? '' : cellMarks[cell];
          }),
        ],
      ),
      {
        head: tableHead(hardeningColumns(hasRecords(one))),
        rows: rowsOf(one.mitigations.map((each) => tableRow(hardeningRow(each, hasRecords(one))))),
        foot: [
          `Greedy cover (always the one that stops most of what is left; a shorter list may exist): ${text(coverText(one.cover))}`,
          `Without breaking legitimate use: ${text(coverText(one.harmlessCover))}`,
        ].join('\n\n'),
      },
    ]);

const hasRecords = ({ mitigations }: Hardening): boolean =>
  mitigations.some(({ recorded }) => recorded !== undefined);

const hardeningColumns = (withRecords: boolean): Columns => [
  'Mitigation',
  'ATT&amp;CK',
  'Stops of what it declares',
  'Stops of all',
  ...(withRecords ? ['Puts on record of what it declares'] : []),
  'No longer works',
];
const hardeningRow = (
  { id, attack, declared, all, recorded, breaks }: Hardening['mitigations'][number],
  withRecords: boolean,
): string[] => [
  code(id),
  text(attack),
  `${declared.stopped} of ${declared.tried}`,
  `${all.stopped} of ${all.tried}`,
  ...(withRecords ? [recorded ? `${recorded.recorded} of ${recorded.tried}` : ''] : []),
  text(breaks.join('; ')),
];

const cellMarks = {
  submission: '🛑',
  execution: '⛔',
  breaksUse: '⚠️',
  executes: '▶️',
  recorded: '📝',
  notApplicable: '–',
  unknown: '?',
} as const satisfies Record<CellKind, string>;

/** What is on record is explained where something is: few mitigations put anything there. */
const cellLegend = ({ attacks }: Hardening): string => {
  const hasRecords = attacks.some(({ cells }) => Object.values(cells).includes('recorded'));
  return `🛑 blocked at submission, ⛔ at execution, ⚠️ blocked and legitimate use no longer works, ▶️ executes,${hasRecords ? ' 📝 executes and is on record,' : ''} – not applicable, ? not known; empty: not tried`;
};

const ruleColumns: Columns = [
  'Rule',
  'Language',
  'Fired in',
  'False positives',
  'Cross-talk',
  'Branches proven',
];
const ruleRow = (rule: RuleRecord): string[] => [
  `${code(rule.slug)} ${text(rule.title)}${rule.analytics.length > 0 ? ` (${rule.analytics.join(', ')})` : ''}`,
  rule.language,
  rule.error !== null
    ? '⛔ unusable'
    : rule.unavailable !== undefined
      ? 'not judged'
      : `${rule.firedIn.length || bareMatches(rule)}${(rule.silent ?? []).length > 0 ? ' ❌' : ''}`,
  `${rule.falsePositives.length}`,
  `${rule.crossTalk.length}`,
  `${rule.branches.proven} of ${rule.branches.total}`,
];

/** In a bare file of events: one row for each match. */
const matchesSection = (record: RunRecord): Section[] =>
  section(
    '## Matches',
    ['Rule', 'Where'],
    record.rules.flatMap((rule) => matchPlaces(rule, record).map((place) => ({ rule, place }))),
    ({ rule, place }) => [code(rule.slug), code(place)],
  );

const robustnessColumns: Columns = ['Rule', 'Seen', 'Level', 'Weakest axes', 'Cheapest evasion', 'Why'];
const robustnessRow = (row: RobustnessRecord): string[] => [
  code(row.rule),
  `${row.survived} of ${row.executed}`,
  `${text(levelText(row))}${isOverclaimed(row) ? ' ⚠️' : ''}`,
  text(weakSpots(row).join(', ')),
  row.cheapest ? code(procedureOf(row.cheapest.case)) : '',
  text(row.cheapest?.why ?? ''),
];

const axisColumns: Columns = ['Axis', 'Executed', 'Seen', 'Inert', 'Refused', 'Errored'];
function axesSection(record: RunRecord): Section[] {
  const { variants } = record.summary;
  if (!variants) return [];
  const rows = Object.entries(variants.axes).map(([axis, each]) =>
    tableRow([code(axis), ...[each.executed, each.seen, each.inert, each.refused, each.errored].map(String)]),
  );
  return [
    {
      head: `## Variants\n\n${tableHead(axisColumns)}`,
      rows: rowsOf(rows),
      ...(variants.cover.length > 0 && { foot: `Together: ${text(coveringRules(record))}` }),
    },
  ];
}

const gateColumns: Columns = ['', 'Required', 'Is'];
const gateRow = (gate: GateRecord): string[] => [
  gate.met ? '✅' : '❌',
  code(gateText(gate)),
  text(gateResult(gate)),
];

const verdictMarks = { pass: '✅', fail: '❌', error: '⚠️', skip: '⏭️' } as const satisfies Record<
  CaseRecord['verdict'],
  string
>;

const mitigationMarks = {
  blocks: '✅',
  bypassed: '❌',
  records: '✅',
  unrecorded: '❌',
  overblocks: '❌',
  invalid: '❌',
  errored: '⚠️',
  notClaimed: '➖',
} as const satisfies Record<MitigationRecord['verdict'], string>;
