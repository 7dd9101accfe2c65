// What a mitigation refused to somebody at a terminal: a shell's exit code says nothing of what was typed before.

import type { CaseEvidence } from '../../model/evidence.ts';
import { isTerminal } from '../../model/terminal.ts';

export interface Refusal {
  /** Its id. */
  readonly mitigation: string;
  /** The line of the terminal that has the text by which the mitigation is known to refuse. */
  readonly line: string;
}

/** Each text by which a mitigation of the case refuses a submission, once, where the terminal showed it. */
export function refusalsIn(evidence: CaseEvidence): Refusal[] {
  if (evidence.kind === 'idle' || !isTerminal(evidence.atomic)) return [];
  const lines = evidence.steps
    .filter(({ role }) => role === 'attack')
    .flatMap(({ stdout }) => stdout.split('\n'));
  return evidence.mitigations.flatMap(({ id, stops }) => {
    const texts = new Set(stops.filter(({ stage }) => stage === 'submission').map(({ reason }) => reason));
    return [...texts].flatMap((text) => {
      const line = lines.find((one) => one.includes(text));
      return line === undefined ? [] : [{ mitigation: id, line: line.trim() }];
    });
  });
}
