// Rules over a bare stream: events that are not in order of time, and what they prove of the rules.

import { describe, expect, it } from 'vitest';
import { judgeStream } from '../../../harness/engine/judge/judge-stream.ts';
import type { NumberedEvent } from '../../../harness/engine/judge/numbered-event.ts';
import { ruleBook } from '../../../harness/engine/judge/rule-book.ts';
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

async function* numbered(events: Iterable<object>): AsyncGenerator<Iterable<NumberedEvent>> {
  let line = 0;
  for (const event of events) yield [{ line: ++line, event }];
}

async function judge(query: string, events: Iterable<object>) {
  const { rules } = loadRules([{ file: 'query.eql', text: query }]);
  const book = ruleBook(rules, { unusable: [], bundled: new Set(), fields: 'ecs', sensorsFor: () => [] });
  const warnings: string[] = [];
  const record = await judgeStream(numbered(events), book, {
    file: 'events.ndjson',
    facts: () => facts,
    warn: (message) => warnings.push(message),
  });
  return {
    matches: record.rules.flatMap(({ matches }) => matches.map(({ eventIds }) => eventIds)),
    branches: record.rules[0]?.branches,
    warnings,
  };
}

const inOrder = 'sequence [process where true] [file where true]';

describe('judgeStream', () => {
  it('puts events in order of time for rules that look at several, whatever their order in the file', async () => {
    const latestFirst = [at(5, 'file'), at(4, 'network'), at(1, 'process')];
    expect(await judge(inOrder, latestFirst)).toMatchObject({ matches: [[3, 1]], warnings: [] });
    const untimed = [at(1, 'process'), { event: { category: 'file' } }, at(0, 'file')];
    expect(await judge(inOrder, untimed)).toMatchObject({ matches: [[1, 2]], warnings: [] });
  });

  it('leaves single events in the order of the file', async () => {
    const events = [at(5, 'file'), at(1, 'file')];
    expect(await judge('file where true', events)).toMatchObject({ matches: [[1], [2]], warnings: [] });
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

  it('tells which branches of a rule the events have proven', async () => {
    const named = (name: string, user = 'alice') => ({
      event: { category: 'process' },
      process: { name },
      user: { name: user },
    });
    const query = `process where process.name in ("at", "crontab") and not user.name in ("root", "deploy")`;
    const unproven = async (...events: object[]) =>
      (await judge(query, events)).branches?.unproven.map(({ branch }) => branch);
    expect(await unproven()).toHaveLength(4);
    expect(await unproven(named('at'), named('ls', 'root'), named('at', 'deploy'))).toEqual([
      expect.stringContaining('crontab'),
      expect.stringContaining('root'),
    ]);
  });

  it('tells the branches of all events of a sequence, when they are not too far apart', async () => {
    const query = 'sequence by user.id [process where event.action in ("exec", "fork")] [file where true]';
    const alices = (category: string, action: string) => ({ event: { category, action }, user: { id: 1 } });
    const others = (count: number) =>
      Array<object>(count).fill({ event: { category: 'process', action: 'fork' }, user: { id: 2 } });
    const apart = (count: number) =>
      judge(query, [alices('process', 'exec'), ...others(count), alices('file', 'creation')]);
    const near = await apart(100);
    expect(near).toMatchObject({ matches: [[1, 102]], branches: { total: 2, proven: 1 } });
    const far = await apart(1000);
    expect(far).toMatchObject({ matches: [[1, 1002]], branches: { total: 2, proven: 0 } });
  });
});
