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
import { coverageOf, percentSeen, seeingSensors } from './coverage.ts';
import { findingsOf } from './findings.ts';
import { firedOn } from './fired.ts';
import { gateResult, gateText } from './gates.ts';
import { coverText } from './hardening.ts';
import { placeText } from './place.ts';
import { printable } from './printable.ts';
import type { Report } from './reporter.ts';
import { byWeakness, coveringRules, isOverclaimed, levelText, variantsLine, weakAxes } from './robustness.ts';
import { countsOf, unseenAttacks, verdictLine } from './summary-line.ts';
import { painter } from './table.ts';

export function renderMarkdown(record: RunRecord): Report {
  const { cases, mitigations, rules, run } = record;
  const plain = cases.filter(({ mitigation, verdict }) => mitigation === null && verdict !== 'skip');
  const skipped = cases.filter(({ verdict }) => verdict === 'skip');
  const sections = [
    `# Atomclock run ${text(run.id)}`,
    [
      `**${text(verdictLine(record, painter(false)))}**`,
      ...countsOf(record).map(text),
      ...unseenLine(record),
      ...variantLine(record),
    ].join('  \n'),
    coverageSection(record),
    findingsSection(record),
    plain.length > 0 && `## Cases\n\n${table(caseColumns, plain.map(caseRow))}`,
    mitigations.length > 0 && `## Mitigations\n\n${table(mitigationColumns, mitigations.map(mitigationRow))}`,
    ...hardeningSections(record),
    rules.length > 0 && `## Rules\n\n${table(ruleColumns, rules.map(ruleRow))}`,
    record.robustness.length > 0 &&
      `## Survival\n\n${table(robustnessColumns, record.robustness.toSorted(byWeakness).map(robustnessRow))}`,
    axesSection(record),
    (record.gates ?? []).length > 0 &&
      `## Required\n\n${table(gateColumns, (record.gates ?? []).map(gateRow))}`,
    skipped.length > 0 &&
      `## Left out\n\n${skipped.map(({ id, reasons }) => `- ${code(id)}: ${text(reasons.join('; '))}`).join('\n')}`,
    `${text(`atomclock ${run.harness}, ${run.clock} clock, sensors ${run.sensors.join(' ') || 'none'}, kernel ${run.host.kernel || 'unknown'}`)}`,
  ];
  return { output: `${sections.filter((section) => section !== false).join('\n\n')}\n` };
}

const unseenLine = (record: RunRecord): string[] => {
  const line = unseenAttacks(record);
  return line === null ? [] : [text(line)];
};

const variantLine = (record: RunRecord): string[] => {
  const line = variantsLine(record);
  return line === null ? [] : [text(line)];
};

/**
 * Text that stays text: every character that Markdown, GitHub's extensions or HTML could act on is escaped.
 * (`:` and `.` because bare addresses become links.)
 */
const text = (value: string): string =>
  printable(value)
    .replace(/[\\`*_{}[\]<>#|~&!@$^=]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/(?<=\bwww)\./gi, '\\.')
    .replace(/^(\s*)(?=[-+])/, '$1\\')
    .replace(/^(\s*\d+)(?=[.)])/, '$1\\');

/** A code span: its fence is longer than any run of backticks within. */
function code(value: string): string {
  const content = printable(value).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return content === '' ? '' : `${fence}${pad}${content}${pad}${fence}`;
}

function findingsSection(record: RunRecord): string | false {
  const findings = findingsOf(record);
  if (findings.length === 0) return false;
  const items = findings.map(({ severity, about, id, place, bundled, reasons }) =>
    [
      `- **${severity}** ${about} ${code(id)} (${code(placeText(place))}${bundled ? ', bundled' : ''})`,
      ...reasons.map((reason) => `  - ${text(reason)}`),
    ].join('\n'),
  );
  return `## Findings\n\n${items.join('\n')}`;
}

/** By technique, then by procedure: what was seen, and through which sensor by which rules. */
function coverageSection(record: RunRecord): string | false {
  const techniques = coverageOf(record);
  if (techniques.length === 0) return false;
  const sensors = seeingSensors(techniques, record);
  const share = (seen: number, executed: number) => `${seen < executed ? '❌ ' : ''}${seen} of ${executed}`;
  const byTechnique = table(
    ['Technique', 'Attacks seen', 'Share', 'Unseen'],
    techniques.map((each) => [
      text(each.technique),
      share(each.seen, each.executed),
      `${percentSeen(each)} %`,
      each.unseen.map(code).join(' '),
    ]),
  );
  const byProcedure = table(
    ['Procedure', 'Technique', 'Attacks seen', ...sensors.map((sensor) => `By ${text(sensor)}`)],
    techniques.flatMap(({ procedures }) =>
      procedures.map(({ slug, technique, seen, executed, rules }) => [
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
    ),
  );
  return `## Coverage\n\n${byTechnique}\n\n${byProcedure}`;
}

type Columns = readonly [string, ...string[]];

const table = (columns: Columns, rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

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
const hardeningSections = ({ mitigations, hardening = hardeningOf(mitigations) }: RunRecord): string[] =>
  hardening
    .filter((one) => one.mitigations.length > 1)
    .map((one) =>
      [
        `## What stops what on ${code(one.target)}`,
        `${cellLegend}.`,
        table(
          ['Attack', ...one.mitigations.map(({ id }) => code(id))],
          one.attacks.map(({ attack, cells }) => [
            code(attack),
            ...one.mitigations.map(({ id }) => {
              const cell = cells[id];
              return cell === undefined ? '' : cellMarks[cell];
            }),
          ]),
        ),
        table(hardeningColumns, one.mitigations.map(hardeningRow)),
        `Greedy cover (always the one that stops most of what is left; a shorter list may exist): ${text(coverText(one.cover))}`,
        `Without breaking legitimate use: ${text(coverText(one.harmlessCover))}`,
      ].join('\n\n'),
    );

const hardeningColumns: Columns = [
  'Mitigation',
  'ATT&amp;CK',
  'Stops of what it declares',
  'Stops of all',
  'No longer works',
];
const hardeningRow = ({ id, attack, declared, all, breaks }: Hardening['mitigations'][number]): string[] => [
  code(id),
  text(attack),
  `${declared.stopped} of ${declared.tried}`,
  `${all.stopped} of ${all.tried}`,
  text(breaks.join('; ')),
];

const cellMarks = {
  submission: '🛑',
  execution: '⛔',
  breaksUse: '⚠️',
  executes: '▶️',
  notApplicable: '–',
  unknown: '?',
} as const satisfies Record<CellKind, string>;

const cellLegend =
  '🛑 blocked at submission, ⛔ at execution, ⚠️ blocked and legitimate use no longer works, ▶️ executes, – not applicable, ? not known; empty: not tried';

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

const robustnessColumns: Columns = ['Rule', 'Seen', 'Level', 'Weakest axes', 'Cheapest evasion', 'Why'];
const robustnessRow = (row: RobustnessRecord): string[] => [
  code(row.rule),
  `${row.survived} of ${row.executed}`,
  `${text(levelText(row))}${isOverclaimed(row) ? ' ⚠️' : ''}`,
  text(weakAxes(row).slice(0, 3).join(', ')),
  row.cheapest ? code(procedureOf(row.cheapest.case)) : '',
  text(row.cheapest?.why ?? ''),
];

const axisColumns: Columns = ['Axis', 'Executed', 'Seen', 'Inert', 'Refused', 'Errored'];
function axesSection(record: RunRecord): string | false {
  const { variants } = record.summary;
  if (!variants) return false;
  const rows = Object.entries(variants.axes).map(([axis, each]) => [
    code(axis),
    ...[each.executed, each.seen, each.inert, each.refused, each.errored].map(String),
  ]);
  const cover = variants.cover.length > 0 ? `\n\nTogether: ${text(coveringRules(record))}` : '';
  return `## Variants\n\n${table(axisColumns, rows)}${cover}`;
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
  overblocks: '❌',
  invalid: '❌',
  errored: '⚠️',
  notClaimed: '➖',
} as const satisfies Record<MitigationRecord['verdict'], string>;
