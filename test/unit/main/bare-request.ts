// A request for a run as the command line makes it where no option is given.

import type { RunRequest } from '../../../harness/main/request.ts';

export const bareRequest: RunRequest = {
  selectors: [],
  targets: [],
  mitigations: { kind: 'declared' },
  atomics: [],
  rules: [],
  expect: [],
  given: {},
  getPrereqs: false,
  variants: { kind: 'none' },
  placeholders: {},
  placeholderFiles: [],
  sensors: [],
  clock: 'fast',
  jobs: null,
  shard: null,
  out: null,
};
