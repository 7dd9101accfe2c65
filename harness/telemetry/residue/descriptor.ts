// The residue sensor as others see it: what cleanup left of an attack.

import { residueVocabulary } from '../../model/vocabularies/residue.ts';
import type { SnapshotDescriptor } from '../descriptor.ts';

export const residueDescriptor: SnapshotDescriptor = {
  kind: 'snapshot',
  vocabulary: residueVocabulary,
  summary: 'what cleanup left: schedules, and files anywhere',
  byDefault: true,
  start: () => ({
    name: residueVocabulary.sensor,
    begin: async (target) => (await import('./comparison.ts')).beginResidue(target),
  }),
};
