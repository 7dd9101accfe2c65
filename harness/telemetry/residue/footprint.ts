// Every file in the places of a target where attacks leave things, at one moment: residue is found by comparing two.

import type { FilesQuestion, Found, Target } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { foundFile } from '../found-file.ts';

/** Path → what is there. */
export type Footprint = ReadonlyMap<string, Trace>;

export interface Trace {
  /** `find`'s letter: f, d, l, p, s, b, c. */
  readonly type: string;
  readonly mode: string;
  readonly uid: string;
  readonly size: number;
  /** When its content or its owner, mode or links last changed, in seconds since the epoch. */
  readonly changed: string;
}

/**
 * What packages do not fill, and the programs and units that they ship. Documentation and libraries are left out: they
 * are nine tenths of all files.
 */
const places = [
  ...['/etc', '/home', '/root', '/opt', '/srv', '/boot', '/var', '/usr/local', '/usr/bin', '/usr/sbin'],
  ...['/usr/lib/systemd', '/tmp'],
] as const;

/**
 * Takes the footprint of a running target: those places, and everything on a tmpfs.
 * @throws AtomclockError `residue/unreadable` where there is more than can be told; else as `Target.look`
 */
export async function takeFootprint(target: Target): Promise<Footprint> {
  const mounts = await target.look([{ ask: 'files', path: '/proc/mounts', depth: 0, withContents: true }]);
  const memory = memoryMounts(mounts.found[0]?.[0]?.content.toString('utf8') ?? '');
  const { found, isCut } = await target.look([...places, ...memory].map(tree));
  // What has not been listed would count as removed.
  if (isCut) throw unreadable('is longer than can be told');
  return readFootprint(found.flat());
}

const tree = (path: string): FilesQuestion => ({ ask: 'files', path, onOneDevice: true });

/** Where each tmpfs is mounted that may hold files of an attack. @source proc_pid_mounts(5) */
const memoryMounts = (table: string): string[] =>
  table.split('\n').flatMap((line) => {
    const [, point = '', type] = line.split(' ');
    if (type !== 'tmpfs' || /^\/(?:proc|sys)|^\/dev$/.test(point)) return [];
    return [
      point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
    ];
  });

/** Makes a footprint of what was found; pure. */
export function readFootprint(found: readonly Found[]): Footprint {
  const present = new Map<string, Trace>();
  for (const one of found) {
    const { path, type, permissions, uid, size, changed } = foundFile(one);
    present.set(path, { type, mode: permissions.toString(8).padStart(4, '0'), uid, size, changed });
  }
  return present;
}

const unreadable = (why: string): AtomclockError =>
  new AtomclockError('residue/unreadable', `The list of files of the target ${why}.`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'What fills the target with files would count as what cleanup left.',
  });
