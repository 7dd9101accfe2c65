// Names that programs gave to the kernel, as paths: what is the same file must be the same text, or rules by prefix miss
// it, and fire on what leaves their folder again.

/**
 * The path that a name means below a folder, with `//`, `.` and `..` resolved as the kernel does where no symbolic link is
 * in the way; audit does not tell of links.
 * @param folder absolute; undefined where it is not known
 * @returns undefined for a relative name below a folder that is not known
 * @source path_resolution(7)
 */
export function resolvePath(name: string, folder: string | undefined): string | undefined {
  if (name.startsWith('/')) return `/${resolved(name, true).join('/')}`;
  return folder?.startsWith('/') ? resolvePath(`${folder}/${name}`, undefined) : undefined;
}

/** The last part of a name, also where its folder is not known; undefined where that decides it (`.`, `sub/..`). */
export function lastName(name: string): string | undefined {
  const last = resolved(name, name.startsWith('/')).at(-1);
  return last === '..' ? undefined : last;
}

/** An absolute path with `//`, `.` and `..` resolved; any other text as it is. */
export const canonical = (path: string): string => resolvePath(path, undefined) ?? path;

function resolved(name: string, isAbsolute: boolean): string[] {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    // Above the root there is the root; above a folder that is not known, another one that is not known.
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  return parts;
}
