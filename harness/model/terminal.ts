// A person at a terminal in a target, as an atomic of its own: what is typed there is the attack.

import type { Atomic } from './atomic.ts';

/** Stands where an atomic names the shell that runs its commands. */
const executorName = 'terminal';

/** Nothing of it is known before it is typed: it is judged as an atomic of somebody else's. */
export const terminalAtomic: Atomic = {
  guid: '7c1d6a52-3f0e-4b8e-9a35-5d1f0b1c7e64',
  slug: 'shell',
  name: 'A person at a terminal',
  description: 'Whatever is typed there is the attack.',
  technique: 'T1053',
  source: 'terminal',
  kind: 'attack',
  tags: [],
  foreign: true,
  platforms: ['linux'],
  inputs: {},
  dependencies: [],
  dependencyExecutor: 'sh',
  executor: { name: executorName, elevationRequired: false, command: '', cleanup: null },
  unsupported: null,
};

export const isTerminal = ({ executor }: Pick<Atomic, 'executor'>): boolean => executor.name === executorName;
