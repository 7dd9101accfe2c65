// The lines in which atd refuses a job; of jobs that run it says nothing but what PAM says.

import { atRefusals } from '../../../schedulers/at.ts';
import type { Meaning } from './meaning.ts';

/**
 * Reads `Job 7 (a0000701c89178) - userid 0 does not match file uid 1000` and its kin.
 * @returns undefined for every other line
 */
export function atMeaning(message: string): Meaning | undefined {
  for (const [verb, form] of atRefusals) {
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
