// Shards put together give the record of the whole run; what is no set of shards is refused.

import { describe, expect, it } from 'vitest';
import { mergeRuns } from '../../../harness/engine/record/merge.ts';
import { type RunRecord, runRecordSchema } from '../../../harness/model/run-record.ts';
import { summarize } from '../../../harness/model/run-summary.ts';
import { bareRecord, manyOf, sampleRecord } from '../report/fixture.ts';

/** Deals a run's cases out as the plan does: every n-th atomic, with its mitigations. */
function shardOf(record: RunRecord, index: number, count: number): RunRecord {
  const slugs = [...new Set(record.cases.map(({ atomic }) => atomic.slug))];
  const mine = (slug: string) => slugs.indexOf(slug) % count === index - 1;
  const cases = record.cases.filter(({ atomic }) => mine(atomic.slug));
  const mitigations = record.mitigations.filter(({ atomic }) => mine(atomic));
  const ids = new Set(cases.map(({ id }) => id));
  const rules = record.rules.map((rule) => ({
    ...rule,
    firedIn: rule.firedIn.filter((id) => ids.has(id)),
    matches: rule.matches.filter((match) => match.case !== undefined && ids.has(match.case)),
  }));
  return {
    ...record,
    run: { ...record.run, shard: `${index}/${count}` },
    cases,
    mitigations,
    rules,
    summary: summarize(cases, mitigations, rules),
  };
}

/** The order in which one run has its cases: each atomic followed by its mitigations. */
function inPlanOrder(record: RunRecord): RunRecord {
  const groups = [...Map.groupBy(record.cases, ({ atomic }) => atomic.slug).values()];
  return { ...record, cases: groups.flat() };
}

/** The same with the idle controls of all its shards in place of its own: each shard has run one of each target. */
const withIdlesOf = (count: number, record: RunRecord): RunRecord => ({
  ...record,
  rules: record.rules.map((rule) => ({
    ...rule,
    crossTalk: rule.crossTalk.flatMap((each) =>
      count === 1 || !each.case.startsWith('idle@')
        ? each
        : Array.from({ length: count }, (_, at) => ({
            ...each,
            case: each.case.replace('idle', `idle~run=${at + 1}`),
          })),
    ),
  })),
});

it.each([1, 2, 3, 20])('%i shards, in any order, give the whole run', (count) => {
  const whole = inPlanOrder(sampleRecord());
  const shards = Array.from({ length: count }, (_, index) => shardOf(whole, index + 1, count));
  expect(mergeRuns(shards.toReversed())).toEqual(withIdlesOf(count, whole));
  expect(runRecordSchema.safeParse(mergeRuns(shards)).error).toBeUndefined();
});

describe('shards that were dealt by durations', () => {
  const whole = inPlanOrder(sampleRecord());
  const order = [...new Set(whole.cases.map(({ atomic, target }) => `${atomic.slug}@${target}`))];
  /** The last atomics are in the first shard: in turn, none would stand where it stood. */
  const dealt = (index: number, places: readonly number[]): RunRecord => {
    const slugs = places.map((at) => order[at]?.split('@')[0]);
    const cases = whole.cases.filter(({ atomic }) => slugs.includes(atomic.slug));
    const mitigations = whole.mitigations.filter(({ atomic }) => slugs.includes(atomic));
    const ids = new Set(cases.map(({ id }) => id));
    const rules = whole.rules.map((rule) => ({
      ...rule,
      firedIn: rule.firedIn.filter((id) => ids.has(id)),
      matches: rule.matches.filter((match) => match.case !== undefined && ids.has(match.case)),
    }));
    return {
      ...whole,
      run: { ...whole.run, shard: `${index}/2`, dealtFrom: order },
      ...{ cases, mitigations, rules },
      summary: summarize(cases, mitigations, rules),
    };
  };
  const all = order.map((_, at) => at);

  it('give the whole run, in its order', () => {
    const merged = mergeRuns([dealt(1, all.slice(5)), dealt(2, all.slice(0, 5))]);
    expect(merged).toEqual(withIdlesOf(2, whole));
  });

  it('are refused where no shard has a case, or where they were dealt from others', () => {
    expect(() => mergeRuns([dealt(1, all.slice(5)), dealt(2, all.slice(0, 4))])).toThrow(
      `in none of the shards: ${order[4]}`,
    );
    const other = dealt(2, all.slice(0, 5));
    const elsewhere = { ...other, run: { ...other.run, dealtFrom: order.toReversed() } };
    expect(() => mergeRuns([dealt(1, all.slice(5)), elsewhere])).toThrow('--durations');
  });

  it('keep what is missing missing', () => {
    const second = dealt(2, all.slice(0, 4));
    const interrupted = { ...second, run: { ...second.run, missing: [`${order[4]}+at-allow`] } };
    expect(mergeRuns([dealt(1, all.slice(5)), interrupted]).run.missing).toEqual([`${order[4]}+at-allow`]);
  });
});

it('takes a branch as proven that any shard has proven', () => {
  const branch = (name: string) => ({ branch: name, kind: 'alternative', place: `r.yml:${name}:1` });
  const withUnproven = (index: number, names: string[]): RunRecord => {
    const shard = shardOf(sampleRecord(), index, 2);
    const [rule, ...others] = shard.rules as [RunRecord['rules'][number], ...RunRecord['rules']];
    const branches = { total: 4, proven: 4 - names.length, unproven: names.map(branch) };
    return { ...shard, rules: [{ ...rule, branches }, ...others] };
  };
  const merged = mergeRuns([withUnproven(1, ['1', '2', '3']), withUnproven(2, ['2', '3', '4'])]);
  expect(merged.rules[0]?.branches).toEqual({ total: 4, proven: 2, unproven: [branch('2'), branch('3')] });
});

it('spans the times and names every kernel', () => {
  const [one, two] = [shardOf(sampleRecord(), 1, 2), shardOf(sampleRecord(), 2, 2)];
  two.run.startedAt = '2026-01-15T10:19:00Z';
  two.run.finishedAt = '2026-01-15T10:30:00.5Z';
  two.run.host = { kernel: '6.1.0', docker: one.run.host.docker, cpus: 8, memory: 1024 };
  expect(mergeRuns([one, two]).run).toMatchObject({
    startedAt: '2026-01-15T10:19:00Z',
    finishedAt: '2026-01-15T10:30:00.5Z',
    host: { kernel: '6.12.9, 6.1.0', docker: '28.1.0', cpus: 2, memory: 1024 },
    shard: null,
  });
});

it('merges whole runs whose cases differ', () => {
  const other = sampleRecord();
  other.cases = other.cases.map((each) => ({
    ...each,
    id: each.id.replace('debian12', 'alma9'),
    target: 'alma9',
  }));
  expect(mergeRuns([sampleRecord(), other]).cases).toHaveLength(20);
});

it.each<[string, (one: RunRecord, two: RunRecord) => RunRecord[]]>([
  ['merge/nothing', () => []],
  ['merge/missing-shard', (one) => [one]],
  ['merge/repeated-shard', (one) => [one, one]],
  ['merge/mixed', (one) => [one, sampleRecord()]],
  ['merge/other-shards', (one) => [one, shardOf(sampleRecord(), 2, 3)]],
  ['merge/different-runs', (one, two) => [one, { ...two, run: { ...two.run, harness: '0.2.0' } }]],
  ['merge/different-runs', (one, two) => [one, { ...two, run: { ...two.run, clock: 'real' } }]],
  ['merge/different-runs', (one, two) => [one, { ...two, run: { ...two.run, sensors: ['ebpf'] } }]],
  ['merge/different-runs', (one, two) => [one, { ...two, rules: bareRecord().rules }]],
  ['merge/repeated-case', () => [sampleRecord(), sampleRecord()]],
])('refuses with %s', (code, records) => {
  const shards = records(shardOf(sampleRecord(), 1, 2), shardOf(sampleRecord(), 2, 2));
  expect(() => mergeRuns(shards)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
});

it('names a few of the rules that not all runs have, and counts the others', () => {
  const [one, two] = [shardOf(sampleRecord(), 1, 2), shardOf(sampleRecord(), 2, 2)];
  const named = one.rules.slice(0, 3).map(({ id, file }) => `${file} (${id})`);
  expect(() => mergeRuns([one, { ...two, rules: [] }])).toThrow(
    `not in all: ${named.join(', ')} and ${one.rules.length - 3} more`,
  );
  expect(() => mergeRuns([one, { ...two, rules: two.rules.slice(1) }])).toThrow(`not in all: ${named[0]}`);
});

it('names of a thousand cases that were given twice no more than tell what is meant', () => {
  const { record } = manyOf(100);
  expect(() => mergeRuns([record, record])).toThrow(
    /^in more than one of the runs: (?:\S+, ){11}\S+ and 988 more$/,
  );
});

it('names every shard and every case that is missing or was given twice', () => {
  const shards = [1, 2, 3, 4].map((index) => shardOf(sampleRecord(), index, 4));
  const [one, two, three] = shards as [RunRecord, RunRecord, RunRecord, RunRecord];
  expect(() => mergeRuns([two])).toThrow('expected all 4 shards, each once; missing: 1/4, 3/4, 4/4');
  expect(() => mergeRuns([one, two, two, three, three, three])).toThrow(
    'given more than once: 2/4 (2 times), 3/4 (3 times); missing: 4/4',
  );
  const twice = inPlanOrder(one)
    .cases.map(({ id }) => id)
    .join(', ');
  const whole = sampleRecord();
  const part = { ...whole, cases: one.cases };
  expect(() => mergeRuns([whole, part])).toThrow(`in more than one of the runs: ${twice}`);
});
