// Sequences, samples and pipes the way Elasticsearch runs them: whole lists, one stage after the other, no streaming.

import type { JoinKey, Pipe, SampleQuery, SequenceQuery } from '../../../../harness/rules/rule.ts';
import { passesFilter, type TimedEvent } from './interpret.ts';

/** Handles of every sequence in the events, which are in order of time. */
export function sequencesIn(query: SequenceQuery, events: readonly TimedEvent[]): number[][] {
  const stages = query.stages.flatMap((stage) =>
    Array<typeof stage>(stage.missing ? 1 : stage.runs).fill(stage),
  );
  const hits = stages.map((stage) => hitsOf(stage, events));
  const untils = query.until ? hitsOf(query.until, events) : [];
  const span = query.maxSpanMs ?? Number.POSITIVE_INFINITY;
  const positives = [...stages.keys()].filter((index) => !stages[index]?.missing);

  // Every positive stage consumes the partial sequences of the one before.
  let partials: Hit[][] = (hits[positives[0] ?? 0] ?? []).map((hit) => [hit]);
  for (const index of positives.slice(1)) {
    const advanced: Hit[][] = [];
    for (const hit of hits[index] ?? []) {
      const earlier = partials.filter((partial) => keyOf(partial) === hit.key && order(partial) < hit.order);
      const latest = earlier.toSorted((a, b) => order(b) - order(a))[0];
      if (latest === undefined) continue;
      partials = partials.filter((partial) => !earlier.includes(partial));
      const expired = untils.some(
        (until) => until.key === hit.key && until.order >= order(latest) && until.order < hit.order,
      );
      if (!expired && hit.timeMs - (latest[0]?.timeMs ?? 0) <= span) advanced.push([...latest, hit]);
    }
    partials = advanced;
  }

  return partials
    .filter((sequence) =>
      nothingMissed(
        stages.map(({ missing }) => missing),
        hits,
        sequence,
        span,
        events.at(-1)?.timestampMs ?? 0,
      ),
    )
    .map((sequence) => sequence.map(({ handle }) => handle));
}

/** Handles of every sample, in order of their keys (text; an absent one first). */
export function samplesIn(query: SampleQuery, events: readonly TimedEvent[]): number[][] {
  const hits = query.stages.map((stage) => hitsOf(stage, events));
  const keys = [...new Set(hits.flat().map(({ key }) => key))].sort((a, b) => {
    const [left, right] = [a.replaceAll('null', ' '), b.replaceAll('null', ' ')];
    return left < right ? -1 : left > right ? 1 : 0;
  });
  const samples = keys.map((key) =>
    distinct(
      hits.map((list) => list.filter((hit) => hit.key === key).slice(0, hits.length)),
      [],
    ),
  );
  return samples.filter((sample) => sample !== undefined);
}

/** What `head` and `tail` leave of a list. */
export function piped<T>(pipes: readonly Pipe[], list: readonly T[]): readonly T[] {
  return pipes.reduce(
    (rest, { kind, count }) =>
      kind === 'head' ? rest.slice(0, count) : count === 0 ? [] : rest.slice(-count),
    list,
  );
}

interface Hit {
  readonly key: string;
  readonly order: number;
  readonly timeMs: number;
  readonly handle: number;
}

const keyOf = (partial: readonly Hit[]): string | undefined => partial[0]?.key;
const order = (partial: readonly Hit[]): number => partial.at(-1)?.order ?? 0;

function hitsOf(
  stage: Parameters<typeof passesFilter>[0] & { readonly by: readonly JoinKey[] },
  events: readonly TimedEvent[],
): Hit[] {
  return events.flatMap(({ event, handle, timestampMs }, position) => {
    if (!passesFilter(stage, event)) return [];
    const keys = stage.by.reduce<unknown[][]>(
      (rows, { field, optional }) => {
        const held = [(event as Record<string, unknown>)[field] ?? []].flat();
        const values = held.length === 0 && optional ? [null] : held;
        return rows.flatMap((row) => values.map((value) => [...row, value]));
      },
      [[]],
    );
    return keys.map((key) => ({
      key: JSON.stringify(key),
      order: position,
      timeMs: timestampMs,
      handle,
    }));
  });
}

/** Elasticsearch's check of `![…]` once the positive stages are found. */
function nothingMissed(
  missing: readonly boolean[],
  hits: readonly (readonly Hit[])[],
  sequence: readonly Hit[],
  span: number,
  endMs: number,
): boolean {
  const [first, last] = [sequence[0], sequence.at(-1)];
  if (first === undefined || last === undefined) return false;
  const leading: number[] = [];
  const trailing: number[] = [];
  let seen = 0;
  for (const [index, isMissing] of missing.entries()) {
    if (!isMissing) {
      seen += 1;
      continue;
    }
    const times = (hits[index] ?? []).filter(({ key }) => key === first.key).map(({ timeMs }) => timeMs);
    if (seen === 0) leading.push(...times.filter((time) => time < first.timeMs));
    else if (seen === sequence.length) trailing.push(...times.filter((time) => time > last.timeMs));
    else if (
      times.some((time) => time > (sequence[seen - 1]?.timeMs ?? 0) && time < (sequence[seen]?.timeMs ?? 0))
    )
      return false;
  }
  const before = Math.max(...leading);
  // A window that is still open when the stream ends may yet see the event.
  const after = Math.min(...trailing, endMs);
  const [leads, trails] = [missing[0] === true, missing.at(-1) === true];
  if (leads && leading.length === 0) return true;
  if (leads && trails) return after - before > span;
  if (leads) return last.timeMs - before > span;
  if (trails) return after - first.timeMs > span;
  return true;
}

function distinct(lists: readonly (readonly Hit[])[], chosen: readonly number[]): number[] | undefined {
  const list = lists[chosen.length];
  if (list === undefined) return [...chosen];
  for (const { handle } of list) {
    if (chosen.includes(handle)) continue;
    const sample = distinct(lists, [...chosen, handle]);
    if (sample !== undefined) return sample;
  }
  return undefined;
}
