// What atd checks of a file in its spool before it runs it.

import { parseJobName } from './at.ts';
import { type FileFacts, isRegular } from './file-facts.ts';

/** What at writes first; atd takes the account from here and insists that it owns the file. */
export const jobHeader = /^#!\/bin\/sh\n# atrun uid=(?<uid>\d+) gid=\d+\n/;

/**
 * Why atd would not run a file of its spool, in its own words; undefined where it would.
 * @param content null where it is not known
 * @param isAccount whether there is an account of that user id
 * @param isRunning whether atd has linked the file to its name of a running job
 * @source at 3.2.5, atd.c, run_loop and run_file, in their order; measured, each one
 */
export function jobRefusal(
  name: string,
  file: FileFacts & { readonly content: string | null },
  isAccount: (uid: string) => boolean,
  isRunning: boolean,
): string | undefined {
  if (!parseJobName(name)) return `${name} is not a job's name: atd passes over it`;
  if (file.type === 'symlink') return `${name} is a symbolic link: atd could not lock job`;
  if (!isRegular(file)) return `${name} is not a regular file`;
  if ((file.permissions & 0o100) === 0)
    return `mode ${file.mode}: atd takes a job that its owner may not execute for unfinished`;
  if (file.links && !name.startsWith('=') && !isRunning)
    return `${name} has more than one hard link: atd takes it for running`;
  if (!isAccount(file.uid)) return `Userid ${file.uid} not found - aborting job`;
  const uid = jobHeader.exec(file.content ?? '')?.groups?.uid;
  if (file.content !== null && uid === undefined) return `File ${name} is in wrong format - aborting`;
  if (uid !== undefined && uid !== file.uid) return `userid ${uid} does not match file uid ${file.uid}`;
  return undefined;
}
