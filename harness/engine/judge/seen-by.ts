// A recorded case as other sensors alone would have left it: "what if we had only this telemetry?"

import type { EcsEvent, SensorName } from '../../model/event.ts';
import type { CaseEvidence } from '../../model/evidence.ts';
import { lossFaultCode, lossFaults } from '../../model/loss.ts';
import { vocabularyOf } from '../../model/vocabularies/index.ts';

/**
 * Leaves of the evidence what a run with these sensors would have had: their events, their losses, and what cleanup left
 * only where one of them tells it. What the harness itself did and read (steps, inventories) every run has.
 */
export function seenBy(
  chosen: ReadonlySet<SensorName>,
  evidence: CaseEvidence,
  events: readonly EcsEvent[],
): { evidence: CaseEvidence; events: EcsEvent[] } {
  const perSensor = Object.fromEntries(
    Object.entries(evidence.telemetry.perSensor).filter(([sensor]) => chosen.has(sensor)),
  );
  const faults = evidence.faults.filter(({ code }) => code !== lossFaultCode);
  const tellsLeft = [...chosen].some((sensor) => vocabularyOf(sensor)?.sees.files === 'left');
  return {
    evidence: {
      ...evidence,
      filesystem: tellsLeft ? evidence.filesystem : [],
      telemetry: { ...evidence.telemetry, perSensor },
      faults: [...faults, ...lossFaults(perSensor)],
    },
    events: events.filter(({ atomclock }) => chosen.has(atomclock.sensor)),
  };
}
