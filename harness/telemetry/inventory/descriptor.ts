// The inventory sensor as others see it: what the attack scheduled.

import { inventoryVocabulary } from '../../model/vocabularies/inventory.ts';
import type { SnapshotDescriptor } from '../descriptor.ts';

export const inventoryDescriptor: SnapshotDescriptor = {
  kind: 'snapshot',
  vocabulary: inventoryVocabulary,
  summary: 'what the attack scheduled: tables, jobs, timers and their files',
  byDefault: true,
  start: () => ({
    name: inventoryVocabulary.sensor,
    // It compares what the engine takes anyway.
    begin: async () => ({
      async compare({ before, scheduled }) {
        const { diffInventory } = await import('../../schedulers/inventory-diff.ts');
        const { inventoryEvents } = await import('./events.ts');
        const events = inventoryEvents(diffInventory(before, scheduled), { at: scheduled.takenAt });
        return { events, left: [] };
      },
    }),
  }),
};
