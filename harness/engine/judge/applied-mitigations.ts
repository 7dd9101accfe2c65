// Whether the mitigations of a case took effect, by what their own commands answered.

import type { ProcedureEvidence, RecordedStep } from '../../model/evidence.ts';
import type { Mitigation } from '../../model/mitigation.ts';

/** What applying one, or the check of one, showed. */
export interface Check {
  readonly id: string;
  readonly holds: boolean;
  /** What was found; of one that does not hold, what was expected as well. */
  readonly detail: string;
}

/**
 * Of each mitigation in order, as far as its steps were run: a failed command or an audit rule that could not be loaded,
 * or else what its check found; without a check, how many audit rules were.
 */
export function checksOf({ mitigations, steps, recording }: ProcedureEvidence): Check[] {
  const applied = steps.filter(({ role }) => role === 'mitigation').values();
  const checked = steps.filter(({ role }) => role === 'check').values();
  return mitigations.flatMap(({ id, apply, check }) => {
    const application = apply && applied.next().value;
    const look = check && checked.next().value;
    if (application && application.exitCode !== 0)
      return [{ id, holds: false, detail: `applying it ended with ${endOf(application)}` }];
    const loaded = recording?.loaded.find(({ mitigation }) => mitigation === id);
    const [problem] = loaded?.problems ?? [];
    if (problem !== undefined)
      return [{ id, holds: false, detail: `an audit rule could not be loaded: ${problem}` }];
    if (check && look) return [checkOf(id, check, look)];
    return loaded ? [{ id, holds: true, detail: `audit rules loaded: ${loaded.rules}` }] : [];
  });
}

function checkOf(
  id: string,
  { output, exitCode }: NonNullable<Mitigation['check']>,
  look: RecordedStep,
): Check {
  const said = `${look.stdout}\n${look.stderr}`;
  const holds = look.exitCode === exitCode && (output === undefined || said.includes(output));
  if (holds) return { id, holds, detail: lineOf(said, output) || `exit ${exitCode}` };
  const wanted = output === undefined ? `exit ${exitCode}` : `exit ${exitCode} and '${output}'`;
  return { id, holds, detail: `its check expects ${wanted}, and ended with ${endOf(look)}` };
}

const endOf = ({ exitCode, stdout, stderr }: RecordedStep): string => {
  const said = [stderr, stdout].map((text) => text.trim()).filter((text) => text !== '');
  return [exitCode === null ? 'its time limit' : `exit ${exitCode}`, ...said].join(': ');
};

/** The line that has the text, or the first. */
const lineOf = (said: string, text = ''): string =>
  (said.split('\n').find((line) => line.trim() !== '' && line.includes(text)) ?? '').trim();
