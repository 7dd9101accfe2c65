// The journal sensor as others see it.

import { journalVocabulary } from '../../model/vocabularies/journal.ts';
import type { LiveDescriptor } from '../descriptor.ts';

export const journalDescriptor: LiveDescriptor = {
  kind: 'live',
  vocabulary: journalVocabulary,
  summary: "the target's own log: cron, at, systemd, PAM, sudo, sshd",
  byDefault: true,
  sidecar: null,
  async start({ onRaw }) {
    const { startJournalSensor } = await import('./sensor.ts');
    return startJournalSensor({ onRaw });
  },
};
