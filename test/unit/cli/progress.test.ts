// Progress: plain lines for logs; on a terminal, live rows that are taken back before anything else is written.

import { expect, it } from 'vitest';
import { showProgress } from '../../../harness/cli/progress.ts';
import type { RunFact } from '../../../harness/model/run-event.ts';
import { memoryIo } from './memory-io.ts';

const at = '2026-01-01T00:00:00.000Z';
const planned = (id: string, of: 'attack' | 'idle' = 'attack'): RunFact => ({
  kind: 'case-planned',
  case: id,
  of,
  title: 'a title',
  technique: null,
  user: 'root',
  target: 't',
  mitigation: null,
});
const finished = (
  id: string,
  observation: (RunFact & { kind: 'case-finished' })['observation'] = 'executed',
): RunFact => ({ kind: 'case-finished', case: id, observation, ms: 1520 });

const events = (
  [
    { kind: 'note', message: 'building the image' },
    { kind: 'run-started', run: 'r', folder: 'f', sensors: [], clock: 'fast', cases: 4 },
    planned('idle', 'idle'),
    planned('a'),
    planned('b'),
    planned('c'),
    { kind: 'case-started', case: 'idle' },
    finished('idle', null),
    { kind: 'case-started', case: 'a' },
    { kind: 'case-started', case: 'b' },
    { kind: 'phase', case: 'a', phase: 'wait' },
    finished('c', 'refused'),
    finished('a'),
    { kind: 'case-judged', case: 'a', verdict: 'pass', reasons: [] },
    finished('b', 'inert'),
    { kind: 'case-judged', case: 'b', verdict: 'fail', reasons: ['not executable\u001b[2J', 'never ran'] },
    { kind: 'case-judged', case: 'c', verdict: 'pass', reasons: ['it was refused'] },
    { kind: 'case-judged', case: 'never run here', verdict: 'error', reasons: [] },
  ] satisfies RunFact[]
).map((fact) => ({ at, ...fact }));

const lines = [
  'building the image',
  '[1/4] done      idle  1.5 s',
  '[2/4] pass      a  executed  1.5 s',
  '[3/4] fail      b  inert  1.5 s  not executable\\x1b[2J; never ran',
  '[4/4] pass      c  refused  1.5 s',
];

it('writes one line for each finished case where there is no terminal', () => {
  const { stderr, stdout, env } = memoryIo();
  {
    using progress = showProgress({ stderr, env });
    events.forEach(progress.show);
  }
  expect(stderr.text.split('\n')).toEqual([...lines, '']);
  expect(stdout.text).toBe('');
});

it('redraws active cases on a terminal and leaves only finished lines', () => {
  const { stderr, env } = memoryIo({ stderr: { isTty: true, columns: 24 } });
  {
    using progress = showProgress({ stderr, env });
    events.forEach(progress.show);
    progress.show({ at, kind: 'case-started', case: 'd' });
  }
  expect(screen(stderr.text)).toEqual(lines);
  expect(stderr.text).toContain('      a  waiting for p…\n');
});

const many = Array.from({ length: 30 }, (_, at) => `c${at}`);
const longRun = [
  { kind: 'run-started', run: 'r', folder: 'f', sensors: [], clock: 'fast', cases: many.length } as const,
  ...many.map((id) => planned(id)),
  ...many.flatMap((id): RunFact[] => [
    { kind: 'case-started', case: id },
    finished(id),
    { kind: 'case-judged', case: id, verdict: 'pass', reasons: [] },
  ]),
].map((fact) => ({ at, ...fact }));

it('says in a log now and then how long the rest takes', () => {
  const { stderr, env } = memoryIo();
  using progress = showProgress({ stderr, env });
  longRun.forEach(progress.show);
  const told = stderr.text.split('\n').filter((line) => line.includes(' left'));
  expect(told).toEqual(['      25 of 30 cases, less than a minute left']);
});

it('says it below the active cases on a terminal, and leaves nothing of it', () => {
  const { stderr, env } = memoryIo({ stderr: { isTty: true, columns: 80 } });
  {
    using progress = showProgress({ stderr, env });
    longRun.slice(0, -1).forEach(progress.show);
    progress.show({ at, kind: 'case-started', case: 'd' });
  }
  expect(stderr.text).toContain('      29 of 30 cases, less than a minute left\n');
  expect(screen(stderr.text).filter((line) => line.includes(' left'))).toEqual([]);
});

it('does not redraw on a terminal that cannot', () => {
  const { stderr } = memoryIo({ stderr: { isTty: true } });
  const progress = showProgress({ stderr, env: { TERM: 'dumb' } });
  events.forEach(progress.show);
  expect(stderr.text).not.toContain('\u001b');
});

/** What a terminal shows after the text: lines, and `up n, clear below`. */
function screen(text: string): string[] {
  const lines: string[] = [];
  for (const part of text.split('\u001b[')) {
    const up = /^(\d+)A$/.exec(part);
    if (up) lines.splice(lines.length - Number(up[1]));
    else lines.push(...part.replace(/^J/, '').split('\n').slice(0, -1));
  }
  return lines;
}
