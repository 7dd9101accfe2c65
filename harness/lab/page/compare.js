// Two cases of one attack side by side: where they part, and why.

/** @typedef {import('./case-state.js').CaseState} CaseState */
/** @typedef {{ stage: string, without: string, under: string, parts: boolean }} Comparison */

/**
 * What was seen of each stage, once both have come there; the first that differs is where they part.
 * @param {CaseState} without
 * @param {CaseState} under
 * @returns {Comparison[]}
 */
export function compared(without, under) {
  const rows = [
    row('Submission', submission(without), submission(under)),
    row('Launch', launch(without), launch(under)),
    row('Seen by', seen(without), seen(under)),
  ].filter((each) => each !== null);
  const first = rows.findIndex(({ without: a, under: b }) => a !== b);
  return rows.map((each, at) => ({ ...each, parts: at === first && each.stage !== 'Seen by' }));
}

/**
 * @param {string} stage
 * @param {string | null} without
 * @param {string | null} under
 */
const row = (stage, without, under) =>
  without === null && under === null
    ? null
    : { stage, without: without ?? '…', under: under ?? '…', parts: false };

/** @param {CaseState} state */
function submission({ steps }) {
  const attack = steps.find(({ role }) => role === 'attack');
  if (!attack) return null;
  if (attack.exitCode === 0) return 'accepted (exit 0)';
  const [line = ''] = `${attack.stderr}\n${attack.stdout}`.split('\n').filter((each) => each.trim() !== '');
  return `refused (exit ${attack.exitCode ?? 'none'})${line && `: ${line.trim()}`}`;
}

/** @param {CaseState} state */
function launch({ proof, observation, stages, stage }) {
  if (proof) return `launched by ${proof.scheduler}, as ${proof.user}`;
  if (observation !== null) return 'never launched';
  return stages.includes('wait') && stage === 'wait' ? 'waiting…' : null;
}

/** @param {CaseState} state */
function seen({ rules, observation }) {
  const slugs = [...rules.keys()].toSorted();
  if (slugs.length > 0) return slugs.join(', ');
  return observation === null ? null : 'no rule';
}
