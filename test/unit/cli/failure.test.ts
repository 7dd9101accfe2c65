// Where clearing up failed as well, the user reads first what failed first, and the exit code is that one's.

import { expect, it, onTestFinished, vi } from 'vitest';
import { reportFailure } from '../../../harness/cli/failure.ts';
import { AtomclockError, exitCodes } from '../../../harness/model/errors.ts';
import { memoryIo } from './memory-io.ts';

const clearing = new AtomclockError('lab/second', 'not removed', { exitCode: exitCodes.labUnavailable });
const first = new AtomclockError('output/first', 'not written', { exitCode: exitCodes.badInput });

it('an error that another one suppressed is told before it', () => {
  const { stderr } = memoryIo();
  const error = new SuppressedError(clearing, first, 'An error was suppressed during disposal');
  expect(reportFailure(error, stderr, '9.9.9')).toBe(exitCodes.badInput);
  expect(stderr.text).toBe('error: not written [output/first]\nerror: not removed [lab/second]\n');
});

it('is told on a Node that knows no suppressed errors, too: that it is too old', () => {
  vi.stubGlobal('SuppressedError', undefined);
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const { stderr } = memoryIo();
  expect(reportFailure(first, stderr, '9.9.9')).toBe(exitCodes.badInput);
  expect(stderr.text).toBe('error: not written [output/first]\n');
});
