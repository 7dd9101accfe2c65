// What is still different after cleanup: schedules as the inventory tells them, and files.

import { scheduleActions, scheduleFields } from './inventory.ts';
import { below, ownFields } from './names.ts';
import type { Vocabulary } from './vocabulary.ts';

export const residueVocabulary: Vocabulary = {
  sensor: 'residue',
  actions: {
    file: ['file-left-added', 'file-left-changed', 'file-left-removed'],
    configuration: scheduleActions,
  },
  fields: [...scheduleFields, ...below('file', 'uid', 'size')],
  families: [ownFields],
  values: { 'event.dataset': ['atomclock.residue'] },
  sees: { processes: 'none', files: 'left', launches: [] },
};
