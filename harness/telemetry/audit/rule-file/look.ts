// Looks at a target's paths and mounts in one exec: what rules need to know of a target before they can watch it.

import type { Target } from '../../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../../model/errors.ts';
import type { PathLook } from './translate.ts';

export interface TargetLook {
  /** The container's root on the host. */
  readonly rootfs: string;
  readonly look: (path: string) => PathLook;
}

/** For each argument: its kind, and where it really is; then the mounts. */
const lookScript = `
for path do
  kind=absent
  if [ -d "$path" ]; then kind=folder; elif [ -e "$path" ]; then kind=file; fi
  printf '%s\\t%s\\t%s\\n' "$kind" "$path" "$(readlink -m "$path" 2>/dev/null || readlink -f "$path" || echo "$path")"
done
echo mounts
cat /proc/self/mountinfo`;

/**
 * Asks the target about these paths.
 * @throws AtomclockError `audit/unknown-storage` where the container's root is not an overlay of Docker's
 */
export async function lookAt(target: Target, paths: readonly string[]): Promise<TargetLook> {
  const { stdout } = await target.exec(['sh', '-c', lookScript, 'look', ...paths]);
  return readLook(stdout, target.id);
}

/** Reads what the script printed; pure. */
export function readLook(output: string, containerId: string): TargetLook {
  const [listed = '', mounts = ''] = output.split(/^mounts\n/m);
  const places = mounts.split('\n').map((line) => line.split(' '));
  const rootfs = rootfsOf(places, containerId);
  const mountPoints = places.map((mount) => mount[4] ?? '/').filter((point) => point !== '/');
  const looks = new Map<string, PathLook>();
  for (const line of listed.split('\n')) {
    const [kind, path = '', canonical = ''] = line.split('\t');
    if (kind !== 'file' && kind !== 'folder' && kind !== 'absent') continue;
    const mount = mountPoints.find((point) => canonical === point || canonical.startsWith(`${point}/`));
    looks.set(path, mount === undefined ? { kind, canonical } : { kind: 'elsewhere', mount });
  }
  return { rootfs, look: (path) => looks.get(path) ?? { kind: 'absent', canonical: path } };
}

/**
 * overlay2 keeps the joined view beside the upper folder; Docker's containerd store has it under its own root.
 * @see docker-storage-driver(8), mount options in /proc/self/mountinfo
 */
function rootfsOf(mounts: readonly string[][], containerId: string): string {
  const root = mounts.find((mount) => mount[4] === '/') ?? [];
  const upper = /(?:^|,)upperdir=([^,]+)/.exec(root.at(-1) ?? '')?.[1];
  if (upper?.endsWith('/diff')) return upper.replace(/\/diff$/, '/merged');
  if (upper?.includes('/io.containerd.snapshotter')) return `/var/lib/docker/rootfs/overlayfs/${containerId}`;
  throw new AtomclockError(
    'audit/unknown-storage',
    `The audit sensor finds no overlay under the target's root (${root.slice(-3).join(' ')}).`,
    {
      exitCode: exitCodes.labUnavailable,
      hint: 'It needs Docker with the overlay2 or the containerd storage.',
    },
  );
}
