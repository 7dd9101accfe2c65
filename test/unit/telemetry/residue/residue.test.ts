// What two footprints differ in, told without what a machine changes by itself and without what inventories tell.

import { describe, expect, it } from 'vitest';
import { parseAccounts } from '../../../../harness/telemetry/accounts.ts';
import {
  type Footprint,
  readFootprint,
  takeFootprint,
} from '../../../../harness/telemetry/residue/footprint.ts';
import {
  type FileChange,
  footprintChanges,
  residueEvents,
  residueLine,
} from '../../../../harness/telemetry/residue/index.ts';
import { isInInventory, isNoise } from '../../../../harness/telemetry/residue/noise.ts';

/** As the agent tells of them: type, permissions, owner, size, time of change, path. */
const footprint = (...entries: string[]): Footprint =>
  readFootprint(
    entries.map((entry) => {
      const [, head = '', changed = '', path = ''] = /^(\S+ \S+ \S+ \S+) (\S+) (.*)$/s.exec(entry) ?? [];
      return { path, facts: `${head} 1.0 ${changed} 1`, link: '', content: Buffer.alloc(0) };
    }),
  );
const accounts = parseAccounts('root:x:0:0::/root:\nalice:x:1000:1000::/home/alice:');
const lines = (before: Footprint, after: Footprint): string[] =>
  footprintChanges(before, after).map((change) => residueLine(change, accounts));

it('is not told from a list that is not whole', async () => {
  const look = async () => ({ found: [], isCut: true });
  await expect(takeFootprint({ look } as never)).rejects.toThrow(
    expect.objectContaining({ code: 'residue/unreadable' }),
  );
});

it('is taken of every tmpfs but those of the machine itself', async () => {
  const table = [
    'overlay / overlay rw 0 0',
    'tmpfs /dev tmpfs rw 0 0',
    'tmpfs /run tmpfs rw 0 0',
    'tmpfs /sys/fs/cgroup tmpfs ro 0 0',
    'tmpfs /proc/acpi tmpfs ro 0 0',
    'shm /dev/shm tmpfs rw 0 0',
    'tmpfs /mnt/a\\040b tmpfs rw 0 0',
  ].join('\n');
  const asked: string[] = [];
  const look = async (questions: { path: string }[]) => {
    asked.push(...questions.map(({ path }) => path));
    const found = [
      { path: '', facts: 'f 444 0 0 1.0 1.0 1\ncontent', link: '', content: Buffer.from(table) },
    ];
    return { found: questions.map(() => found), isCut: false };
  };
  await takeFootprint({ look } as never);
  expect(asked.slice(1)).toEqual(expect.arrayContaining(['/etc', '/tmp', '/run', '/dev/shm', '/mnt/a b']));
  expect(asked.filter((path) => /^\/(?:dev|sys|proc)$|cgroup|acpi/.test(path))).toEqual([]);
});

describe('changes', () => {
  const file = (path: string, changed = '1.5', size = 3, mode = '644') =>
    `f ${mode} 0 ${size} ${changed} ${path}`;

  it('are what is new, different and gone', () => {
    const before = footprint(
      file('/etc/profile'),
      file('/etc/motd'),
      file('/opt/same'),
      'd 755 0 4096 1.0 /opt',
      'd 755 0 4096 1.0 /srv',
    );
    const after = footprint(
      file('/etc/profile', '2.5', 9),
      file('/opt/same'),
      'f 4755 1000 12 2.0 /tmp/evil sh',
      'l 777 1000 7 2.0 /tmp/link',
      'd 755 1000 4096 2.0 /opt',
      'd 755 0 4096 2.0 /srv',
    );
    expect(lines(before, after)).toEqual([
      'file removed: /etc/motd',
      'file changed: /etc/profile (0644 root, 9 bytes)',
      'folder changed: /opt (0755 alice)',
      'file added: /tmp/evil sh (4755 alice, 12 bytes)',
      'link added: /tmp/link (0777 alice)',
    ]);
  });

  it('are told in one line each, whatever a file is called', () => {
    expect(lines(footprint(), footprint(file('/tmp/a\nb\u001b[31m')))).toEqual([
      'file added: /tmp/a\\x0ab\\x1b[31m (0644 root, 3 bytes)',
    ]);
  });

  it('become events that rules can ask for', () => {
    const changes = footprintChanges(footprint(), footprint(file('/tmp/evil.sh')));
    expect(residueEvents(changes, '2026-01-01T00:00:00Z', 4)).toMatchObject([
      {
        event: { id: 'residue-4', category: ['file'], type: ['creation'], action: 'file-left-added' },
        file: { path: '/tmp/evil.sh', name: 'evil.sh', extension: 'sh', mode: '0644' },
        atomclock: { sensor: 'residue' },
      },
    ] satisfies Partial<Record<string, unknown>>[]);
    expect(changes satisfies FileChange[]).toHaveLength(1);
  });
});

describe('what is left out', () => {
  it.each([
    '/run/log/journal/abc/system.journal',
    '/run/crond.pid',
    '/run/systemd/units/invocation:x.service',
    '/run/systemd/transient',
    '/run/user/1000/systemd/private',
    '/var/log/wtmp',
    '/etc/machine-id',
    '/run/user/1000/systemd/transient',
    '/tmp/atomclock-0a1b2c',
    '/run/motd.dynamic',
  ])('%s is noise', (path) => expect(isNoise(path)).toBe(true));

  it.each([
    '/etc/cron.d/x',
    '/etc/crontab',
    '/etc/at.deny',
    '/var/spool/cron/atjobs/a1',
    '/etc/systemd/system/x.timer',
    '/run/systemd/transient/x.timer',
    '/etc/cron.d/x\ny',
    '/home/alice/.config/systemd/user/x.timer',
    '/run/user/1000/systemd/transient/x.timer',
    '/var/lib/systemd/linger/alice',
  ])('%s is told by inventories', (path) => {
    expect(isInInventory(path)).toBe(true);
    expect(isNoise(path)).toBe(false);
  });

  it.each([
    '/tmp/evil.sh',
    '/dev/shm/x',
    '/var/mail/alice',
    '/root/.bash_history',
    '/var/lib/systemd/timers/stamp-x.timer',
    '/etc/profile',
    '/run/x.sh',
    '/home/alice/.config/autostart/x',
  ])('%s is residue', (path) => expect(isNoise(path) || isInInventory(path)).toBe(false));
});
