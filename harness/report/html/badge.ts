// How verdicts and outcomes look: a sign and a tone, never a colour alone.

import type { CaseRecord, MitigationRecord } from '../../model/run-record.ts';
import type { Sight } from '../fired.ts';

export interface Look {
  readonly tone: 'good' | 'bad' | 'odd' | 'none';
  readonly sign: string;
}

export interface Meant extends Look {
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
    blocks: { tone: 'good', sign: '✓', means: 'stopped for its own reason, and legitimate use works' },
    bypassed: { tone: 'bad', sign: '✗', means: 'executed, though it claims to stop it' },
    records: { tone: 'good', sign: '✎', means: 'put on record, and legitimate use works' },
    unrecorded: { tone: 'bad', sign: '✗', means: 'not put on record, though it claims to be' },
    overblocks: { tone: 'bad', sign: '⊘', means: 'stopped, and so is legitimate use' },
    invalid: { tone: 'odd', sign: '!', means: 'the comparison proves nothing, or is not as declared' },
    errored: { tone: 'odd', sign: '?', means: 'cannot be told' },
    notClaimed: { tone: 'none', sign: '–', means: 'executed, and it does not claim to stop it' },
    stopped: { tone: 'none', sign: '▪', means: 'did not run, though it does not claim to stop it' },
  } satisfies Record<MitigationRecord['verdict'] | 'stopped', Meant>,
  sights: {
    detected: { tone: 'good', sign: '✓', means: 'fired on an event of the atomic' },
    missed: { tone: 'bad', sign: '✗', means: 'expected, and did not fire' },
    unexpected: { tone: 'odd', sign: '+', means: 'fired, and was not expected to' },
    evaded: { tone: 'none', sign: '○', means: 'a documented miss' },
    'false positive': { tone: 'bad', sign: '‼', means: 'fired on a benign twin' },
    'cross-talk': { tone: 'odd', sign: '≈', means: 'fired there, and on nothing of the atomic' },
  } satisfies Record<Sight, Meant>,
} as const;

/** What a treated case looks like beside others: of what nobody claims, whether it ran is all that there is to see. */
export const mitigationLook = ({
  verdict,
  control,
  treated,
}: Pick<MitigationRecord, 'verdict' | 'control' | 'treated'>): keyof typeof looks.mitigations => {
  const ran = control !== 'executed' || treated === null || ['executed', 'errored'].includes(treated);
  return verdict === 'notClaimed' && !ran ? 'stopped' : verdict;
};
