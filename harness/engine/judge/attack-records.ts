// What the audit rules of mitigations wrote of an attack, of what was tried beside it, and of its control.

import type { AuditRecording } from '../../model/audit-recording.ts';
import type { EcsEvent } from '../../model/event.ts';
import type { ProcedureEvidence } from '../../model/evidence.ts';
import { seesProcesses, sensorsOf } from '../proof/visibility.ts';
import type { JudgedProcedure } from './judged-case.ts';

type Recorded = Pick<JudgedProcedure, 'evidence' | 'attribution'>;

/** Those with one key of audit rules. */
export interface AttackRecords {
  readonly key: string;
  readonly count: number;
  /** The first, in words. */
  readonly first: string;
}

export interface Heard {
  readonly records: readonly AttackRecords[];
  /** Why it is not known that there are no others; undefined where it is. */
  readonly unheard: string | undefined;
}

/** The records of the attack itself, by key: what a scheduler or a probe does by itself is none of its doing. */
export const attackRecords = ({ evidence, attribution }: Recorded): Heard =>
  heardOf(evidence, (event) => attribution.ownerOf(event) === 'attack');

/**
 * The records of what was tried under mitigations, of its own command and of the job that it had launched.
 * @param step its place among all steps of the case
 * @param nonce its marker
 */
export const useRecords = (
  { evidence, attribution }: Recorded,
  step: number,
  nonce: string | undefined,
): Heard => heardOf(evidence, (event) => attribution.isOfStep(event, step, nonce));

/** Keys of which there are records, whoever made them; null where nobody listened. */
export const recordedKeys = ({ recording }: Pick<ProcedureEvidence, 'recording'>): string[] | null =>
  recording ? [...new Set(recording.records.flatMap(keysOf))] : null;

function heardOf(evidence: ProcedureEvidence, isOwn: (event: EcsEvent) => boolean): Heard {
  const { recording } = evidence;
  if (!recording) return { records: [], unheard: 'nobody listened to what is on record' };
  const byKey = new Map<string, EcsEvent[]>();
  for (const event of recording.records.filter(isOwn))
    for (const key of keysOf(event)) byKey.set(key, [...(byKey.get(key) ?? []), event]);
  const records = [...byKey].map(
    ([key, events]): AttackRecords => ({ key, count: events.length, first: inWords(key, events[0]) }),
  );
  return { records, unheard: whyUnheard(recording, evidence) };
}

function whyUnheard(
  { records, more, lost }: AuditRecording,
  evidence: ProcedureEvidence,
): string | undefined {
  if (lost !== 0) return `of what was put on record, ${lost} records were lost`;
  const flooded = Object.keys(more);
  if (flooded.length > 0) return `there are more records with the key ${flooded.join(', ')} than were kept`;
  return records.length > 0 && !seesProcesses(sensorsOf(evidence))
    ? 'no sensor of this run shows whose what is on record is'
    : undefined;
}

const keysOf = ({ tags }: EcsEvent): string[] => (Array.isArray(tags) ? tags.map(String) : []);

/** As one would tell somebody who reads the log: who did what to what, and what was executed or with which program. */
function inWords(key: string, event: EcsEvent | undefined): string {
  if (!event) return '';
  const { user, process, file } = event;
  const who = user?.name ?? user?.id ?? 'somebody';
  const what = file?.path ?? process?.executable ?? '';
  const isStart = event.event.type.includes('start');
  const how = isStart ? `: ${(process?.args ?? []).join(' ')}` : ` with ${process?.name ?? 'a program'}`;
  return `${key}: ${who} ${event.event.action.replaceAll('-', ' ')} ${what}${how}`;
}
