// Progress: plain lines for logs; on a terminal, live rows that are taken back before anything else is written.

import { expect, it } from 'vitest';
import { showProgress } from '../../../harness/cli/progress.ts';
import type { ProgressEvent } from '../../../harness/engine/progress.ts';
import { memoryIo } from './memory-io.ts';

const finished = (
  id: string,
  changes: Partial<ProgressEvent & { kind: 'finished' }> = {},
): ProgressEvent => ({
  kind: 'finished',
  case: id,
  observation: 'executed',
  verdict: 'pass',
  reasons: [],
  ms: 1520,
  ...changes,
});

const events: ProgressEvent[] = [
  { kind: 'note', message: 'building the image' },
  { kind: 'planned', cases: ['a', 'b', 'c'] },
  { kind: 'started', case: 'a' },
  { kind: 'started', case: 'b' },
  { kind: 'phase', case: 'a', phase: 'waiting for proof' },
  finished('a'),
  finished('b', { verdict: 'fail', observation: 'inert', reasons: ['not executable\u001b[2J', 'never ran'] }),
  finished('c', { verdict: null, observation: 'refused' }),
];

it('writes one line for each finished case where there is no terminal', () => {
  const { stderr, stdout, env } = memoryIo();
  {
    using progress = showProgress({ stderr, env });
    events.forEach(progress.show);
  }
  expect(stderr.text.split('\n')).toEqual([
    'building the image',
    '[1/3] pass      a  executed  1.5 s',
    '[2/3] fail      b  inert  1.5 s  not executable\\x1b[2J; never ran',
    '[3/3] refused   c  1.5 s',
    '',
  ]);
  expect(stdout.text).toBe('');
});

it('redraws active cases on a terminal and leaves only finished lines', () => {
  const { stderr, env } = memoryIo({ stderr: { isTty: true, columns: 24 } });
  {
    using progress = showProgress({ stderr, env });
    events.forEach(progress.show);
    progress.show({ kind: 'started', case: 'd' });
  }
  expect(screen(stderr.text)).toEqual([
    'building the image',
    '[1/3] pass      a  executed  1.5 s',
    '[2/3] fail      b  inert  1.5 s  not executable\\x1b[2J; never ran',
    '[3/3] refused   c  1.5 s',
  ]);
  expect(stderr.text).toContain('      a  waiting for p…\n');
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
