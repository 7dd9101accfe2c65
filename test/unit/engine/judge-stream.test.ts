// Rules over a bare stream: events that are not in order of time.

import { describe, expect, it } from 'vitest';
import { judgeStream, type NumberedEvent } from '../../../harness/engine/judge-stream.ts';
import { ruleBook } from '../../../harness/engine/rule-book.ts';
import { loadRules } from '../../../harness/rules/index.ts';

const facts = {
  id: 'replay',
  startedAt: '2024-01-01T00:00:00.000Z',
  finishedAt: '2024-01-01T00:00:00.000Z',
  harness: '0.0.0',
  host: { kernel: '', docker: '', cpus: 0, memory: 0 },
  sensors: [],
  clock: 'real' as const,
  shard: null,
};

const at = (second: number, category: string): object => ({
  '@timestamp': new Date(second * 1000).toISOString(),
  event: { category },
});

async function* numbered(events: Iterable<object>): AsyncGenerator<NumberedEvent> {
  let line = 0;
  for (const event of events) yield { line: ++line, event };
}

async function judge(query: string, events: Iterable<object>) {
  const { rules } = loadRules([{ file: 'query.eql', text: query }]);
  const book = ruleBook(rules, { unusable: [], bundled: new Set(), fields: 'ecs', sensorsFor: () => [] });
  const warnings: string[] = [];
  const record = await judgeStream(numbered(events), book, {
    facts: () => facts,
    warn: (message) => warnings.push(message),
  });
  return {
    matches: record.rules.flatMap(({ matches }) => matches.map(({ eventIds }) => eventIds)),
    warnings,
  };
}

const inOrder = 'sequence [process where true] [file where true]';

describe('judgeStream', () => {
  it('puts events in order of time for rules that look at several, whatever their order in the file', async () => {
    const latestFirst = [at(5, 'file'), at(4, 'network'), at(1, 'process')];
    expect(await judge(inOrder, latestFirst)).toEqual({ matches: [[3, 1]], warnings: [] });
    expect(await judge(inOrder, [at(1, 'process'), { event: { category: 'file' } }, at(0, 'file')])).toEqual({
      matches: [[1, 2]],
      warnings: [],
    });
  });

  it('leaves single events in the order of the file', async () => {
    const events = [at(5, 'file'), at(1, 'file')];
    expect(await judge('file where true', events)).toEqual({ matches: [[1], [2]], warnings: [] });
  });

  it('takes a long stream as it comes, and says so', async () => {
    const long = function* () {
      yield at(90_000, 'file');
      for (let second = 0; second < 25_000; second++) yield at(second, 'network');
      yield at(80_000, 'process');
    };
    const { matches, warnings } = await judge(inOrder, long());
    expect(matches).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^1 events came after later ones: sort them by time/)]);
  });
});
