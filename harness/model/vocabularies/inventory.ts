// What two inventories tell: which schedules, and which files of schedulers, are new, different or gone.

import { below, envelope, ownFields } from './names.ts';
import type { Vocabulary } from './vocabulary.ts';

const changes = ['added', 'changed', 'removed'];

/** Of schedules and of their files. */
export const scheduleActions: readonly string[] = changes.flatMap((change) => [
  `schedule-${change}`,
  `schedule-file-${change}`,
]);

/** Of the same events. */
export const scheduleFields: readonly string[] = [
  ...envelope,
  'message',
  ...below('file', 'path', 'name', 'directory', 'extension', 'target_path', 'type', 'mode', 'owner'),
  'file.hash.sha256',
  'user.name',
];

export const inventoryVocabulary: Vocabulary = {
  sensor: 'inventory',
  actions: { configuration: scheduleActions },
  fields: scheduleFields,
  families: [ownFields],
  values: { 'event.dataset': ['atomclock.inventory'] },
  sees: { processes: 'none', files: 'none', launches: [] },
};
