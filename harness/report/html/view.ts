// What the page shows, as data: all that is counted, compared or named is decided here, and the page's script only lays it out.

import { procedureOf } from '../../model/case-key.ts';
import { isUnseen } from '../../model/fired.ts';
import type { CaseRecord, RuleRecord, RunRecord } from '../../model/run-record.ts';
import { coverageOf, percentSeen, seeingSensors } from '../coverage.ts';
import { type Finding, findingsOf } from '../findings.ts';
import { firedOn, type Sight, sightOf } from '../fired.ts';
import { placeText } from '../place.ts';
import { type Look, looks } from './badge.ts';

export interface View {
  readonly looks: typeof looks;
  readonly chips: readonly Chip[];
  /** In the order of the record's. */
  readonly cases: readonly CaseView[];
  readonly matrices: readonly Matrix[];
  readonly sensors: SensorTable | null;
  readonly mitigations: MitigationMatrix | null;
  readonly findings: readonly FindingView[];
}

/** A filter; those of one group widen each other, those of several narrow. */
export interface Chip {
  readonly key: string;
  readonly group: 'state' | 'kind' | 'technique' | 'target' | 'axis';
  readonly label: string;
  readonly count: number;
}

export interface CaseView {
  /** Of the chips that it passes. */
  readonly keys: readonly string[];
  readonly unseen: boolean;
  /** How many of the rules that were expected to fire did, and what else fired. */
  readonly rules: string;
}

/** Procedures against the rules that say anything of one of them. */
export interface Matrix {
  /** A technique's id, or `benign`. */
  readonly id: string;
  readonly title: string;
  readonly executed: number;
  readonly seen: number;
  readonly percent: number | null;
  readonly rules: readonly string[];
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly slug: string;
  readonly name: string;
  readonly keys: readonly string[];
  /** What it did: `executed`; of several cases, `3 of 4 executed`. */
  readonly did: string;
  readonly unseen: number;
  /** Id of its first case. */
  readonly case: string;
  readonly cells: readonly (MatrixCell | null)[];
}

export interface MatrixCell extends Look {
  readonly word: string;
  /** Set where the row has several cases: in how many the rule fired. */
  readonly share?: string;
  /** Id of the case that it opens. */
  readonly case: string;
}

export interface SensorTable {
  readonly sensors: readonly string[];
  readonly rows: readonly {
    readonly slug: string;
    readonly technique: string;
    readonly keys: readonly string[];
    readonly executed: number;
    readonly seen: number;
    /** By sensor: rules that see it by that sensor alone. */
    readonly rules: readonly (readonly string[])[];
    /** Rules that need several sensors together. */
    readonly together: readonly string[];
  }[];
}

export interface MitigationMatrix {
  readonly mitigations: readonly string[];
  readonly rows: readonly {
    readonly procedure: string;
    /** Indexes in the record's mitigations; null where the pair was not run. */
    readonly cells: readonly (number | null)[];
  }[];
}

export interface FindingView extends Pick<Finding, 'severity' | 'about' | 'id' | 'reasons'> {
  readonly place: string;
}

/** @returns the same for the same record */
export function viewOf(record: RunRecord): View {
  const cases = record.cases.map(caseView);
  const keysOf = new Map(record.cases.map((each, at) => [each, cases[at]?.keys ?? []]));
  return {
    looks,
    chips: chipsOf(record.cases, cases),
    cases,
    matrices: matricesOf(record, keysOf),
    sensors: sensorTable(record, keysOf),
    mitigations: mitigationMatrix(record),
    findings: findingsOf(record).map(({ severity, about, id, reasons, place, bundled }) => ({
      severity,
      about,
      id,
      reasons,
      place: `${placeText(place)}${bundled ? ' (bundled)' : ''}`,
    })),
  };
}

function caseView(each: CaseRecord): CaseView {
  const { verdict, kind, atomic, target, variant, mitigation } = each;
  const unseen = isUnseen(each);
  const { expected, detected, unexpected, falsely } = firedOn(each);
  return {
    keys: [
      ...(verdict === 'pass' ? [] : [verdict]),
      ...(unseen ? ['unseen'] : []),
      ...(falsely.length > 0 ? ['noise'] : []),
      mitigation !== null ? 'treated' : kind,
      `technique:${atomic.technique}`,
      `target:${target}`,
      ...Object.keys(variant?.axes ?? {}).map((axis) => `axis:${axis}`),
    ],
    unseen,
    rules:
      falsely.length > 0
        ? `false positive: ${falsely.join(', ')}`
        : unseen
          ? 'no rule saw it'
          : mitigation !== null || kind === 'benign'
            ? ''
            : `${detected} of ${expected} rules${unexpected.length > 0 ? `, also ${unexpected.join(', ')}` : ''}`,
  };
}

const states: Readonly<Record<string, string>> = {
  fail: 'failed',
  error: 'errored',
  skip: 'skipped',
  unseen: 'unseen',
  noise: 'noise',
};
const kinds: Readonly<Record<string, string>> = {
  attack: 'attacks',
  benign: 'benign twins',
  treated: 'with a mitigation',
};

/** What narrows nothing is no filter: one technique of one, one target of one. */
function chipsOf(cases: readonly CaseRecord[], views: readonly CaseView[]): Chip[] {
  const counts = new Map<string, number>();
  for (const { keys } of views) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const chips = [...counts].map(([key, count]) => chipOf(key, count));
  const order: Chip['group'][] = ['state', 'kind', 'technique', 'target', 'axis'];
  const known = [...Object.keys(states), ...Object.keys(kinds)];
  return chips
    .filter(({ group, count }) => group === 'state' || count < cases.length)
    .toSorted(
      (a, b) =>
        order.indexOf(a.group) - order.indexOf(b.group) ||
        known.indexOf(a.key) - known.indexOf(b.key) ||
        (a.key < b.key ? -1 : 1),
    );
}

function chipOf(key: string, count: number): Chip {
  if (states[key] !== undefined) return { key, group: 'state', label: states[key], count };
  if (kinds[key] !== undefined) return { key, group: 'kind', label: kinds[key], count };
  const at = key.indexOf(':');
  const group = key.slice(0, at) as 'technique' | 'target' | 'axis';
  return { key, group, label: key.slice(at + 1), count };
}

type KeysOf = ReadonlyMap<CaseRecord, readonly string[]>;

function matricesOf(record: RunRecord, keysOf: KeysOf): Matrix[] {
  const ran = record.cases.filter(
    ({ mitigation, observation }) => mitigation === null && observation !== null,
  );
  const coverage = new Map(coverageOf(record).map((each) => [each.technique, each]));
  const groups = Map.groupBy(ran, ({ kind, atomic }) => (kind === 'benign' ? 'benign' : atomic.technique));
  return [...groups]
    .toSorted(([a], [b]) => Number(a === 'benign') - Number(b === 'benign') || (a < b ? -1 : 1))
    .map(([id, cases]) => {
      const share = coverage.get(id);
      const sights = new Map(record.rules.map((rule) => [rule, cases.map((each) => sightOf(rule, each))]));
      const rules = record.rules.filter((rule) => sights.get(rule)?.some((sight) => sight !== undefined));
      return {
        id,
        title: id === 'benign' ? 'Benign twins: no rule may fire' : id,
        executed: share?.executed ?? 0,
        seen: share?.seen ?? 0,
        percent: share ? percentSeen(share) : null,
        rules: rules.map(({ slug }) => slug),
        rows: [...Map.groupBy(cases, ({ atomic }) => atomic.guid).values()].map((same) =>
          matrixRow(same, rules, keysOf),
        ),
      };
    });
}

function matrixRow(cases: readonly CaseRecord[], rules: readonly RuleRecord[], keysOf: KeysOf): MatrixRow {
  const [first] = cases as [CaseRecord, ...CaseRecord[]];
  const executed = cases.filter(({ observation }) => observation === 'executed');
  return {
    slug: first.atomic.slug,
    name: first.atomic.name,
    keys: [...new Set(cases.flatMap((each) => keysOf.get(each) ?? []))],
    did: cases.length === 1 ? (first.observation ?? '') : `${executed.length} of ${cases.length} executed`,
    unseen: cases.filter(isUnseen).length,
    case: first.id,
    cells: rules.map((rule) => matrixCell(rule, cases)),
  };
}

/** Of several cases the one that most wants to be looked at. */
const urgency: readonly Sight[] = [
  'false positive',
  'missed',
  'cross-talk',
  'unexpected',
  'evaded',
  'detected',
];

function matrixCell(rule: RuleRecord, cases: readonly CaseRecord[]): MatrixCell | null {
  const found = cases.flatMap((each) => {
    const sight = sightOf(rule, each);
    return sight ? [{ sight, case: each.id }] : [];
  });
  const [worst] = found.toSorted((a, b) => urgency.indexOf(a.sight) - urgency.indexOf(b.sight));
  if (!worst) return null;
  const fired = found.filter(({ sight }) => !['missed', 'evaded', 'cross-talk'].includes(sight)).length;
  const ran = cases.filter(({ observation }) => observation === 'executed').length || cases.length;
  return {
    ...looks.sights[worst.sight],
    word: worst.sight,
    case: worst.case,
    ...(cases.length > 1 && { share: `${fired}/${Math.max(ran, fired)}` }),
  };
}

function sensorTable(record: RunRecord, keysOf: KeysOf): SensorTable | null {
  const techniques = coverageOf(record);
  const sensors = seeingSensors(techniques, record);
  if (sensors.length === 0) return null;
  const bySlug = Map.groupBy(record.cases, ({ atomic }) => atomic.slug);
  return {
    sensors,
    rows: techniques.flatMap(({ procedures }) =>
      procedures.map(({ slug, technique, executed, seen, rules }) => ({
        slug,
        technique,
        keys: [...new Set((bySlug.get(slug) ?? []).flatMap((each) => keysOf.get(each) ?? []))],
        executed,
        seen,
        rules: sensors.map((sensor) =>
          rules.filter((one) => one.sensors.includes(sensor)).map(({ rule }) => rule),
        ),
        together: rules.filter((one) => one.sensors.length === 0).map(({ rule }) => rule),
      })),
    ),
  };
}

function mitigationMatrix({ mitigations }: RunRecord): MitigationMatrix | null {
  if (mitigations.length === 0) return null;
  const ids = [...new Set(mitigations.map(({ id }) => id))];
  const several = new Set(mitigations.map(({ target }) => target)).size > 1;
  const numbered = mitigations.map((pair, at) => ({ pair, at }));
  const rows = Map.groupBy(numbered, ({ pair }) => {
    const procedure = procedureOf(pair.case);
    return several ? `${procedure}@${pair.target}` : procedure;
  });
  return {
    mitigations: ids,
    rows: [...rows].map(([procedure, pairs]) => ({
      procedure,
      cells: ids.map((id) => pairs.find(({ pair }) => pair.id === id)?.at ?? null),
    })),
  };
}
