// How verdicts and outcomes look: a sign and a tone, never a colour alone.

import type { CaseRecord, MitigationRecord } from '../../model/run-record.ts';
import type { Sight } from '../fired.ts';

export interface Look {
  readonly tone: 'good' | 'bad' | 'odd' | 'none';
  readonly sign: string;
}

interface Meant extends Look {
  readonly means: string;
}

export const looks = {
  verdicts: {
    pass: { tone: 'good', sign: '✓' },
    fail: { tone: 'bad', sign: '✗' },
    error: { tone: 'odd', sign: '!' },
    skip: { tone: 'none', sign: '–' },
  } satisfies Record<CaseRecord['verdict'], Look>,
  mitigations: {
    blocks: { tone: 'good', sign: '✓' },
    bypassed: { tone: 'bad', sign: '✗' },
    records: { tone: 'good', sign: '✎' },
    unrecorded: { tone: 'bad', sign: '✗' },
    overblocks: { tone: 'bad', sign: '✗' },
    invalid: { tone: 'odd', sign: '!' },
    errored: { tone: 'odd', sign: '!' },
    notClaimed: { tone: 'none', sign: '–' },
  } satisfies Record<MitigationRecord['verdict'], Look>,
  sights: {
    detected: { tone: 'good', sign: '✓', means: 'fired on an event of the atomic' },
    missed: { tone: 'bad', sign: '✗', means: 'expected, and did not fire' },
    unexpected: { tone: 'odd', sign: '+', means: 'fired, and was not expected to' },
    evaded: { tone: 'none', sign: '○', means: 'a documented miss' },
    'false positive': { tone: 'bad', sign: '‼', means: 'fired on a benign twin' },
    'cross-talk': { tone: 'odd', sign: '≈', means: 'fired there, and on nothing of the atomic' },
  } satisfies Record<Sight, Meant>,
} as const;
