// Looks at a target before an attack and after its cleanup.

import type { Snapshot, Target } from '../../engine/ports.ts';
import { residueVocabulary } from '../../model/vocabularies/residue.ts';
import { diffInventory } from '../../schedulers/inventory-diff.ts';
import { inventoryEvents } from '../inventory/events.ts';
import { takeFootprint } from './footprint.ts';
import { footprintChanges, residueEvents, residueLines } from './index.ts';

/** The look before the attack; what it gives looks again. */
export async function beginResidue(target: Target): Promise<Snapshot> {
  const footprint = await takeFootprint(target);
  return {
    async compare({ before, after }) {
      const files = footprintChanges(footprint, await takeFootprint(target));
      const schedules = diffInventory(before, after);
      const told = inventoryEvents(schedules, { at: after.takenAt, sensor: residueVocabulary.sensor });
      return {
        events: [...told, ...residueEvents(files, new Date().toISOString(), told.length + 1)],
        left: residueLines(files, target),
      };
    },
  };
}
