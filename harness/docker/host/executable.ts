// Where a command is, looked up as a shell would, and in the folders for administrators that an ordinary PATH lacks.

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** PATH with the administrators' folders behind it. */
export const administratorPath = (): string =>
  [process.env.PATH ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

/** The first file of that name on the path that may be executed; undefined when there is none. */
export function findExecutable(name: string, path: string = administratorPath()): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
