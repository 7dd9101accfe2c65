// What cron said of a table before it was changed again is no reason any more: its next look is about what is there now.

import { describe, expect, it } from 'vitest';
import { withoutOutdated } from '../../../harness/engine/proof/inert-reasons.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';

const at = (second: number): string => `2026-11-28T10:00:0${second}.000Z`;

const refusal = (second: number, job: { user: string } | { file: string }): EcsEvent => ({
  '@timestamp': at(second),
  message: '(alice) INSECURE MODE (mode 0600 expected) (crontabs/alice)',
  event: {
    id: `refusal-${second}`,
    kind: 'event',
    category: [],
    type: [],
    action: 'cron-refused',
    outcome: 'failure',
  },
  atomclock: { sensor: 'journal', job: { scheduler: 'cron', ...job } },
});

const orphaned = (second: number, user: string): EcsEvent => {
  const { event, ...rest } = refusal(second, { user });
  return {
    ...rest,
    message: `(${user}) ORPHAN (no passwd entry)`,
    event: { ...event, id: `orphan-${second}`, action: 'cron-orphan' },
  };
};

const change = (second: number, path: string, action = 'permissions'): EcsEvent => ({
  '@timestamp': at(second),
  event: { id: `change-${second}`, kind: 'event', category: ['file'], type: [], action, outcome: 'success' },
  file: { path },
  atomclock: { sensor: 'ebpf' },
});

const table = '/var/spool/cron/crontabs/alice';

describe('what cron refused', () => {
  it.each<[string, EcsEvent[], string[]]>([
    ['stands', [change(1, table), refusal(2, { user: 'alice' })], ['change-1', 'refusal-2']],
    ['is outdated by its mode', [refusal(1, { user: 'alice' }), change(2, table)], ['change-2']],
    [
      'is outdated by another file in its place',
      [refusal(1, { file: '/etc/cron.d/job' }), change(2, '/etc/cron.d/job', 'rename')],
      ['change-2'],
    ],
    [
      'stands when another table is changed',
      [refusal(1, { user: 'alice' }), change(2, '/var/spool/cron/crontabs/bob')],
      ['refusal-1', 'change-2'],
    ],
    [
      'stands when the table is only read or removed',
      [refusal(1, { user: 'alice' }), change(2, table, 'open'), change(3, table, 'deletion')],
      ['refusal-1', 'change-2', 'change-3'],
    ],
    [
      'is said again of what was changed',
      [refusal(1, { user: 'alice' }), change(2, table), refusal(3, { user: 'alice' })],
      ['change-2', 'refusal-3'],
    ],
    [
      'of an account that is not there is outdated by one that comes',
      [orphaned(1, 'ghost'), change(2, '/etc/passwd', 'modification')],
      ['change-2'],
    ],
    [
      'of an account that is not there stands when only a group comes',
      [orphaned(1, 'ghost'), change(2, '/etc/group', 'modification')],
      ['orphan-1', 'change-2'],
    ],
    [
      'of a mode stands when accounts change',
      [refusal(1, { user: 'alice' }), change(2, '/etc/passwd', 'rename')],
      ['refusal-1', 'change-2'],
    ],
  ])('%s', (_, events, left) => {
    expect(withoutOutdated(events).map(({ event }) => event.id)).toEqual(left);
  });
});
