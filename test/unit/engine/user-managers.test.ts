// Managers of users who were made to linger: whose doing the note is, and when the manager is up.

import { beforeEach, describe, expect, it } from 'vitest';
import { areManagersUp } from '../../../harness/engine/proof/user-managers.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { event, exec, exit, file, process, resetClock, running } from './events.ts';
import { attributed, pid1, story } from './story.ts';

beforeEach(resetClock);

const logind = process({ pid: 90, executable: '/usr/lib/systemd/systemd-logind', parent: pid1 });
const note = '/var/lib/systemd/linger/bob';

describe('the note that somebody lingers', () => {
  it.each<[string, string, boolean, 'attack' | 'background']>([
    ['is of the step that is running', note, false, 'attack'],
    ['is of nobody whose step has ended', note, true, 'background'],
  ])('%s', (_, path, hasEnded, owner) => {
    const noted = file('creation', path, logind);
    const attribution = attributed(
      story({ daemons: [logind], after: (shell) => [...(hasEnded ? [exit(shell)] : []), noted] }),
    );
    expect(attribution.ownerOf(noted)).toBe(owner);
    expect(attribution.lingerersBy('attack')).toEqual(owner === 'attack' ? ['bob'] : []);
    expect(attribution.writtenBy('attack')).toEqual(owner === 'attack' ? [path] : []);
  });

  it('leaves what else the login manager does to the machine', () => {
    const session = file('creation', '/run/systemd/users/1001', logind);
    expect(attributed(story({ daemons: [logind], after: () => [session] })).ownerOf(session)).toBe(
      'background',
    );
  });

  it('made by hand starts no manager', () => {
    const attribution = attributed(story({ after: (shell) => [file('creation', note, shell)] }));
    expect(attribution.lingerersBy('attack')).toEqual([]);
  });
});

describe('the manager of a user', () => {
  const manager = process({
    pid: 91,
    executable: '/usr/lib/systemd/systemd',
    args: ['/lib/systemd/systemd', '--user'],
    user: 'bob',
    parent: pid1,
  });
  const started = (unit: string): EcsEvent => {
    const said = event('process', 'start', 'unit-started', {});
    return {
      ...said,
      atomclock: { sensor: 'journal', job: { scheduler: 'systemd', verb: 'Started', unit } },
    };
  };

  it.each<[string, () => EcsEvent[], boolean]>([
    ['was there before', () => [running(manager)], true],
    ['was executed, and its service is started', () => [exec(manager), started('user@1000.service')], true],
    ['was executed and is not ready', () => [exec(manager)], false],
    ['is not the one that was started', () => [exec(manager), started('user@1001.service')], false],
    ['is not that of the machine', () => [running(pid1), started('user@1000.service')], false],
  ])('%s', (_, events, isUp) => {
    expect(areManagersUp(['bob'], events())).toBe(isUp);
    expect(areManagersUp(['alice', 'bob'], events())).toBe(false);
  });
});
