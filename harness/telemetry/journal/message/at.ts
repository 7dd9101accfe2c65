// The lines in which atd refuses a job; of jobs that run it says nothing but what PAM says.

import type { Meaning } from './meaning.ts';

/**
 * Reads `Job 7 (a0000701c89178) - userid 0 does not match file uid 1000` and its kin.
 * @returns undefined for every other line
 */
export function atMeaning(message: string): Meaning | undefined {
  for (const [verb, form] of refusals) {
    const { file } = form.exec(message)?.groups ?? {};
    if (file === undefined) continue;
    return {
      category: ['configuration'],
      type: ['error'],
      action: 'at-job-refused',
      outcome: 'failure',
      job: { scheduler: 'at', verb, file },
    };
  }
  return undefined;
}

/** `file` is the name in the spool. */
const refusals: readonly (readonly [verb: string, form: RegExp])[] = [
  ['WRONG FORMAT', /^File (?<file>\S+) is in wrong format - aborting/],
  ['NO USER', /^Userid \d+ not found - aborting job\s+\d+ \((?<file>[^)]+)\)/],
  ['WRONG USER', /^Job\s+\d+ \((?<file>[^)]+)\) - userid \d+ does not match file uid \d+/],
  ['CANNOT OPEN', /^(?:Cannot open|open of) (?:input file )?(?<file>[a-zA-Z=][0-9a-f]{13})\b/],
];
