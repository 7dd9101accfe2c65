// Pid files of daemons: after kill -9 they stay, and the pid in them may be anybody's by now.

import { readFileSync, rmSync } from 'node:fs';

/** The pid of the daemon that the file names, if it is alive and is that daemon. */
export function livingDaemon(pidFile: string, command: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').trim());
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === command ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the file unless the daemon that it names is alive. */
export function removeStalePidFile(pidFile: string, command: string): void {
  if (livingDaemon(pidFile, command) === undefined) rmSync(pidFile, { force: true });
}
