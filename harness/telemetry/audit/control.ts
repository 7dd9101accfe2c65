// What the audit sidecar says about itself, between the records (containers/sensors/audit/audit-sidecar.c).

import { AtomclockError, exitCodes } from '../../model/errors.ts';

export type ControlLine =
  | { readonly op: 'ready' }
  /** It leaves the machine alone: `owned` by another reader, `locked`, or `unavailable`. */
  | { readonly op: 'refused'; readonly code: string; readonly why: string }
  | { readonly op: 'ran'; readonly id: string; readonly exitCode: number; readonly output: string }
  /** `lost`: records dropped since audit was first on. */
  | { readonly op: 'status'; readonly lost: number };

/** @throws AtomclockError `sensor/audit-protocol` for a line that the sidecar does not write */
export function parseControl(line: string): ControlLine {
  const said = JSON.parse(line) as Record<string, unknown>;
  switch (said.op) {
    case 'ready':
      return { op: said.op };
    case 'refused':
      return { op: 'refused', code: String(said.code), why: String(said.why) };
    case 'ran':
      return { op: 'ran', id: String(said.id), exitCode: Number(said.exitCode), output: String(said.output) };
    case 'status':
      return { op: 'status', lost: Number(said.lost ?? 0) };
    default:
      throw new AtomclockError('sensor/audit-protocol', `The audit sidecar says what nobody knows: ${line}`, {
        exitCode: exitCodes.labUnavailable,
      });
  }
}
