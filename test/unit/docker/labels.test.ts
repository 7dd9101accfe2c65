// Labels name an owner, and only an owner known to be dead loses its containers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsFor, ownerOf } from '../../../harness/docker/container/labels.ts';
import {
  currentOwner,
  isDead,
  type Owner,
  type ProcessTable,
  unknownStart,
} from '../../../harness/docker/container/owner.ts';

const owner: Owner = { host: 'boot/pid:[1]', pid: 42, started: '1000' };

const table = (host: string, started: string | undefined): ProcessTable => ({
  host: () => host,
  startTime: () => started,
});

describe('labels', () => {
  it('give back the owner that they were made for', () => {
    fc.assert(
      fc.property(fc.record({ host: fc.string(), pid: fc.nat(), started: fc.string() }), (someone) => {
        const labels = labelsFor({ role: 'target', run: 'r', case: 'c' }, someone);
        expect(ownerOf(labels)).toEqual(someone);
      }),
    );
  });

  it('say what the container is for', () => {
    const labels = labelsFor({ role: 'sidecar', run: 'r1' }, owner, new Date('2026-01-02T03:04:05Z'));
    expect(labels).toEqual({
      'dev.atomclock.role': 'sidecar',
      'dev.atomclock.run': 'r1',
      'dev.atomclock.owner': '{"host":"boot/pid:[1]","pid":42,"started":"1000"}',
      'dev.atomclock.created': '2026-01-02T03:04:05.000Z',
    });
  });

  it.each(['', 'null', '{}', '{"host":"h"}', '{"host":"h","pid":"1","started":"2"}', 'not json'])(
    'that we did not write name nobody: %s',
    (text) => {
      expect(ownerOf({ 'dev.atomclock.owner': text })).toBeUndefined();
    },
  );
});

describe('an owner', () => {
  it('is dead when its pid is gone', () => {
    expect(isDead(owner, table(owner.host, undefined))).toBe(true);
  });

  it('is dead when its pid is another process now', () => {
    expect(isDead(owner, table(owner.host, '2000'))).toBe(true);
  });

  it('lives while its pid has its start time', () => {
    expect(isDead(owner, table(owner.host, '1000'))).toBe(false);
  });

  it('is not known to be dead when its process cannot be looked at', () => {
    expect(isDead(owner, table(owner.host, unknownStart))).toBe(false);
  });

  it('is not known to be dead on another machine, another boot, or in another pid namespace', () => {
    expect(isDead(owner, table('elsewhere', undefined))).toBe(false);
  });

  it('is this process now', () => {
    expect(currentOwner().pid).toBe(process.pid);
    expect(isDead(currentOwner())).toBe(false);
    expect(isDead({ ...currentOwner(), started: '1' })).toBe(true);
  });
});
