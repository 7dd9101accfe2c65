// What two footprints differ in, told without what a machine changes by itself and without what inventories tell.

import { gzipSync } from 'node:zlib';
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

const packed = (text: string): string => gzipSync(text).toString('base64');
const footprint = (...entries: string[]): Footprint =>
  readFootprint(packed(entries.map((entry) => `${entry}\0`).join('')));
const accounts = parseAccounts('root:x:0:0::/root:\nalice:x:1000:1000::/home/alice:');
const lines = (before: Footprint, after: Footprint): string[] =>
  footprintChanges(before, after).map((change) => residueLine(change, accounts));

it('is not told from a list that the time limit ended', async () => {
  const stdout = packed('f 644 0 3 1.5 /etc/profile\0');
  const exec = async () => ({ exitCode: null, stdout, stderr: '', startedAt: '', ms: 60_000 });
  await expect(takeFootprint({ exec } as never)).rejects.toThrow(
    expect.objectContaining({ code: 'residue/unreadable' }),
  );
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

describe('reading', () => {
  it('takes busybox’s words', () => {
    expect(
      footprint(
        'regular empty file 644 0 0 1 /tmp/a',
        'symbolic link 777 0 0 1 /tmp/b',
        'directory 755 0 0 1 /tmp/c',
      ),
    ).toEqual(footprint('f 644 0 0 1 /tmp/a', 'l 777 0 0 1 /tmp/b', 'd 755 0 0 1 /tmp/c'));
  });

  it('reads output that was cut off as far as it goes', () => {
    const whole = packed(
      Array.from({ length: 5000 }, (_, index) => `f 644 0 1 1.0 /tmp/file-${index * 7919}\0`).join(''),
    );
    const cut = readFootprint(whole.slice(0, whole.length / 2));
    expect(cut.size).toBeGreaterThan(100);
    expect(cut.size).toBeLessThan(5000);
  });

  it('says so when there is nothing to read', () => {
    expect(() => readFootprint('sh: find: not found')).toThrow(
      expect.objectContaining({ code: 'residue/unreadable' }),
    );
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
