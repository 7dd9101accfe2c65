// Atomics, expectations, mitigations and the facts of a run for tests of the engine: complete, and no more than a test asks for.

import type { RunFacts } from '../../../harness/engine/judge/run-judge.ts';
import type { PlannedProcedure } from '../../../harness/engine/run/plan.ts';
import type { Atomic } from '../../../harness/model/atomic.ts';
import { formatCaseKey } from '../../../harness/model/case-key.ts';
import { type WrittenExpectation, writtenExpectationSchema } from '../../../harness/model/expectation.ts';
import { type Mitigation, mitigationSchema } from '../../../harness/model/mitigation.ts';

export const anAtomic = ({
  elevationRequired = false,
  command = 'do it',
  ...over
}: Partial<Atomic> & { elevationRequired?: boolean; command?: string }): Atomic => ({
  guid: '00000000-0000-4000-8000-000000000000',
  slug: 'atomic',
  name: 'An atomic',
  description: 'Does it.',
  technique: 'T1053.003',
  source: 'atomics/T1053.003/T1053.003.yaml',
  kind: 'attack',
  tags: [],
  foreign: false,
  platforms: ['linux'],
  inputs: { command: { description: 'What to run', type: 'string', default: 'touch /tmp/atomclock-marker' } },
  dependencies: [],
  dependencyExecutor: 'sh',
  executor: { name: 'sh', elevationRequired, command, cleanup: null },
  unsupported: null,
  ...over,
});

export const anExpectation = (over: Partial<WrittenExpectation>): WrittenExpectation =>
  writtenExpectationSchema.parse({ slug: 'atomic', ...over });

export const aMitigation = ({
  id,
  stops,
  stage = 'submission',
  attack = 'M1018',
  reason = 'not allowed',
}: {
  id: string;
  stops: string[];
  stage?: 'submission' | 'execution';
  attack?: string;
  reason?: string;
}): Mitigation =>
  mitigationSchema.parse({
    id,
    name: id,
    description: 'Stops it.',
    attack,
    apply: { command: 'true' },
    stops: stops.map((atomic) => ({ atomic, stage, reason })),
    legitimate: [{ name: 'root still schedules', command: '#{command}' }],
  });

/** An attack on debian12, as it is and without mitigations unless more is asked for; its id is that of its key. */
export function aPlannedCase(over: Partial<PlannedProcedure>): PlannedProcedure {
  const { atomic = anAtomic({}), variant = null, target = 'debian12', mitigations = [] } = over;
  const key = {
    atomic: atomic.slug,
    variant: variant?.axes ?? {},
    target,
    mitigations: mitigations.map(({ id }) => id),
  };
  return {
    kind: 'attack',
    id: formatCaseKey(key),
    key,
    atomic,
    variant,
    expectation: null,
    target,
    mitigations,
    user: 'root',
    needsUserManager: false,
    skipped: null,
    ...over,
  };
}

export const runFacts: RunFacts = {
  id: 'test',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:01Z',
  harness: '0.1.0',
  host: { kernel: '6.18', docker: '20.10', cpus: 2, memory: 1 },
  sensors: ['ebpf'],
  clock: 'fast',
  shard: null,
};
