// The report for a terminal: what ran, what was proven, what was blocked, and first of all what failed to be so.

import { procedureOf } from '../model/case-key.ts';
import { bareMatches, isUnseen } from '../model/fired.ts';
import { hardeningOf } from '../model/hardening.ts';
import type { Hardening } from '../model/hardening-record.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../model/run-record.ts';
import { conditionsOf, matchPlaces } from './bare.ts';
import { coverageOf } from './coverage.ts';
import { type Finding, findingsOf, type Severity } from './findings.ts';
import { firedOn } from './fired.ts';
import { gateResult, gateText } from './gates.ts';
import { coverText } from './hardening.ts';
import { placeText } from './place.ts';
import { printable } from './printable.ts';
import type { Report, ReporterSettings } from './reporter.ts';
import {
  byWeakness,
  coveringRules,
  isOverclaimed,
  levelText,
  variantsLine,
  weakSpots,
} from './robustness.ts';
import { countsOf, unseenAttacks, verdictLine } from './summary-line.ts';
import { type Cell, type Column, layOut, type Paint, painter, type Style, wrap } from './table.ts';

export function renderConsole(record: RunRecord, { color, columns }: ReporterSettings): Report {
  const paint = painter(color);
  const width = Math.max(60, columns);
  const sections = [
    heading(record, width, paint),
    blindSpots(record, width, paint),
    casesSection(record, width, paint),
    mitigationsSection(record, width, paint),
    ...hardeningSections(record, width, paint),
    rulesSection(record, width, paint),
    robustnessSection(record, width, paint),
    skippedSection(record, width, paint),
    findingsSection(findingsOf(record), width, paint),
    gatesSection(record, width, paint),
    closing(record, width, paint),
  ];
  return {
    output: `${sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n')}\n`,
  };
}

const heading = (record: RunRecord, width: number, paint: Paint): string[] => [
  paint('bold', record.run.file === undefined ? `Run ${printable(record.run.id)}` : 'Replay of a file'),
  ...wrap(printable(conditionsOf(record).join(', ')), width).map((line) => paint('dim', line)),
];

/** By technique: first what nobody would look for below a row of passes. */
function blindSpots(record: RunRecord, width: number, paint: Paint): string[] {
  const techniques = coverageOf(record);
  if (techniques.length === 0) return [];
  const columns: Column[] = [
    { title: 'Attacks seen by a rule' },
    { title: 'Seen', align: 'right' },
    { title: 'Unseen procedures', shrinksTo: 16 },
  ];
  const cells = techniques.map(({ technique, executed, seen, procedures }): Cell[] => {
    const blind = procedures.filter(({ unseen }) => unseen.length > 0);
    const names = blind.map((each) =>
      each.executed > 1 ? `${each.slug} (${each.unseen.length} of ${each.executed})` : each.slug,
    );
    return [
      { text: printable(technique) },
      { text: `${seen} of ${executed}`, ...(seen < executed && { style: 'red' }) },
      names.length > 0 ? { text: printable(names.join(', ')), style: 'red' } : { text: '–', style: 'dim' },
    ];
  });
  return layOut(columns, cells, width, paint);
}

function casesSection({ cases }: RunRecord, width: number, paint: Paint): string[] {
  // Treated cases have a table of their own, and what did not run is told after the tables.
  const rows = cases.filter(({ mitigation, verdict }) => mitigation === null && verdict !== 'skip');
  if (rows.length === 0) return [];
  const severalTargets = new Set(rows.map(({ target }) => target)).size > 1;
  const columns: Column[] = [
    { title: 'Case', shrinksTo: 20 },
    { title: 'User' },
    { title: 'Observation' },
    { title: 'Launched by', shrinksTo: 12 },
    { title: 'Rules', align: 'right' },
    { title: 'Verdict' },
  ];
  const cells = rows.map((row): Cell[] => [
    { text: printable(severalTargets ? row.id : procedureOf(row.id)) },
    { text: printable(row.user), style: 'dim' },
    { text: row.observation ?? '' },
    launchCell(row),
    rulesCell(row),
    {
      text: row.verdict,
      style: isUnseen(row) && row.verdict === 'pass' ? 'yellow' : verdictStyles[row.verdict],
    },
  ]);
  return withNotes(layOut(columns, cells, width, paint), rows.map(caseNotes), width, paint);
}

/** Why it did not run, how its job ended, what fired unexpected; what failed is told below the tables. */
function caseNotes(row: CaseRecord): readonly string[] {
  if (row.verdict !== 'pass') return [];
  const { expected, unexpected } = firedOn(row);
  const fired = expected > 0 ? 'also fired' : 'fired';
  return unexpected.length > 0 ? [...row.reasons, `${fired}: ${unexpected.join(', ')}`] : row.reasons;
}

/** Table lines, each followed by what there is to say about its row. */
const withNotes = (
  [header = '', ...lines]: readonly string[],
  notes: readonly (readonly string[])[],
  width: number,
  paint: Paint,
): string[] => [
  header,
  ...lines.flatMap((line, row) => [
    line,
    ...(notes[row] ?? []).flatMap((note) =>
      wrap(printable(note), width - 6).map((part) => `      ${paint('dim', part)}`),
    ),
  ]),
];

/** Who launched the payload, how soon, and how the job itself ended where that was not well. */
function launchCell({ proof, kind }: CaseRecord): Cell {
  if (!proof) return { text: kind === 'benign' ? 'benign' : '–', style: 'dim' };
  const exit = proof.exitCode ? `, exit ${proof.exitCode}` : '';
  return { text: printable(`${proof.scheduler} ${duration(proof.latencyMs)}${exit}`) };
}

/** Fired of expected, and how many besides; of a benign twin, how many falsely; of what no rule saw, that. */
function rulesCell(row: CaseRecord): Cell {
  const { expected, detected, unexpected, falsely } = firedOn(row);
  if (row.kind === 'benign') {
    return falsely.length > 0 ? { text: `${falsely.length} false`, style: 'red' } : { text: '0' };
  }
  if (isUnseen(row)) return { text: 'unseen', style: 'red' };
  if (expected === 0)
    return unexpected.length > 0 ? { text: `${unexpected.length} fired` } : { text: '–', style: 'dim' };
  const text = `${detected}/${expected}${unexpected.length > 0 ? ` +${unexpected.length}` : ''}`;
  return detected < expected ? { text, style: 'red' } : { text };
}

/** More rows than this are a matrix: of what is as declared, only the sums are told then. */
const mostRows = 60;

function mitigationsSection({ mitigations: all, cases }: RunRecord, width: number, paint: Paint): string[] {
  const passed = new Set(cases.flatMap(({ id, verdict }) => (verdict === 'pass' ? [id] : [])));
  const mitigations = all.length > mostRows ? all.filter((row) => !passed.has(row.case)) : [...all];
  const declared = all.length - mitigations.length;
  const sum = `  ${declared} treated cases are as declared; --report html shows each with its reason`;
  const note = declared > 0 ? [paint('dim', sum)] : [];
  if (mitigations.length === 0) return note;
  const severalTargets = new Set(mitigations.map(({ target }) => target)).size > 1;
  const columns: Column[] = [
    { title: 'Mitigation', shrinksTo: 14 },
    { title: 'Against', shrinksTo: 12 },
    { title: 'Without → with' },
    { title: 'Still works', align: 'right' },
    { title: 'Verdict' },
  ];
  const cells = mitigations.map((row): Cell[] => [
    { text: printable(severalTargets ? `${row.id}@${row.target}` : row.id) },
    { text: printable(procedureOf(row.case)) },
    { text: `${row.control ?? '?'} → ${row.treated ?? '?'}` },
    { text: `${row.legitimate.filter(({ works }) => works).length}/${row.legitimate.length}` },
    { text: row.verdict, style: mitigationStyles[row.verdict] },
  ]);
  // The reason seen is the evidence: each row is followed by its own.
  const reasons = mitigations.map(({ attack, stage, reason }) => [
    [attack, ...(stage ? [`at ${stage}`] : []), ...(reason ? [reason] : [])].join(': '),
  ]);
  return [...withNotes(layOut(columns, cells, width, paint), reasons, width, paint), ...note];
}

/** What several mitigations come to: of each how much it stops, and which few stop most. */
function hardeningSections(record: RunRecord, width: number, paint: Paint): string[][] {
  const { hardening = hardeningOf(record.mitigations) } = record;
  const hasRecords = hardening.some(({ mitigations }) => mitigations.some(({ recorded }) => recorded));
  const columns: Column[] = [
    { title: 'Hardening', shrinksTo: 14 },
    { title: 'ATT&CK' },
    { title: 'Declared', align: 'right' },
    { title: 'Stops', align: 'right' },
    ...(hasRecords ? [{ title: 'On record', align: 'right' } as const] : []),
    { title: 'No longer works', shrinksTo: 16 },
  ];
  return hardening
    .filter(({ mitigations }) => mitigations.length > 1)
    .map(({ target, mitigations, cover, harmlessCover }) => [
      ...layOut(
        columns,
        mitigations.map(({ id, attack, declared, all, recorded, breaks }): Cell[] => [
          { text: printable(hardening.length > 1 ? `${id}@${target}` : id) },
          { text: printable(attack), style: 'dim' },
          declared.stopped < declared.tried
            ? { text: `${declared.stopped}/${declared.tried}`, style: 'red' }
            : { text: `${declared.stopped}/${declared.tried}` },
          { text: `${all.stopped}/${all.tried}` },
          ...(hasRecords ? [recordedCell(recorded)] : []),
          { text: printable(breaks.join(', ')), style: 'yellow' },
        ]),
        width,
        paint,
      ),
      ...indented(`Greedy cover: ${coverText(cover)}`, width),
      ...indented(`Without breaking legitimate use: ${coverText(harmlessCover)}`, width),
    ]);
}

function recordedCell(count: Hardening['mitigations'][number]['recorded']): Cell {
  if (!count) return { text: '–', style: 'dim' };
  const text = `${count.recorded}/${count.tried}`;
  return count.recorded < count.tried ? { text, style: 'red' } : { text };
}

/** Bundled rules that say nothing of what was run are a number: with one atomic they would hide the few that do. */
function rulesSection(record: RunRecord, width: number, paint: Paint): string[] {
  const { rules: all, cases } = record;
  if (all.length === 0) return [];
  const named = new Set(cases.flatMap(({ detections }) => detections.map(({ rule }) => rule)));
  const rules = all.filter((rule) => isToldOf(rule, named));
  const others = all.length - rules.length;
  const silence =
    cases.length > 0
      ? `${others} more bundled rules say nothing of these cases`
      : `no match of ${others} bundled ${others === 1 ? 'rule' : 'rules'}`;
  const note = others > 0 ? [paint('dim', `  ${silence}`)] : [];
  if (rules.length === 0) return note;
  const comparesSensors = rules.some(({ sensors }) => sensors !== undefined);
  const hasCrossTalk = rules.some(({ crossTalk }) => crossTalk.length > 0);
  const columns: Column[] = [
    { title: 'Rule', shrinksTo: 24 },
    { title: 'Language' },
    { title: cases.length > 0 ? 'Fired in' : 'Matches', align: 'right' },
    { title: 'False', align: 'right' },
    ...(hasCrossTalk ? [{ title: 'Cross-talk', align: 'right' } as const] : []),
    { title: 'Unproven', align: 'right' },
    ...(comparesSensors ? [{ title: 'Seen by', shrinksTo: 8 }] : []),
  ];
  const cells = rules.map((rule): Cell[] => [
    { text: printable(rule.slug) },
    { text: rule.language, style: 'dim' },
    firedCell(rule, cases.length > 0),
    countCell(rule.falsePositives.length, 'red'),
    ...(hasCrossTalk ? [countCell(rule.crossTalk.length, 'yellow')] : []),
    unprovenCell(rule),
    sensorsCell(rule),
  ]);
  const notes = rules.map((rule) => {
    const places = matchPlaces(rule, record);
    const more = places.length - mostMatches;
    return more > 0 ? [...places.slice(0, mostMatches), `and ${more} more matches; --json has all`] : places;
  });
  return [...withNotes(layOut(columns, cells, width, paint), notes, width, paint), ...note];
}

/** Matches of one rule in a bare file beyond these would hide the next rule. */
const mostMatches = 20;

const isToldOf = (rule: RuleRecord, named: ReadonlySet<string>): boolean =>
  rule.bundled !== true ||
  named.has(rule.slug) ||
  rule.error !== null ||
  rule.firedIn.length + rule.falsePositives.length + rule.crossTalk.length + bareMatches(rule) > 0;

function firedCell(rule: RuleRecord, hasCases: boolean): Cell {
  if (rule.error !== null) return { text: 'unusable', style: 'red' };
  if (rule.unavailable !== undefined) return { text: 'not judged', style: 'yellow' };
  const text = `${hasCases ? rule.firedIn.length : bareMatches(rule)}`;
  return (rule.silent ?? []).length > 0 ? { text, style: 'red' } : { text };
}

/** Of the rules that lost something: how much, where, at what level, and how it was done. */
function robustnessSection(record: RunRecord, width: number, paint: Paint): string[] {
  const { robustness } = record;
  if (robustness.length === 0) return [];
  const columns: Column[] = [
    { title: 'Survival by rule', shrinksTo: 24 },
    { title: 'Seen', align: 'right' },
    { title: 'Level' },
    { title: 'Weakest axes', shrinksTo: 16 },
  ];
  const weak = robustness.filter(({ survived, executed }) => survived < executed).toSorted(byWeakness);
  const cells = weak.map((row): Cell[] => [
    { text: printable(row.rule) },
    { text: `${row.survived}/${row.executed}` },
    { text: levelText(row), ...(isOverclaimed(row) && { style: 'yellow' as const }) },
    { text: printable(weakSpots(row).join(', ')) },
  ]);
  const notes = weak.map(({ cheapest }) =>
    cheapest ? [`${procedureOf(cheapest.case)}${cheapest.why ? `: ${cheapest.why}` : ''}`] : [],
  );
  const whole = robustness.length - weak.length;
  return [
    ...(weak.length > 0 ? withNotes(layOut(columns, cells, width, paint), notes, width, paint) : []),
    ...(whole > 0 ? indented(`${whole} rules see every variant of what they see`, width) : []),
    ...indented(`together: ${coveringRules(record)}`, width),
  ];
}

const gatesSection = ({ gates = [] }: RunRecord, width: number, paint: Paint): string[] =>
  gates.length === 0
    ? []
    : [
        paint('bold', 'Required'),
        ...gates.flatMap((gate) =>
          indented(`${gate.met ? 'met' : 'NOT MET'}  ${gateText(gate)}: ${gateResult(gate)}`, width).map(
            (line) => paint(gate.met ? 'green' : 'red', line),
          ),
        ),
      ];

const countCell = (count: number, style: Style): Cell => ({
  text: `${count}`,
  style: count > 0 ? style : 'dim',
});

function unprovenCell({ branches: { total, unproven }, error }: RuleRecord): Cell {
  if (error !== null || total === 0) return { text: '–', style: 'dim' };
  // What no run can prove, and says why, is nothing to look after.
  const isOpen = unproven.some(({ why }) => why === undefined);
  return { text: `${unproven.length} of ${total}`, style: isOpen ? 'yellow' : 'dim' };
}

/** The sensors on whose events alone the rule fires. */
function sensorsCell({ sensors = {} }: RuleRecord): Cell {
  const firing = Object.keys(sensors).filter((sensor) => sensors[sensor]);
  return firing.length > 0 ? { text: printable(firing.join(' ')) } : { text: '–', style: 'dim' };
}

/** What was left out, once per reason. */
function skippedSection({ cases, rules }: RunRecord, width: number, paint: Paint): string[] {
  const byReason = new Map<string, string[]>();
  const add = (reason: string, name: string) => byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  for (const { verdict, reasons, atomic } of cases) {
    if (verdict === 'skip') add(reasons.join('; ') || 'no reason given', atomic.slug);
  }
  for (const { unavailable, slug } of rules) if (unavailable !== undefined) add(unavailable, slug);
  if (byReason.size === 0) return [];
  return [
    paint('bold', 'Left out'),
    ...[...byReason].flatMap(([reason, names]) =>
      indented(`${names.length} × ${reason}: ${[...new Set(names)].join(', ')}`, width),
    ),
  ];
}

/** Findings that say the same are told once: a broken lab breaks every case in the same way. */
function findingsSection(findings: readonly Finding[], width: number, paint: Paint): string[] {
  if (findings.length === 0) return [];
  const alike = Map.groupBy(findings, ({ about, severity, reasons }) =>
    JSON.stringify([about, severity, reasons]),
  );
  return [
    paint('bold', 'Findings'),
    ...[...alike.values()].flatMap((group) => findingLines(group, width, paint)),
  ];
}

function findingLines(alike: readonly Finding[], width: number, paint: Paint): string[] {
  const [first, ...others] = alike;
  if (!first) return [];
  const { severity, about, reasons } = first;
  const files = [
    ...new Set(alike.map(({ place, bundled }) => `${placeText(place)}${bundled ? ' (bundled)' : ''}`)),
  ].join(', ');
  const names = alike.map(({ id }) => id).join(', ');
  const [title = '', ...more] = indented(
    `${about}${others.length > 0 ? 's' : ''} ${names}`,
    width - severity.length,
  );
  return [
    `  ${paint(severityStyles[severity], severity)} ${paint('bold', title.trimStart())}`,
    ...more.map((line) => paint('bold', `  ${line}`)),
    ...indented(files, width, '    ').map((line) => paint('dim', line)),
    ...reasons.flatMap((reason) => {
      const [first = '', ...excerpt] = reason.split('\n');
      // A caret must stay below its place.
      return [...indented(`- ${first}`, width, '    '), ...excerpt.map((line) => `      ${printable(line)}`)];
    }),
  ];
}

/** The counts, and on the last line what CI logs are searched for. */
const closing = (record: RunRecord, width: number, paint: Paint): string[] => [
  ...wrapped(countsOf(record).join(' · '), width),
  ...unseenLines(record, width, paint),
  ...variantLines(record, width),
  verdictLine(record, paint),
];

const wrapped = (text: string, width: number): string[] => (text === '' ? [] : wrap(text, width));

/** More would push the verdict's neighbours off the screen; the first table has all procedures. */
const mostUnseen = 12;

/** The blind spots are the first thing that a reader wants to know. */
function unseenLines(record: RunRecord, width: number, paint: Paint): string[] {
  const line = unseenAttacks(record, mostUnseen);
  if (line === null) return [];
  const lines = indented(line, width, '');
  return record.summary.attacks.unseen.length > 0 ? lines.map((each) => paint('red', each)) : lines;
}

function variantLines(record: RunRecord, width: number): string[] {
  const line = variantsLine(record);
  return line === null ? [] : wrap(line, width);
}

const indented = (text: string, width: number, indent = '  '): string[] =>
  wrap(printable(text), width - indent.length - 2).map(
    (line, index) => `${indent}${index > 0 ? '  ' : ''}${line}`,
  );

/** 38 → `38 ms`, 1520 → `1.5 s`. */
const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

export const verdictStyles = {
  pass: 'green',
  fail: 'red',
  error: 'magenta',
  skip: 'dim',
} as const satisfies Record<CaseRecord['verdict'], Style>;

const mitigationStyles = {
  blocks: 'green',
  bypassed: 'red',
  records: 'green',
  unrecorded: 'red',
  overblocks: 'yellow',
  invalid: 'yellow',
  errored: 'magenta',
  notClaimed: 'dim',
} as const satisfies Record<MitigationRecord['verdict'], Style>;

const severityStyles = {
  fail: 'red',
  error: 'magenta',
  unusable: 'yellow',
  noise: 'yellow',
} as const satisfies Record<Severity, Style>;
