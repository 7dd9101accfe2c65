// Values that a run gives to arguments: who takes them, and what is said of a name that nobody has.

import { describe, expect, it } from 'vitest';
import { attackPayload } from '../../../harness/engine/proof/payload.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { planCases } from '../../../harness/engine/run/plan.ts';
import { withArguments } from '../../../harness/model/argument.ts';
import type { Atomic } from '../../../harness/model/atomic.ts';
import { AtomclockError } from '../../../harness/model/errors.ts';
import { anAtomic } from '../engine/content.ts';

const input = (value: string) => ({ description: 'd', type: 'string', default: value });
const cron = anAtomic({
  guid: 'a',
  slug: 'cron',
  inputs: { command: input('id'), path: input('/etc/cron.d/a') },
});
const at = anAtomic({ guid: 'b', slug: 'at', inputs: { command: input('id'), queue: input('a') } });
const bare = anAtomic({ guid: 'c', slug: 'bare', inputs: {} });

const defaults = ({ inputs }: Atomic) =>
  Object.fromEntries(Object.entries(inputs).map(([name, one]) => [name, one.default]));

it('gives values to the atomics that have the argument, and leaves the others as they are', () => {
  const given = withArguments([cron, at, bare], { path: '/etc/cron.d/b', queue: '' });
  expect(given.map(({ atomic }) => defaults(atomic))).toEqual([
    { command: 'id', path: '/etc/cron.d/b' },
    { command: 'id', queue: '' },
    {},
  ]);
  expect(given.map((one) => one.given)).toEqual([{ path: '/etc/cron.d/b' }, { queue: '' }, {}]);
  expect(given[2]?.atomic).toBe(bare);
});

describe('a name that nobody has', () => {
  const refusal = (atomics: Atomic[], name: string) => {
    try {
      withArguments(atomics, { [name]: '1' });
    } catch (error) {
      if (error instanceof AtomclockError) return error;
    }
    throw new TypeError('nothing was refused');
  };

  it.each([
    ['pth', [cron, at], 'none of the 2 selected atomics has an input argument pth', 'Did you mean path?'],
    [
      'nothing-like-it',
      [at],
      `at (${at.source}) has no input argument nothing-like-it`,
      'Arguments: command, queue.',
    ],
    ['constructor', [at, bare], 'none of the 2 selected atomics has', 'Arguments: command, queue.'],
    [
      'path',
      [bare],
      `bare (${bare.source}) has no input argument path`,
      'They have no input arguments at all.',
    ],
  ])('%s is refused with those that there are', (name, atomics, message, hint) => {
    const { code, exitCode, message: said, hint: help } = refusal(atomics, name);
    expect({ code, exitCode, help }).toEqual({ code: 'run/unknown-argument', exitCode: 2, help: hint });
    expect(said).toContain(message);
  });
});

it('is kept with the case; a payload of the user is not looked for by a marker of ours', () => {
  const evidenceOf = (given: Record<string, string>) => {
    const [one] = withArguments([cron], given);
    const [, planned] = planCases({
      atomics: [one?.atomic ?? cron],
      given: new Map([['a', one?.given ?? {}]]),
      expectations: new Map(),
      targets: ['debian12'],
      families: new Map(),
      mitigations: [],
      mitigationMode: 'none',
      shard: null,
    });
    const evidence = blankEvidence(planned as never, () => 'c0ffee');
    return [attackPayload(evidence).nonce, evidence.kind === 'idle' ? null : evidence.given];
  };
  expect(evidenceOf({})).toEqual(['c0ffee', undefined]);
  expect(evidenceOf({ path: '/x' })).toEqual(['c0ffee', { path: '/x' }]);
  expect(evidenceOf({ command: 'touch /x' })).toEqual([null, { command: 'touch /x' }]);
});
