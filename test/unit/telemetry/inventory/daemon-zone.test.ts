// In which zone cron reads its tables: whose TZ, which file, and what a running daemon makes of a moved one.

import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../../harness/model/inventory.ts';
import { fixedZone } from '../../../../harness/telemetry/inventory/time-zone.ts';
import { dump } from './archive.ts';
import { parseInventory } from './script-dump.ts';
import { tzFile, zoneNamed } from './zones.ts';

const nowMs = Date.parse('2026-11-27T12:00:20Z');
const uptime = 5000;
const bootMs = nowMs - uptime * 1000;

interface Machine {
  daemon?: 'vixie' | 'cronie' | 'busybox';
  debian?: string;
  /** `TZ` of the daemon, with the zone whose file the target has under that name. */
  tz?: readonly [text: string, file?: string];
  /** Null: no daemon runs. */
  started?: string | null;
  /** A zone's name, or nothing where /etc/localtime is gone. */
  localtime?: string;
  isLink?: boolean;
  changed?: string;
  table?: string;
  timezone?: string;
  pid?: number;
}

const programs = {
  vixie: '/usr/sbin/cron',
  cronie: '/usr/sbin/crond',
  busybox: '/usr/sbin/crond /bin/busybox',
} as const;
const base64 = (zone: string): string => tzFile(zoneNamed(zone)).toString('base64');

function inventory(machine: Machine, earlier?: Inventory): Inventory {
  const {
    daemon = 'vixie',
    debian = '12.1',
    tz,
    started = '2026-11-27T11:00:00Z',
    localtime,
    isLink = true,
  } = machine;
  const { changed = '2026-01-01T00:00:00Z', table = '30 17 * * * root job\n', pid = 77 } = machine;
  const ticks = started === null ? 0 : (Date.parse(started) - bootMs) / 10;
  const process = [
    `${pid} 1 ${ticks} ${daemon === 'vixie' ? 'cron' : 'crond'}`,
    tz ? `=${tz[0]}` : '',
    tz?.[1] ? base64(tz[1]) : '',
  ];
  // A job of it that runs is no daemon.
  const child = ['90', String(pid), String(ticks + 100), 'cron'].join(' ');
  const target = localtime && isLink ? `/usr/share/zoneinfo/${localtime}` : '-';
  return parseInventory(
    dump({
      sections: {
        now: String(nowMs / 1000),
        uptime: `${uptime}.00 1.0`,
        programs: programs[daemon],
        debian,
        zone: '+0000',
        localtime: [target, Date.parse(changed) / 1000, localtime ? base64(localtime) : ''].join('\n'),
        'cron-daemons': started === null ? '' : [child, '', '', ...process].join('\n'),
        'table-folders': '',
      },
      files: [
        { path: '/etc/cron.d/p', content: table },
        ...(machine.timezone ? [{ path: '/etc/timezone', content: machine.timezone }] : []),
      ],
    }),
    earlier,
  );
}

const found = ({ zones, schedules }: Inventory) => ({
  name: zones?.[0]?.name,
  next: schedules[0]?.nextRun?.replace('.000Z', 'Z'),
  zone: schedules[0]?.zone,
});

describe('the zone of a table', () => {
  it.each<[string, Machine, string, string]>([
    ['the link of the machine', { localtime: 'Europe/Berlin' }, 'Europe/Berlin', '2026-11-27T16:30:00Z'],
    ['half an hour off', { localtime: 'Asia/Kolkata' }, 'Asia/Kolkata', '2026-11-28T12:00:00Z'],
    ['a copied file', { localtime: 'America/New_York', isLink: false }, '+00:00', '2026-11-27T22:30:00Z'],
    ['a file that is gone', {}, 'UTC', '2026-11-27T17:30:00Z'],
    ['/etc/timezone, which nobody reads', { timezone: 'Asia/Tokyo\n' }, 'UTC', '2026-11-27T17:30:00Z'],
    [
      'the daemon’s own TZ',
      { localtime: 'Europe/Berlin', tz: ['America/New_York', 'America/New_York'] },
      'America/New_York',
      '2026-11-27T22:30:00Z',
    ],
    ['TZ with a colon', { tz: [':Asia/Kolkata', 'Asia/Kolkata'] }, 'Asia/Kolkata', '2026-11-28T12:00:00Z'],
    ['TZ as a rule', { localtime: 'Asia/Tokyo', tz: ['XYZ3'] }, 'XYZ3', '2026-11-27T20:30:00Z'],
    ['TZ that names nothing', { localtime: 'Asia/Tokyo', tz: ['Mars/Base'] }, 'UTC', '2026-11-27T17:30:00Z'],
    ['TZ that is empty', { localtime: 'Asia/Tokyo', tz: [''] }, 'UTC', '2026-11-27T17:30:00Z'],
    ['no daemon', { localtime: 'Europe/Berlin', started: null }, 'Europe/Berlin', '2026-11-27T16:30:00Z'],
  ])('is %s', (_, machine, name, next) => {
    const all = inventory(machine);
    expect(found(all)).toEqual({ name, next, zone: name });
  });

  it('is known with its daylight saving: the next run of a date in summer', () => {
    const table = '0 6 1 7 * root job\n';
    expect(found(inventory({ localtime: 'Europe/Berlin', table })).next).toBe('2027-07-01T04:00:00Z');
  });

  it.each<[NonNullable<Machine['daemon']>, string, string]>([
    ['cronie', 'America/New_York', '2026-11-27T22:30:00Z'],
    // A variable of the job like any other.
    ['vixie', 'Asia/Kolkata', '2026-11-28T12:00:00Z'],
    ['busybox', 'Asia/Kolkata', '2026-11-28T12:00:00Z'],
  ])('with CRON_TZ in the table, by %s: %s', (daemon, zone, next) => {
    const table = 'CRON_TZ=America/New_York\n30 17 * * * root job\n';
    expect(found(inventory({ daemon, localtime: 'Asia/Kolkata', table }))).toMatchObject({ zone, next });
  });

  it('is not moved by TZ in the table, which is the job’s', () => {
    for (const daemon of ['vixie', 'cronie', 'busybox'] as const) {
      const table = 'TZ=America/New_York\n30 17 * * * root job\n';
      const all = inventory({ daemon, localtime: 'Asia/Kolkata', table });
      expect(found(all)).toMatchObject({ zone: 'Asia/Kolkata', next: '2026-11-28T12:00:00Z' });
      expect(all.schedules[0]?.environment).toEqual({ TZ: 'America/New_York' });
    }
  });

  it('is the offset alone where a dump has no more', () => {
    const all = parseInventory(
      dump({
        sections: { zone: '+0530', now: String(nowMs / 1000) },
        files: [{ path: '/etc/cron.d/p', content: '30 17 * * * root job\n' }],
      }),
    );
    expect(all.zones).toBeUndefined();
    expect(found(all)).toEqual({ name: undefined, next: '2026-11-28T12:00:00Z', zone: undefined });
  });
});

describe('/etc/localtime moved while cron runs', () => {
  const before = (machine: Machine): Inventory => inventory({ localtime: 'Etc/UTC', ...machine });
  const moved = (machine: Machine, earlier: Machine = machine): Inventory =>
    inventory({ changed: '2026-11-27T12:00:10Z', ...machine }, before({ ...earlier, localtime: 'Etc/UTC' }));

  it('is followed by vixie cron within a minute', () => {
    const all = moved({ localtime: 'Asia/Kolkata', table: '32 17 * * * root job\n' });
    expect(found(all)).toMatchObject({ name: 'Asia/Kolkata', next: '2026-11-27T12:02:00Z' });
    expect(all.zones?.[0]).toMatchObject({ offsetMinutes: 330, daemon: { pid: 77 } });
    expect(all.zones?.[0]?.because).toMatch(/link to .*Asia\/Kolkata, changed at .* looks at it each minute/);
  });

  it('by less than three hours: what vixie cron skips runs at once', () => {
    const all = moved({ localtime: 'Europe/Berlin', table: '15 12 * * * root job\n' });
    expect(found(all)).toMatchObject({ name: 'Europe/Berlin', next: '2026-11-27T12:01:00Z' });
  });

  it.each<[string, Machine]>([
    ['cronie', { daemon: 'cronie' }],
    ['cron of Debian 11', { debian: '11.9' }],
  ])('is not followed by %s, which keeps the offset', (_, machine) => {
    const local = moved({ ...machine, localtime: 'Asia/Kolkata', table: '32 17 * * * root job\n' });
    expect(found(local)).toMatchObject({ name: 'Etc/UTC', next: '2026-11-27T17:32:00Z' });
    expect(local.zones?.[0]?.because).toMatch(
      /had started before, and keeps \+00:00 until it is started again/,
    );
  });

  it('is followed by cronie as soon as daylight saving is not what it was', () => {
    const sydney = moved({ daemon: 'cronie', localtime: 'Australia/Sydney', table: '2 23 * * * root job\n' });
    expect(found(sydney)).toMatchObject({ name: 'Australia/Sydney', next: '2026-11-27T12:02:00Z' });
    const berlin = moved({ daemon: 'cronie', localtime: 'Europe/Berlin', table: '0 12 1 7 * root job\n' });
    expect(found(berlin)).toMatchObject({ name: 'Etc/UTC', next: '2027-07-01T10:00:00Z' });
    expect(berlin.zones?.[0]?.because).toMatch(
      /until 2027-03-28T01:00:00.000Z, when daylight saving changes/,
    );
  });

  it('and a daemon that was started again has the new one', () => {
    for (const daemon of ['vixie', 'cronie'] as const) {
      const again = { daemon, localtime: 'Asia/Kolkata', pid: 99, started: '2026-11-27T12:00:12Z' };
      const all = moved({ ...again, table: '32 17 * * * root job\n' }, { daemon });
      expect(found(all)).toMatchObject({ name: 'Asia/Kolkata', next: '2026-11-27T12:02:00Z' });
    }
  });

  it('and nothing known from before: the inventory says so', () => {
    const all = inventory({ daemon: 'cronie', localtime: 'Asia/Kolkata', changed: '2026-11-27T12:00:10Z' });
    expect(all.zones?.[0]?.because).toMatch(/which zone it keeps is not known/);
  });
});

it('a zone of which only the offset is known has no changes', () => {
  expect(fixedZone(3600).nextChange(nowMs)).toBeNull();
});
