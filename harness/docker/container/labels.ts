// The labels on every container of ours: what it is for, and who must be alive for it to be needed.

import { currentOwner, type Owner } from './owner.ts';

const prefix = 'dev.atomclock.';
/** On every container of ours, whatever its role: what the sweep looks for. */
export const ownerLabel = `${prefix}owner`;
export const runLabel = `${prefix}run`;
export const caseLabel = `${prefix}case`;
const standsForLabel = `${prefix}stands-for`;

export type ContainerRole = 'target' | 'sidecar';

export interface ContainerPurpose {
  role: ContainerRole;
  /** Run id. */
  run: string;
  /** Case id; absent for what serves a whole run. */
  case?: string;
  /** Whose doing it is, on a machine without the harness: the attack's, where that is to have started it. */
  standsFor?: 'attack';
}

/** The labels of a container that this process starts now. */
export function labelsFor(
  { role, run, case: caseId, standsFor }: ContainerPurpose,
  owner: Owner = currentOwner(),
  now: Date = new Date(),
): Record<string, string> {
  return {
    [`${prefix}role`]: role,
    [runLabel]: run,
    ...(caseId !== undefined && { [caseLabel]: caseId }),
    ...(standsFor !== undefined && { [standsForLabel]: standsFor }),
    [ownerLabel]: JSON.stringify(owner),
    [`${prefix}created`]: now.toISOString(),
  };
}

/** Whether nobody but the harness would have started the container. */
export const isOfHarness = (labels: Readonly<Record<string, string>>): boolean =>
  labels[standsForLabel] !== 'attack';

/** The owner that a container's labels name; undefined when the label is not one that we wrote. */
export function ownerOf(labels: Readonly<Record<string, string>>): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(labels[ownerLabel] ?? '');
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { host, pid, started } = value as Partial<Record<keyof Owner, unknown>>;
  return typeof host === 'string' && typeof pid === 'number' && typeof started === 'string';
}
