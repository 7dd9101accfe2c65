// A RunRecord's exit code.

import { type ExitCode, exitCodes } from '../model/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import { findingsOf } from '../report/findings.ts';

/**
 * What `run`, `replay` and `merge` exit with. The cause that makes the others doubtful wins: a rule that could not be
 * used, then a lab that could not tell, then an expectation that failed.
 */
export function outcomeOf(record: RunRecord): ExitCode {
  const severities = new Set(findingsOf(record).map(({ severity }) => severity));
  if (severities.has('unusable')) return exitCodes.badInput;
  // What is not there could have been anything.
  if (severities.has('error') || record.run.missing?.length) return exitCodes.labUnavailable;
  if (severities.has('fail')) return exitCodes.expectationFailed;
  return exitCodes.asExpected;
}
