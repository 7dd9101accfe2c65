// The residue sensor as others see it: what cleanup left of an attack.

import { residueVocabulary } from '../../model/vocabularies/residue.ts';
import { diffInventory } from '../../schedulers/inventory-diff.ts';
import type { SnapshotDescriptor } from '../descriptor.ts';
import { inventoryEvents } from '../inventory/events.ts';
import { takeFootprint } from './footprint.ts';
import { footprintChanges, residueEvents, residueLines } from './index.ts';

export const residueDescriptor: SnapshotDescriptor = {
  kind: 'snapshot',
  vocabulary: residueVocabulary,
  summary: 'what cleanup left: schedules, and files anywhere',
  byDefault: true,
  start: () => ({
    name: residueVocabulary.sensor,
    async begin(target) {
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
    },
  }),
};
