// What the library gives of a judged record: what the command line would print and exit with, as data.

import { outcomeOf } from '../cli/outcome.ts';
import { type ExitCode, exitCodes, type Problem } from '../model/errors.ts';
import { type Requirement, withGates } from '../model/gates.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import type { RunRecord } from '../model/run-record.ts';
import { type Finding, findingsOf } from '../report/findings.ts';

export interface Result {
  /** Everything that was found; its JSON Schema is `atomclock/run-record.schema.json`. */
  readonly record: RunRecord;
  /** What is not as expected: failed cases, silent or noisy rules, gates that are not met. */
  readonly findings: readonly Finding[];
  /** Content that could not be used, or that somebody should look at. */
  readonly problems: readonly Problem[];
  /** What the command line would exit with: 0 all as expected, 1 not, 2 bad content, 3 it could not be told. */
  readonly exitCode: ExitCode;
}

/** Listens to a job for its problems, and hands all on. */
export function listening(onEvent: OnRunEvent = () => {}): { problems: Problem[]; hear: OnRunEvent } {
  const problems: Problem[] = [];
  return {
    problems,
    hear(event) {
      if (event.kind === 'problem') problems.push(event.problem);
      onEvent(event);
    },
  };
}

export function resultOf(
  judged: { readonly record: RunRecord; readonly hasErrors: boolean },
  problems: readonly Problem[],
  requirements: readonly Requirement[],
): Result {
  const record = withGates(judged.record, requirements);
  const exitCode = judged.hasErrors ? exitCodes.badInput : outcomeOf(record);
  return { record, findings: findingsOf(record), problems, exitCode };
}
