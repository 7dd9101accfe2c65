// Whether the mitigations of a case took effect, by what their own commands answered.

import type { ProcedureEvidence, RecordedStep } from '../../model/evidence.ts';
import type { Mitigation } from '../../model/mitigation.ts';

/** What applying one, or the check of one, showed. */
export interface Check {
  readonly id: string;
  readonly holds: boolean;
  /** What was found; of one that does not hold, what was expected as well. */
  readonly detail: string;
  /** It held, and no longer did when these were applied after it: at least one of them undoes it. */
  readonly undoneBy?: readonly string[];
  /** It held before the attack, and no longer when that was over: what was expected then and found. */
  readonly undoneLater?: string;
}

/**
 * Of each mitigation in order, as far as its steps were run: a failed command or an audit rule that could not be loaded,
 * or else what its check found, once it was applied, when all were, and when the attack was over; without a check, how
 * many audit rules were loaded.
 */
export function checksOf({ mitigations, steps, recording }: ProcedureEvidence): Check[] {
  const attack = steps.findIndex(({ role }) => role === 'attack');
  const before = attack === -1 ? steps : steps.slice(0, attack);
  const looks = ofRole('check', before);
  const applied = ofRole('mitigation', before);
  const first = mitigations.flatMap(({ id, apply, check }): Check[] => {
    const application = apply && applied.next().value;
    const look = check && looks.next().value;
    if (application && application.exitCode !== 0)
      return [{ id, holds: false, detail: `applying it ended with ${endOf(application)}` }];
    const loaded = recording?.loaded.find(({ mitigation }) => mitigation === id);
    const [problem] = loaded?.problems ?? [];
    if (problem !== undefined)
      return [{ id, holds: false, detail: `an audit rule could not be loaded: ${problem}` }];
    if (check && look) return [checkOf(id, check, look)];
    return loaded ? [{ id, holds: true, detail: `audit rules loaded: ${loaded.rules}` }] : [];
  });
  const undone = failedOf(mitigations.slice(0, -1), looks);
  const undoneLater = failedOf(mitigations, ofRole('check', steps.slice(before.length)));
  const ids = mitigations.map(({ id }) => id);
  return first.map((check) => {
    const { id } = check;
    if (!check.holds) return check;
    const found = undone.get(id);
    if (found !== undefined)
      return { id, holds: false, detail: found, undoneBy: ids.slice(ids.indexOf(id) + 1) };
    const later = undoneLater.get(id);
    return later === undefined ? check : { ...check, undoneLater: later };
  });
}

const ofRole = (wanted: RecordedStep['role'], steps: readonly RecordedStep[]) =>
  steps.filter(({ role }) => role === wanted).values();

/** Those whose check did not hold when it was run again, with what it found; evidence of before has no such steps. */
function failedOf(mitigations: readonly Mitigation[], looks: Iterator<RecordedStep>): Map<string, string> {
  const failed = new Map<string, string>();
  for (const { id, check } of mitigations) {
    const look: RecordedStep | undefined = check && looks.next().value;
    const again = check && look && checkOf(id, check, look);
    if (again && !again.holds) failed.set(id, again.detail);
  }
  return failed;
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
