// What ECS says of a path by itself, for telemetry that tells no more of a file or a program.

import { definedOnly } from './defined.ts';

/** `file` of a path; undefined where there is none. */
export function fileNamed(path: string | undefined): object | undefined {
  if (path === undefined) return undefined;
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  return definedOnly({
    path,
    name,
    directory: slash > 0 ? path.slice(0, slash) : '/',
    extension: /[^.].*\.([^.]+)$/.exec(name)?.[1],
  });
}

export const baseName = (path: string | undefined): string | undefined =>
  path?.slice(path.lastIndexOf('/') + 1);
