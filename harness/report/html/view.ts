// What the page shows, as data: all that is counted, compared or named is decided here, and the page's script only lays it out.

import { procedureOf } from '../../model/case-key.ts';
import { isUnseen } from '../../model/fired.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../../model/run-record.ts';
import { matchPlaces } from '../bare.ts';
import { coverageOf, percentSeen, seeingSensors } from '../coverage.ts';
import { type Finding, findingsOf } from '../findings.ts';
import { firedOn, type Sight, sightOf } from '../fired.ts';
import { placeText } from '../place.ts';
import {
  byWeakness,
  coveringRules,
  isOverclaimed,
  levelText,
  variantsLine,
  weakAxes,
} from '../robustness.ts';
import { type Look, looks, mitigationLook } from './badge.ts';

export interface View {
  readonly looks: typeof looks;
  readonly chips: readonly Chip[];
  /** In the order of the record's. */
  readonly cases: readonly CaseView[];
  readonly matrices: readonly Matrix[];
  readonly sensors: SensorTable | null;
  readonly mitigations: MitigationMatrix | null;
  readonly survival: SurvivalTable | null;
  readonly findings: readonly FindingView[];
  /** Of rules that matched in a bare file: where each match stands in it. */
  readonly matches: readonly { readonly rule: string; readonly places: readonly string[] }[];
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
  /** Too many to stand beside the blind spots: their names are turned, and their cells are signs. */
  readonly isWide: boolean;
  readonly mitigations: readonly string[];
  /** How each of the record's mitigations looks. */
  readonly looks: readonly (keyof typeof looks.mitigations)[];
  readonly rows: readonly {
    readonly procedure: string;
    readonly keys: readonly string[];
    /** Indexes in the record's mitigations; null where the pair was not run. */
    readonly cells: readonly (number | null)[];
  }[];
}

export interface SurvivalTable {
  /** How many variants some rule sees, how many are lost on each axis, and the rules that together see most. */
  readonly sentences: readonly string[];
  readonly axes: readonly {
    readonly axis: string;
    readonly executed: number;
    readonly seen: number;
    readonly percent: number;
  }[];
  /** The rules that lost most first. */
  readonly rules: readonly {
    readonly rule: string;
    readonly survived: number;
    readonly executed: number;
    readonly level: string;
    readonly overclaimed: boolean;
    readonly weakest: string;
    readonly cheapest: { readonly case: string; readonly name: string; readonly why: string } | null;
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
    mitigations: mitigationMatrix(record, keysOf),
    survival: survivalTable(record),
    matches: record.rules.flatMap((rule) => {
      const places = matchPlaces(rule, record);
      return places.length > 0 ? [{ rule: rule.slug, places }] : [];
    }),
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
            : expected === 0
              ? unexpected.length > 0
                ? `seen by ${unexpected.join(', ')}`
                : ''
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
  const look = { ...looks.sights[worst.sight], word: worst.sight, case: worst.case };
  if (cases.length === 1) return look;
  // Of those that executed, as the row says how many: a variant that was refused counts for no rule.
  const executed = cases.filter(({ observation }) => observation === 'executed');
  const counted = new Set((executed.length > 0 ? executed : cases).map(({ id }) => id));
  const fired = found.filter(({ sight, case: id }) => hasFiredBy(sight) && counted.has(id)).length;
  return {
    ...look,
    // One of a hundred that is seen is no good news.
    ...(fired * 2 <= counted.size && worst.sight === 'detected' && { tone: 'none' }),
    share: `${fired}/${counted.size}`,
  };
}

const hasFiredBy = (sight: Sight): boolean => !['missed', 'evaded', 'cross-talk'].includes(sight);

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

function mitigationMatrix({ mitigations, cases }: RunRecord, keysOf: KeysOf): MitigationMatrix | null {
  if (mitigations.length === 0) return null;
  const ids = [...new Set(mitigations.map(({ id }) => id))];
  const several = new Set(mitigations.map(({ target }) => target)).size > 1;
  const byId = new Map(cases.map((each) => [each.id, each]));
  const keysOfPair = ({ case: id }: MitigationRecord): readonly string[] => {
    const treated = byId.get(id);
    return (treated && keysOf.get(treated)) ?? [];
  };
  const numbered = mitigations.map((pair, at) => ({ pair, at }));
  const rows = Map.groupBy(numbered, ({ pair }) => {
    const procedure = procedureOf(pair.case);
    return several ? `${procedure}@${pair.target}` : procedure;
  });
  return {
    isWide: ids.length > 6,
    mitigations: ids,
    looks: mitigations.map(mitigationLook),
    rows: [...rows].map(([procedure, pairs]) => ({
      procedure,
      keys: [...new Set(pairs.flatMap(({ pair }) => keysOfPair(pair)))],
      cells: ids.map((id) => pairs.find(({ pair }) => pair.id === id)?.at ?? null),
    })),
  };
}

function survivalTable(record: RunRecord): SurvivalTable | null {
  const { robustness, summary } = record;
  const line = variantsLine(record);
  if (line === null || !summary.variants) return null;
  const cover = coveringRules(record);
  return {
    sentences: [`${line}.`, ...(cover === '' ? [] : [`Rules that together see all of these: ${cover}.`])],
    axes: Object.entries(summary.variants.axes).map(([axis, { executed, seen }]) => ({
      axis,
      executed,
      seen,
      percent: executed === 0 ? 0 : Math.floor((100 * seen) / executed),
    })),
    rules: robustness.toSorted(byWeakness).map((row) => ({
      rule: row.rule,
      survived: row.survived,
      executed: row.executed,
      level: levelText(row),
      overclaimed: isOverclaimed(row),
      weakest: weakAxes(row).slice(0, 4).join(', '),
      cheapest: row.cheapest && {
        case: row.cheapest.case,
        name: procedureOf(row.cheapest.case),
        why: row.cheapest.why,
      },
    })),
  };
}
