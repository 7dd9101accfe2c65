// Matchers for Vitest: `expect(await detonate('at-stdin')).toFire('my-rule')`. Importing this file registers them.

import { expect, TestRunner } from 'vitest';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { detonate as detonateOne, detonateAll as detonateSeveral } from './detonate.ts';
import { Detonation } from './detonation.ts';
import type { Detonations } from './detonations.ts';
import { executes, fires, isBlockedBy, isInert, isRecordedBy, isSeen, type Judgement } from './judgements.ts';
import type { DetonateOptions, RecordedOptions } from './options.ts';
import { recorded as judgeRecorded } from './recorded.ts';
import { withHint } from './with-hint.ts';

export { Detonation } from './detonation.ts';
export { Detonations } from './detonations.ts';
export type { DetonateOptions, RecordedOptions } from './options.ts';

declare module 'vitest' {
  // The name, the parameters and their defaults are Vitest's: only the same ones merge.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** A real scheduler launched the payload. */
    toExecute(): R;
    /** The commands succeeded, and the payload was never launched. */
    toBeInert(): R;
    /** The rule (its slug or id) fired on events of the attack itself. */
    toFire(rule: string): R;
    /** Some rule fired on events of the attack itself. */
    toBeSeen(): R;
    /** Executed without the mitigation, not under it, for the mitigation's own reason; legitimate use still works. */
    toBeBlockedBy(mitigation: string): R;
    /** The log of the machine has it under the mitigation, as that says, and not without it; legitimate use still works. */
    toBeRecordedBy(mitigation: string): R;
  }
}

/**
 * Runs one attack in a container of its own; see `detonate` of this package. Ends with the test that called it, also by
 * a time limit: what was started is removed then. Tests that run beside each other, and hooks, give a `signal` instead.
 *
 * ```js
 * test('at jobs are seen', async () => {
 *   expect(await detonate('at-stdin', { rules: 'rules/' })).toFire('my-rule');
 * }, 120_000);
 * ```
 */
export const detonate = (atomic: string, options: DetonateOptions = {}): Promise<Detonation> =>
  withHint(() => withinTest((signal) => detonateOne(atomic, signal), options));

/** Runs several attacks in one run, for a `beforeAll`; otherwise as `detonate`. */
export const detonateAll = (
  selectors: readonly string[],
  options: DetonateOptions = {},
): Promise<Detonations> => withHint(() => withinTest((own) => detonateSeveral(selectors, own), options));

/** Judges a recorded run again, without Docker; see `recorded` of this package. */
export const recorded = (folder: string, options: RecordedOptions = {}): Promise<Detonations> =>
  withHint(() => judgeRecorded(folder, options));

/** Work that is given up with the test that it is for, which then ends when nothing of it is left. */
function withinTest<Result>(
  work: (options: DetonateOptions) => Promise<Result>,
  options: DetonateOptions,
): Promise<Result> {
  const test = TestRunner.getCurrentTest();
  // Of tests that run beside each other Vitest does not tell which one calls.
  if (!test || test.concurrent) return work(options);
  const { signal, onTestFinished } = test.context;
  const signals = options.signal ? [signal, options.signal] : [signal];
  const result = work({ ...options, signal: AbortSignal.any(signals) });
  onTestFinished(
    () =>
      result.then(
        () => {},
        () => {},
      ),
    clearingMs,
  );
  return result;
}

/** As long as an interrupted run may take to remove what it started, on a slow machine. */
const clearingMs = 60_000;

expect.extend({
  toExecute: matcher('to execute', executes),
  toBeInert: matcher('to be inert', isInert),
  toFire: matcher('to fire', fires),
  toBeSeen: matcher('to be seen', isSeen),
  toBeBlockedBy: matcher('to be blocked by', isBlockedBy),
  toBeRecordedBy: matcher('to be recorded by', isRecordedBy),
});

/** A claim as Vitest asks for it: what cannot be told fails, and its contrary too. */
function matcher<Arguments extends string[]>(
  claim: string,
  judge: (detonation: Detonation, ...given: Arguments) => Judgement,
) {
  return function (this: { readonly isNot: boolean }, received: unknown, ...given: Arguments) {
    const detonation = detonationFrom(received);
    const { holds, seen, why } = judge(detonation, ...given);
    const wanted = ['expected', detonation.case.id, ...(this.isNot ? ['not'] : []), claim, ...given].join(
      ' ',
    );
    return {
      pass: holds ?? this.isNot,
      message: () => [wanted, seen, ...why.map(indented)].join('\n'),
    };
  };
}

const indented = (text: string): string => text.replace(/^/gm, '  ');

function detonationFrom(received: unknown): Detonation {
  if (received instanceof Detonation) return received;
  const got = received instanceof Promise ? 'a promise: await it' : `${received}`;
  throw new AtomclockError(
    'library/no-detonation',
    `expected what detonate(…) or recorded(…).case(…) resolves to, got ${got}`,
    { exitCode: exitCodes.badInput },
  );
}
