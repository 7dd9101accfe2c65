// A case of a run, and what the message of a failed test has to say of it: a lab test that fails once on a machine far
// away is understood by that or not at all.

import type { CaseRecord, RunRecord } from '../../harness/model/run-record.ts';

/**
 * The case of an atomic, by its id, or by the slug, GUID or name of its atomic.
 * @throws RangeError with the cases that there are
 */
export function caseOf({ cases }: RunRecord, wanted: string): CaseRecord {
  const found = cases.find(({ id, atomic }) => [id, atomic.slug, atomic.guid, atomic.name].includes(wanted));
  if (!found) throw new RangeError(`no case of ${wanted} among: ${cases.map(({ id }) => id).join(', ')}`);
  return found;
}

/** What was observed, why, what each command came to and what the sensors had. */
export function account({ id, observation, verdict, reasons, proof, steps, telemetry }: CaseRecord): string {
  return [
    `${id}: ${observation ?? 'not run'}, ${verdict}`,
    ...reasons.map((reason) => `  because: ${reason}`),
    ...(proof
      ? [`  proof: ${proof.scheduler} launched ${proof.commandLine} after ${proof.latencyMs} ms`]
      : []),
    ...steps.map(
      ({ role, user, exitCode, ms, stdout, stderr }) =>
        `  ${role} as ${user}: exit ${exitCode} after ${ms} ms${said('stdout', stdout)}${said('stderr', stderr)}`,
    ),
    `  sensors: ${telemetry.events} events, ${telemetry.lost} lost`,
  ].join('\n');
}

/** Of a whole run: each case that did not pass. */
export const accounts = ({ cases }: RunRecord): string =>
  cases
    .filter(({ verdict }) => verdict !== 'pass')
    .map(account)
    .join('\n');

const most = 500;

const said = (stream: string, text: string): string =>
  text === '' ? '' : `, ${stream}: ${JSON.stringify(text.length > most ? `…${text.slice(-most)}` : text)}`;
