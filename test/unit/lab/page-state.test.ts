// What the page makes of what a run says: its own modules, which need no browser.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../harness/model/package-root.ts';

interface Case {
  readonly stages: readonly string[];
  readonly moments: readonly { readonly lane: string; readonly text: string }[];
  readonly unshown: number;
  readonly rules: ReadonlyMap<string, { readonly because: readonly unknown[] }>;
  readonly artifacts: ReadonlyMap<string, unknown>;
  readonly processes: ReadonlyMap<string, unknown>;
}
type Cases = Map<string, Case>;

const page = (name: string) => import(join(packageRoot, 'harness/lab/page', `${name}.js`));
const { take, keptMoments } = (await page('case-state')) as {
  take: (cases: Cases, fact: object) => Case | null;
  keptMoments: number;
};
const { processRows } = (await page('process-rows')) as {
  processRows: (of: Case['processes']) => { depth: number; commandLine: string; part?: string }[];
};
const { compared } = (await page('compare')) as {
  compared: (
    without: Case,
    under: Case,
  ) => { stage: string; without: string; under: string; parts: boolean }[];
};

const second = (at: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString();
const planned = (id: string, mitigation: string | null = null) => ({
  at: second(0),
  kind: 'case-planned',
  case: id,
  of: 'attack',
  title: 'An attack',
  technique: 'T1053.002',
  user: 'alice',
  target: 'debian12',
  mitigation,
});
const step = (id: string, exitCode: number, stderr = '') => ({
  at: second(3),
  kind: 'step',
  case: id,
  role: 'attack',
  user: 'alice',
  command: 'at now\n',
  exitCode,
  stdout: '',
  stderr,
  startedAt: second(2),
  ms: 1000,
});
const launched = (id: string) => ({
  at: second(5),
  kind: 'launched',
  case: id,
  of: 'attack',
  proof: { scheduler: 'atd', user: 'alice', commandLine: 'touch x' },
});
const event = (
  id: string,
  at: number,
  pid: number,
  parent: number,
  more: { role?: string; type?: string; file?: object } = {},
) => {
  const { role = 'attack', type = 'start', file } = more;
  return {
    at: second(9),
    kind: 'event',
    case: id,
    of: 'attack',
    role,
    sentence: `process ${pid}`,
    event: {
      '@timestamp': second(at),
      event: { id: `ebpf-${pid}`, category: [file ? 'file' : 'process'], type: [type], action: 'exec' },
      process: {
        entity_id: `${pid}`,
        pid,
        command_line: `cmd ${pid}`,
        parent: { entity_id: `${parent}`, pid: parent },
      },
      ...(file && { file }),
    },
  };
};

/** All of it taken in. */
function taken(...facts: readonly object[]): Cases {
  const cases: Cases = new Map();
  for (const fact of facts) take(cases, fact);
  return cases;
}
const only = (cases: Cases): Case => [...cases.values()][0] as Case;

describe('a case', () => {
  it('has its moments in the order of their times, whenever they are known', () => {
    const state = only(
      taken(planned('a'), step('a', 0), launched('a'), event('a', 4, 7, 1), event('a', 1, 6, 1)),
    );
    expect(state.moments.map(({ lane, text }) => `${lane} ${text}`)).toEqual([
      'attack process 6',
      'command at now',
      'attack process 7',
      'launched atd: touch x',
    ]);
  });

  it('grows a tree of processes, whichever is known first', () => {
    const { processes } = only(
      taken(
        planned('a'),
        event('a', 3, 3, 2, { role: 'payload' }),
        event('a', 2, 2, 1),
        event('a', 4, 4, 2),
        event('a', 5, 4, 2, { type: 'end' }),
      ),
    );
    expect(processRows(processes).map(({ depth, commandLine, part }) => [depth, commandLine, part])).toEqual([
      [0, 'cmd 2', undefined],
      [1, 'cmd 3', 'payload'],
      [1, 'cmd 4', undefined],
    ]);
  });

  it('keeps of a flood what a page can show, and counts the rest', () => {
    const flood = Array.from({ length: 1_000 }, (_, at) => event('a', 4, at + 10, 1));
    const state = only(taken(planned('a'), ...flood, launched('a')));
    expect([state.moments.length, state.unshown]).toEqual([keptMoments + 1, 1_000 - keptMoments]);
    expect(state.processes.size).toBeLessThan(1_000);
  });

  it('lights a rule once, with why, and puts it out where it did not match after all', () => {
    const matched = { at: second(4), kind: 'matched', case: 'a', rule: 'r', eventIds: ['ebpf-1'] };
    const because = [{ text: 'x', seen: [] }];
    const facts = [planned('a'), { ...matched, because }, { ...matched, eventIds: ['ebpf-2'] }];
    const state = only(taken(...facts));
    expect([...state.rules].map(([slug, rule]) => [slug, rule.because])).toEqual([['r', because]]);
    expect(state.moments.filter(({ lane }) => lane === 'rule').length).toBe(1);
    const withdrawn = { ...matched, kind: 'withdrawn' };
    expect(only(taken(...facts, withdrawn)).rules.size).toBe(0);
  });

  it('has the files that were written, and not those that were read', () => {
    const file = (path: string, type: string) => event('a', 4, 7, 1, { type, file: { path } });
    const state = only(taken(planned('a'), file('/etc/cron.d/x', 'creation'), file('/etc/passwd', 'access')));
    expect([...state.artifacts.keys()]).toEqual(['/etc/cron.d/x']);
  });

  it('that nobody has planned is of no concern', () => {
    expect(take(new Map(), step('b', 0))).toBeNull();
    expect(take(new Map(), { at: second(0), kind: 'note', message: 'x' })).toBeNull();
  });
});

describe('two cases side by side', () => {
  const finished = (id: string, observation: string) => ({
    at: second(9),
    kind: 'case-finished',
    case: id,
    observation,
    ms: 1,
  });
  const matched = { at: second(4), kind: 'matched', case: 'a', rule: 'r', eventIds: ['e'] };

  it.each([
    [
      'at submission',
      [step('b', 1, 'You do not have permission.\nmore'), finished('b', 'refused')],
      'Submission',
      'refused (exit 1): You do not have permission.',
    ],
    ['at the launch', [step('b', 0), finished('b', 'inert')], 'Launch', 'never launched'],
    ['nowhere', [step('b', 0), launched('b'), finished('b', 'executed')], undefined, undefined],
  ])('part %s', (_, facts, stage, under) => {
    const cases = taken(
      planned('a'),
      planned('b', 'm'),
      step('a', 0),
      launched('a'),
      matched,
      finished('a', 'executed'),
      ...facts,
    );
    const rows = compared(cases.get('a') as Case, cases.get('b') as Case);
    const parting = rows.filter(({ parts }) => parts);
    expect(parting.map((row) => [row.stage, row.under])).toEqual(stage ? [[stage, under]] : []);
    expect(rows.at(-1)).toMatchObject({ stage: 'Seen by', without: 'r', under: 'no rule', parts: false });
  });
});
