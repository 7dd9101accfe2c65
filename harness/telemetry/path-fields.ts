// What ECS says of a path by itself.

type PathFields = {
  path: string;
  name: string;
  directory: string;
  extension?: string;
};

/** ECS's parts of a path. */
export function pathFields(path: string): PathFields {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return {
    path,
    name,
    directory: path.slice(0, path.lastIndexOf('/')) || '/',
    ...(dot > 0 && dot < name.length - 1 && { extension: name.slice(dot + 1) }),
  };
}

/** `file` of a path, for telemetry that tells no more of a file; undefined where there is none. */
export const fileNamed = (path: string | undefined): PathFields | undefined =>
  path === undefined ? undefined : pathFields(path);

export function baseName(path: string): string;
export function baseName(path: string | undefined): string | undefined;
export function baseName(path: string | undefined): string | undefined {
  return path?.slice(path.lastIndexOf('/') + 1);
}
