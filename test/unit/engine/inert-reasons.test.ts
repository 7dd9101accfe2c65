// What cron said of a table before it was changed again is no reason any more: its next look is about what is there now.

import { describe, expect, it } from 'vitest';
import { inertReasons, isHopeless, withoutOutdated } from '../../../harness/engine/proof/inert-reasons.ts';
import { whyInert } from '../../../harness/engine/proof/why-inert.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import type { Schedule } from '../../../harness/model/inventory.ts';
import type { InventoryChange } from '../../../harness/schedulers/inventory-diff.ts';
import { aPlannedCase } from './content.ts';
import { exec, exit, file, fork, process } from './events.ts';
import { attributed, foreign, pid1, story } from './story.ts';

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

const denied = (second: number, user: string, service = 'atd', by = service): EcsEvent => ({
  '@timestamp': at(second),
  message: `pam_unix(${service}:account): account ${user} has expired (account expired)`,
  event: {
    id: `denial-${second}`,
    kind: 'event',
    category: ['authentication'],
    type: ['start'],
    action: 'access-denied',
    outcome: 'failure',
  },
  user: { id: '1000', name: user },
  process: { entity_id: by, pid: 56, name: by },
  pam: { module: 'pam_unix', service, phase: 'account' },
  atomclock: { sensor: 'journal' },
});

const unitSaid = (second: number, verb: 'skipped' | 'started', unit: string): EcsEvent => ({
  '@timestamp': at(second),
  message: `${unit} was ${verb}`,
  event: {
    ...{ id: `${verb}-${second}`, kind: 'event', category: ['process'], type: ['info'] },
    action: `unit-${verb}`,
    outcome: verb === 'skipped' ? 'failure' : 'success',
  },
  atomclock: { sensor: 'journal', job: { scheduler: 'systemd', verb, unit } },
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
    [
      'of a unit whose condition did not hold is outdated by its start',
      [unitSaid(1, 'skipped', 'x.timer'), unitSaid(2, 'started', 'x.timer')],
      ['started-2'],
    ],
    [
      'of a unit stands when it had started before, and when another one starts',
      [
        unitSaid(1, 'started', 'x.timer'),
        unitSaid(2, 'skipped', 'x.timer'),
        unitSaid(3, 'started', 'y.timer'),
      ],
      ['started-1', 'skipped-2', 'started-3'],
    ],
  ])('%s', (_, events, left) => {
    expect(withoutOutdated(events).map(({ event }) => event.id)).toEqual(left);
  });
});

describe('an account that PAM denies to a daemon', () => {
  const scheduled = (kind: Schedule['kind'], user: string): InventoryChange => ({
    subject: 'schedule',
    change: 'added',
    after: { kind, id: `${kind}:${user}`, user, when: 'soon', command: 'do it', file: null },
  });
  const changes = [scheduled('at', 'alice'), scheduled('crontab', 'alice'), scheduled('at', 'bob')];
  const about = (...events: EcsEvent[]) => inertReasons(changes, events).map((reason) => reason.about);

  it.each<[string, EcsEvent, string[]]>([
    ['atd: its jobs of at', denied(1, 'alice'), ['at:alice']],
    ['cron: its tables', denied(1, 'alice', 'cron', 'CRON'), ['crontab:alice']],
    ['cronie: its tables', denied(1, 'alice', 'crond', 'CROND'), ['crontab:alice']],
    ['the client of cronie, which runs nothing: none', denied(1, 'alice', 'crond', 'crontab'), []],
    ['sudo: none', denied(1, 'alice', 'sudo'), []],
    ['atd for somebody else: none', denied(1, 'carol'), []],
  ])('has no job run by %s', (_, event, subjects) => {
    expect(about(event)).toEqual(subjects);
  });

  it('is all that there is to wait for where nothing else is scheduled', () => {
    const own = changes.slice(0, 1);
    expect(isHopeless(own, inertReasons(own, [denied(1, 'alice')]))).toBe(true);
    expect(isHopeless(changes, inertReasons(changes, [denied(1, 'alice')]))).toBe(false);
  });

  it.each(['/etc/shadow', '/etc/pam.d/atd', '/etc/security/access.conf'])(
    'may be let in once %s was changed',
    (path) => {
      expect(about(...withoutOutdated([denied(1, 'alice'), change(2, path)]))).toEqual([]);
      expect(about(...withoutOutdated([change(1, path), denied(2, 'alice')]))).toEqual(['at:alice']);
    },
  );
});

describe('a service that the attack starts by hand', () => {
  const first = (unit: string) => (shell: ProcessFields) => {
    const args = ['/usr/bin/find', '/var/spool/cron/atjobs'];
    const found = process({ pid: 310, executable: '/usr/bin/find', args, parent: pid1 });
    const client = process({
      pid: 300,
      executable: '/usr/bin/systemctl',
      args: ['systemctl', 'restart', unit],
      parent: shell,
    });
    return [exec(client), fork(found), exec(found, { cgroup: unit }), exit(found)];
  };
  const spool = (shell: ProcessFields) => file('creation', '/var/spool/cron/atjobs', shell);
  const dropIn = (unit: string) => (shell: ProcessFields) =>
    file('creation', `/etc/systemd/system/${unit}.d/x.conf`, shell);
  const why = (unit: string, ...written: ((shell: ProcessFields) => EcsEvent)[]) => {
    const after = (shell: ProcessFields) => [...written.map((one) => one(shell)), ...first(unit)(shell)];
    const events = story({ after });
    const evidence = blankEvidence(aPlannedCase({}), () => 'c0ffee');
    return whyInert(evidence, events, attributed(events, foreign)).join('\n');
  };

  it('is what it scheduled in vain', () => {
    expect(why('own.service', spool)).toContain('own.service was started on request: no timer');
    expect(why('atd.service', spool, dropIn('atd.service'))).toContain('atd.service was started on request');
  });

  it('is not where it is a daemon of schedulers that was left as it is', () => {
    expect(why('atd.service', spool)).not.toContain('atd.service was started');
  });
});
