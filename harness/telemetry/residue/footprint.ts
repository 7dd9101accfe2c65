// Every file in the places of a target where attacks leave things, at one moment: residue is found by comparing two.

import { constants, gunzipSync } from 'node:zlib';
import type { Target } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';

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
 * Lists what packages do not fill, the programs and units that they ship, and everything on a tmpfs. Documentation and
 * libraries are left out: they are nine tenths of all files, and looking at all of them (or asking Docker for its diff)
 * costs half a second of a processor, twice a case. GNU find tells all in one go; busybox's cannot, and names with line
 * breaks are then read wrong.
 */
const footprintScript = String.raw`
while read -r _ point type _; do
  case $type:$point in
    tmpfs:/proc* | tmpfs:/sys* | tmpfs:/dev) ;;
    tmpfs:*) memory="$memory $point" ;;
  esac
done </proc/mounts
if find / -prune -printf '' 2>/dev/null; then describe() { find "$@" -printf '%y %m %U %s %C@ %p\0'; }
else describe() { find "$@" -exec stat -c '%F %a %u %s %Z %n' {} + | tr '\n' '\0'; }
fi
# shellcheck disable=SC2086 # mount points hold no blanks
describe /etc /home /root /opt /srv /boot /var /usr/local /usr/bin /usr/sbin /usr/lib/systemd /tmp $memory -xdev   2>/dev/null | gzip -1 -c | base64 | tr -d '\n'`;

const timeLimitMs = 60_000;

/**
 * Takes the footprint of a running target.
 * @throws AtomclockError `residue/unreadable` when the target has no find, gzip or base64
 */
export async function takeFootprint(target: Target): Promise<Footprint> {
  const options = { env: { LC_ALL: 'C' }, timeoutMs: timeLimitMs };
  const { exitCode, stdout } = await target.exec(['sh', '-c', footprintScript], options);
  // What has not been listed would count as removed.
  if (exitCode === null) throw unreadable(`was not told within ${timeLimitMs / 1000} s`);
  return readFootprint(stdout);
}

/** Reads what the script printed; pure. Of output that was cut off, as far as it goes. */
export function readFootprint(output: string): Footprint {
  const present = new Map<string, Trace>();
  for (const entry of unzip(output).toString('utf8').split('\0').slice(0, -1)) {
    const [, type = '', mode = '', uid = '', size = '', changed = '', path = ''] =
      /^(.+?) ([0-7]+) (\d+) (\d+) ([\d.]+) (\/[\s\S]*)$/.exec(entry) ?? [];
    if (path)
      present.set(path, {
        type: letterOf(type),
        mode: mode.padStart(4, '0'),
        uid,
        size: Number(size),
        changed,
      });
  }
  return present;
}

/** busybox's stat has words: `regular file`, `directory`. */
const letterOf = (type: string): string => {
  if (type.length === 1) return type;
  return type.startsWith('symbolic') ? 'l' : type.startsWith('regular') ? 'f' : (type[0] ?? '');
};

function unzip(output: string): Buffer {
  try {
    // The first line is the list; a second one would say that it was cut off.
    const [list = ''] = output.trim().split('\n', 1);
    return gunzipSync(Buffer.from(list, 'base64'), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw unreadable('cannot be read', cause);
  }
}

const unreadable = (why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('residue/unreadable', `The list of files of the target ${why}.`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'The target needs find, gzip and base64 (coreutils or busybox).',
    cause,
  });
