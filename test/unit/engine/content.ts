// Atomics, expectations, mitigations and the facts of a run for tests of the engine: complete, and no more than a test asks for.

import type { RunFacts } from '../../../harness/engine/judge/run-judge.ts';
import type { Atomic } from '../../../harness/model/atomic.ts';
import { type Expectation, expectationSchema } from '../../../harness/model/expectation.ts';
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

export const anExpectation = (over: Partial<Expectation>): Expectation =>
  expectationSchema.parse({ slug: 'atomic', ...over });

export const aMitigation = ({
  id,
  stops,
  stage = 'submission',
}: {
  id: string;
  stops: string[];
  stage?: 'submission' | 'execution';
}): Mitigation =>
  mitigationSchema.parse({
    id,
    name: id,
    description: 'Stops it.',
    attack: 'M1018',
    apply: { command: 'true' },
    stops: stops.map((atomic) => ({ atomic, stage, reason: 'not allowed' })),
    legitimate: [{ name: 'root still schedules', command: '#{command}' }],
  });

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
