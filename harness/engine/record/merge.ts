// Shards of one run → the record that the whole run would have given. What a record counts and in which order its rules
// name cases is the arithmetic of judging (run-summary, rule-findings, silence): it is only fed with other parts.

import { caseKeyOf, groupNameOf, idInMerge } from '../../model/case-key.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { RuleRecord, RunRecord, Silence } from '../../model/run-record.ts';
import { recordOf } from '../../model/run-summary.ts';
import { byCloseness, isWithin } from '../../model/silence.ts';
import { someNames } from '../../model/some-names.ts';
import { robustnessOf } from '../judge/robustness.ts';
import { byCase } from '../judge/rule-findings.ts';

/**
 * Puts shards together, in the order in which one run would have planned their cases.
 * @param records the shards in any order; or whole runs whose cases differ (other targets, other atomics)
 * @throws AtomclockError `merge/…` where they are not parts of one run: another harness, clock, sensors or rules,
 *   a shard twice or missing, a case twice
 */
export function mergeRuns(records: readonly RunRecord[]): RunRecord {
  const shards = withOwnIdles(inShardOrder(records));
  const [first] = shards;
  if (!first) throw refusal('nothing', 'expected at least one run to merge');
  refuseMixture(shards);

  const cases = inPlanOrder(shards);
  refuseRepetition(cases);
  const byId = new Map(cases.map((each) => [each.id, each]));
  const mitigations = inOrderOf(
    cases,
    shards.flatMap((shard) => shard.mitigations),
    (each) => byId.get(each.case)?.id,
  );
  const rules = first.rules.map((rule) =>
    mergeRule(
      cases,
      shards.flatMap((shard) => shard.rules.filter(({ id, file }) => id === rule.id && file === rule.file)),
    ),
  );
  const robustness = mergeRobustness(cases, shards);
  return recordOf({ run: mergeFacts(shards.map(({ run }) => run)), cases, mitigations, rules, robustness });
}

/** Each run has idle controls of its own: what fired in one did not in the other, and its events are others. */
function withOwnIdles(runs: readonly RunRecord[]): readonly RunRecord[] {
  if (runs.length === 1) return runs;
  return runs.map((record, at) => {
    const named = (id: string): string => idInMerge(id, at + 1);
    const { missing } = record.run;
    return {
      ...record,
      run: { ...record.run, ...(missing && { missing: missing.map(named) }) },
      rules: record.rules.map((rule) => ({
        ...rule,
        crossTalk: rule.crossTalk.map((each) => ({ ...each, case: named(each.case) })),
        matches: rule.matches.map((each) =>
          each.case === undefined ? each : { ...each, case: named(each.case) },
        ),
      })),
    };
  });
}

/**
 * By shard number; whole runs as they were given.
 * @throws AtomclockError `merge/…` where not all of `1/n … n/n` are there, each once: every one that is not is named
 */
export function inShardOrder(records: readonly RunRecord[]): readonly RunRecord[] {
  const sharded = records.filter(({ run }) => run.shard !== null);
  if (sharded.length === 0) return records;
  if (sharded.length < records.length) {
    throw refusal('mixed', 'expected shards only or whole runs only, got both');
  }
  const parts = records.map((record) => {
    const [index = 0, count = 0] = (record.run.shard ?? '').split('/').map(Number);
    return { record, index, count };
  });
  const count = parts[0]?.count ?? 0;
  if (parts.some((part) => part.count !== count)) {
    throw refusal(
      'other-shards',
      `expected shards of one run, got ${records.map(({ run }) => run.shard).join(', ')}`,
    );
  }
  const byIndex = Map.groupBy(parts, ({ index }) => index);
  const found = Array.from({ length: count }, (_, at) => ({
    name: `${at + 1}/${count}`,
    times: byIndex.get(at + 1)?.length ?? 0,
  }));
  const missing = found.filter(({ times }) => times === 0).map(({ name }) => name);
  const repeated = found
    .filter(({ times }) => times > 1)
    .map(({ name, times }) => `${name} (${times} times)`);
  const odd = [
    ...(repeated.length > 0 ? [`given more than once: ${repeated.join(', ')}`] : []),
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
  ];
  if (odd.length > 0) {
    const code = repeated.length > 0 ? 'repeated-shard' : 'missing-shard';
    throw refusal(code, `expected all ${count} shards, each once; ${odd.join('; ')}`);
  }
  return parts.toSorted((a, b) => a.index - b.index).map(({ record }) => record);
}

function refuseMixture(records: readonly RunRecord[]): void {
  const traits: Record<string, (record: RunRecord) => string> = {
    'atomclock version': ({ run }) => run.harness,
    clock: ({ run }) => run.clock,
    sensors: ({ run }) => run.sensors.toSorted().join(' '),
  };
  for (const [trait, of] of Object.entries(traits)) {
    const [one, other] = new Set(records.map(of));
    if (other !== undefined) {
      throw refusal('different-runs', `expected the same ${trait} in all runs, got '${one}' and '${other}'`);
    }
  }
  refuseOtherRules(records);
}

function refuseOtherRules(records: readonly RunRecord[]): void {
  const [first = new Set<string>(), ...others] = records.map(
    ({ rules }) => new Set(rules.map(({ id, file }) => `${file} (${id})`)),
  );
  const odd = [...new Set(others.flatMap((other) => [...first.symmetricDifference(other)]))];
  if (odd.length === 0) return;
  throw refusal(
    'different-runs',
    `expected the same set of rules in all runs, not in all: ${someNames(odd, 4)}`,
  );
}

function refuseRepetition(cases: RunRecord['cases']): void {
  const repeated = [...Map.groupBy(cases, ({ id }) => id)].filter(([, each]) => each.length > 1);
  if (repeated.length === 0) return;
  throw refusal(
    'repeated-case',
    `in more than one of the runs: ${someNames(
      repeated.map(([id]) => id),
      mostNames,
    )}`,
  );
}

/** A dozen of them tell what is meant, and how many more there are is said with them. */
export const mostNames = 13;

/** What belongs together stays together: an atomic with its variants and all that is held against them. */
const groupsOf = ({ cases }: RunRecord): Map<string, RunRecord['cases']> =>
  Map.groupBy(cases, (each) => groupNameOf(caseKeyOf(each)));

/** @throws AtomclockError `merge/different-runs`, `merge/other-durations` */
function inPlanOrder(shards: readonly RunRecord[]): RunRecord['cases'] {
  const groups = shards.map(groupsOf);
  const orders = shards.map(({ run }) => run.dealtFrom ?? null);
  const [order = null] = orders;
  if (new Set(orders.map((each) => JSON.stringify(each))).size > 1)
    throw refusal('different-runs', 'expected shards of the same cases, dealt by the same --durations');
  if (order === null) return interleave(groups.map((each) => [...each.values()]));
  const missing = new Set(
    shards
      .flatMap(({ run }) => run.missing ?? [])
      .flatMap((id) => order.find((name) => isOfGroup(id, name)) ?? []),
  );
  const lost = order.filter((name) => !missing.has(name) && !groups.some((each) => each.has(name)));
  if (lost.length > 0)
    throw refusal(
      'other-durations',
      `in none of the shards: ${lost.join(', ')}; they were dealt by different --durations`,
    );
  return order.flatMap((name) => groups.flatMap((each) => each.get(name) ?? []));
}

/** Whether a case, of which there is nothing but its id, belongs to this atomic on this target. */
function isOfGroup(id: string, name: string): boolean {
  const [atomic = '', place = ''] = name.split('@');
  const [, slug = '', target = ''] = /^([^~@+]+)[^@]*@([^+]+)/.exec(id) ?? [];
  return slug === atomic && target === place;
}

/** The plan deals its groups out to the shards in turn; this collects them in the same order. */
function interleave<T>(shards: readonly T[][][]): T[] {
  const longest = Math.max(0, ...shards.map((groups) => groups.length));
  return Array.from({ length: longest }, (_, index) =>
    shards.flatMap((groups) => groups[index] ?? []),
  ).flat();
}

/** Counted anew; what only events tell stays as the shards noted it: the cheapest evasion of all is the cheapest of one. */
function mergeRobustness(cases: RunRecord['cases'], shards: readonly RunRecord[]): RunRecord['robustness'] {
  const parts = shards.flatMap(({ robustness }) => robustness);
  const bundled = new Set(
    shards.flatMap(({ rules }) => rules.filter((rule) => rule.bundled).map(({ slug }) => slug)),
  );
  return robustnessOf(cases, {
    // A rule that no shard has a record of has none here either: only a base and its variants together make one.
    evasions: (rule) =>
      bundled.has(rule) ? (parts.find((part) => part.rule === rule)?.evades ?? []) : undefined,
    rules: shards[0]?.rules.map(({ slug }) => slug) ?? [],
    claimed: (rule) => parts.find((part) => part.rule === rule)?.level.claimed ?? null,
    why: (rule, variant) =>
      parts.find((part) => part.rule === rule && part.cheapest?.case === variant)?.cheapest?.why,
  });
}

/** One rule as all shards saw it. */
function mergeRule(cases: RunRecord['cases'], parts: readonly RuleRecord[]): RuleRecord {
  const [first] = parts as [RuleRecord, ...RuleRecord[]];
  const unproven = first.branches.unproven.filter((branch) =>
    parts.every(({ branches }) => branches.unproven.some((other) => isSameBranch(branch, other))),
  );
  const unavailable = parts.every((part) => part.unavailable !== undefined) ? first.unavailable : undefined;
  const sensors = mergeSensors(parts);
  const silent = mergeSilence(cases, parts);
  const { unavailable: _, sensors: __, silent: ___, matches: ____, error: _____, branches, ...rest } = first;
  // In the order in which judging writes it: a merged run is its replay, byte for byte.
  return {
    ...rest,
    firedIn: inOrderOf(
      cases,
      parts.flatMap(({ firedIn }) => firedIn),
      (id) => id,
    ),
    falsePositives: mergeNoise(
      cases,
      parts.flatMap(({ falsePositives }) => falsePositives),
    ),
    crossTalk: mergeNoise(
      cases,
      parts.flatMap(({ crossTalk }) => crossTalk),
    ),
    ...(silent.length > 0 && { silent }),
    matches: inOrderOf(
      cases,
      parts.flatMap(({ matches }) => matches),
      (match) => match.case,
    ),
    error: parts.find(({ error }) => error !== null)?.error ?? null,
    ...(unavailable !== undefined && { unavailable }),
    ...(sensors && { sensors }),
    branches: { total: branches.total, proven: branches.total - unproven.length, unproven },
  };
}

type Branch = RuleRecord['branches']['unproven'][number];
const isSameBranch = (a: Branch, b: Branch): boolean =>
  a.place === b.place && a.kind === b.kind && a.branch === b.branch;

/** Fires on a sensor's events when it did so in any shard. */
function mergeSensors(parts: readonly RuleRecord[]): Record<string, boolean> | undefined {
  const known = parts.flatMap(({ sensors }) => (sensors ? Object.entries(sensors) : []));
  if (known.length === 0) return undefined;
  const merged: Record<string, boolean> = {};
  for (const [sensor, fires] of known) merged[sensor] = fires || (merged[sensor] ?? false);
  return merged;
}

/** Silent on a technique where it is so in every shard: one attack on which it fired is enough. */
function mergeSilence(cases: RunRecord['cases'], parts: readonly RuleRecord[]): Silence[] {
  const fired = new Set(parts.flatMap(({ firedIn }) => firedIn));
  const seen = cases.filter(({ id }) => fired.has(id)).map(({ atomic }) => atomic.technique);
  const all = parts.flatMap(({ silent = [] }) => silent);
  const techniques = parts.flatMap(({ technique }) => technique);
  return [...Map.groupBy(all, ({ technique }) => technique)]
    .filter(([technique]) => !seen.some((one) => isWithin(one, technique)))
    .map(([technique, each]) => ({
      technique,
      attacks: inOrderOf(cases, [...new Set(each.flatMap(({ attacks }) => attacks))], (id) => id),
      nearest: inOrderOf(
        cases,
        each.map(({ nearest }) => nearest),
        (nearest) => nearest.case,
      ).toSorted(byCloseness)[0] as Silence['nearest'],
    }))
    .toSorted((a, b) => techniques.indexOf(a.technique) - techniques.indexOf(b.technique));
}

const mergeNoise = (
  cases: RunRecord['cases'],
  all: RuleRecord['falsePositives'],
): RuleRecord['falsePositives'] => inOrderOf(cases, byCase(all), (each) => each.case);

/** As one run would have met them: idle controls, which are no cases, before all others. */
function inOrderOf<T>(
  cases: RunRecord['cases'],
  items: readonly T[],
  caseOf: (item: T) => string | undefined,
): T[] {
  const order = new Map(cases.map(({ id }, index) => [id, index]));
  const indexOf = (item: T) => order.get(caseOf(item) ?? '') ?? -1;
  return items.toSorted((a, b) => indexOf(a) - indexOf(b));
}

/** From the first start to the last end; machines that differ are all named, the smallest gives the sizes. */
function mergeFacts(runs: readonly RunRecord['run'][]): RunRecord['run'] {
  const [{ dealtFrom: _, pausedMs: __, ...first }] = runs as [RunRecord['run'], ...RunRecord['run'][]];
  const distinct = (of: (run: RunRecord['run']) => string) => [...new Set(runs.map(of))].join(', ');
  const byTime = (times: string[]) => times.toSorted((a, b) => Date.parse(a) - Date.parse(b));
  const missing = runs.flatMap((run) => run.missing ?? []);
  return {
    ...first,
    ...(missing.length > 0 && { missing }),
    startedAt: byTime(runs.map(({ startedAt }) => startedAt))[0] ?? first.startedAt,
    finishedAt: byTime(runs.map(({ finishedAt }) => finishedAt)).at(-1) ?? first.finishedAt,
    host: {
      kernel: distinct(({ host }) => host.kernel),
      docker: distinct(({ host }) => host.docker),
      cpus: Math.min(...runs.map(({ host }) => host.cpus)),
      memory: Math.min(...runs.map(({ host }) => host.memory)),
    },
    shard: null,
  };
}

export const refusal = (code: string, message: string): AtomclockError =>
  new AtomclockError(`merge/${code}`, message, { exitCode: exitCodes.badInput });
