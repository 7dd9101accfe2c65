// What links, mounts and renames of whole folders do to the names of what is below them.

import { beforeEach, describe, expect, it } from 'vitest';
import { FolderNames } from '../../../harness/engine/proof/folder-names.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { event, file, outside, process, resetClock } from './events.ts';

beforeEach(resetClock);

const shell = process({ pid: 200, executable: '/bin/dash', parent: outside });
const link = (path: string, target: string): EcsEvent =>
  file('creation', path, shell, { target_path: target, type: 'symlink' });
const rename = (from: string, to: string, exchange = false): EcsEvent => {
  const made = file('rename', to, shell, { type: 'dir', Ext: { original: { path: from, name: '' } } });
  return exchange ? { ...made, atomclock: { ...made.atomclock, exchange } } : made;
};
const mount = (source: string, path: string): EcsEvent => {
  const made = event('file', 'change', 'mount', { process: shell, file: { path, name: '', directory: '' } });
  return { ...made, atomclock: { ...made.atomclock, mount: { source, flags: 4096 } } };
};
const namesAfter = (...events: EcsEvent[]): FolderNames => {
  const names = new FolderNames();
  for (const one of events) names.observe(one);
  return names;
};

describe('the names of a file', () => {
  it.each<[string, EcsEvent[], string, string[]]>([
    ['of no link', [], '/etc/cron.d/x', []],
    ['behind a link', [link('/etc/cron.d', '/srv/t')], '/srv/t/x', ['/etc/cron.d/x']],
    ['below a link', [link('/etc/cron.d', '/srv/t')], '/etc/cron.d/x', ['/srv/t/x']],
    ['behind a relative link', [link('/etc/cron.d', '../srv/t')], '/srv/t/x', ['/etc/cron.d/x']],
    ['beside a folder whose name only begins alike', [link('/etc/cron.d', '/srv/t')], '/srv/tt/x', []],
    [
      'behind a link to a link',
      [link('/srv/a', '/srv/t'), link('/etc/cron.d', '/srv/a')],
      '/srv/t/x',
      ['/etc/cron.d/x', '/srv/a/x'],
    ],
    [
      'behind a link that was moved',
      [link('/tmp/l', '/srv/t'), rename('/tmp/l', '/etc/cron.d')],
      '/srv/t/x',
      ['/etc/cron.d/x'],
    ],
    [
      'behind a link whose folder was moved',
      [link('/tmp/d/l', '/srv/t'), rename('/tmp/d', '/tmp/e')],
      '/srv/t/x',
      ['/tmp/e/l/x'],
    ],
    [
      'behind links that were exchanged',
      [link('/tmp/l', '/srv/t'), link('/etc/cron.d', '/srv/u'), rename('/tmp/l', '/etc/cron.d', true)],
      '/srv/u/x',
      ['/tmp/l/x'],
    ],
    [
      'behind a link that is gone',
      [link('/etc/cron.d', '/srv/t'), file('deletion', '/etc/cron.d', shell)],
      '/srv/t/x',
      [],
    ],
    [
      'behind a link that a folder has replaced',
      [link('/etc/cron.d', '/srv/t'), rename('/srv/u', '/etc/cron.d')],
      '/srv/t/x',
      [],
    ],
    ['shown by a mount', [mount('/srv/t', '/etc/cron.d')], '/srv/t/x', ['/etc/cron.d/x']],
    ['of a device', [mount('/dev/sdb1', '/etc/cron.d'), link('/etc/x', '/dev/null')], '/dev/null', []],
  ])('%s', (_, events, path, others) => {
    const [itself, ...found] = namesAfter(...events).namesOf(path);
    expect(itself).toBe(path);
    expect(found.sort()).toEqual(others);
  });

  it('are never more than can be used, where links lead to each other', () => {
    const names = namesAfter(link('/a', '/b'), link('/b', '/a/c'), link('/a/c', '/b/d'));
    expect(names.namesOf('/a/x').length).toBeLessThanOrEqual(16);
  });

  it('of a link are those of its folder', () => {
    const names = namesAfter(link('/srv/t/l', '/opt/x'), link('/etc/cron.d', '/srv/t'));
    expect(names.entriesOf('/srv/t/l').sort()).toEqual(['/etc/cron.d/l', '/srv/t/l']);
  });
});

describe('new names', () => {
  it.each<[string, EcsEvent, unknown]>([
    ['of a rename', rename('/a', '/b'), [{ from: '/a', to: '/b', isMove: true }]],
    [
      'of an exchange',
      rename('/a', '/b', true),
      [
        { from: '/a', to: '/b', isMove: true },
        { from: '/b', to: '/a', isMove: true },
      ],
    ],
    ['of a link', link('/b', '/a'), [{ from: '/a', to: '/b', isMove: false }]],
    ['of a mount', mount('/a', '/b'), [{ from: '/a', to: '/b', isMove: false }]],
    ['of a new file: none', file('creation', '/a', shell), []],
  ])('%s', (_, one, expected) => {
    expect(new FolderNames().observe(one)).toEqual(expected);
  });
});
