// What journald says about itself: the messages that it had to drop, so that a hole in the log is not silence.

import { field, type JournalEntry } from '../entry.ts';
import type { Meaning } from './meaning.ts';

const suppressed = 'a596d6fe7bfa4994828e72309e95d61e';
const missedKernelMessages = 'e9bf28e6e834481bb6f48f548ad13606';

/** Reads `Suppressed 123 messages from cron.service` and `Missed 5 kernel messages`. */
export function journaldMeaning(entry: JournalEntry, message: string): Meaning | undefined {
  const id = field(entry, 'MESSAGE_ID');
  if (id !== suppressed && id !== missedKernelMessages) return undefined;
  const count = field(entry, 'N_DROPPED') ?? /(\d+)/.exec(message)?.[1] ?? '1';
  return { category: [], type: ['info'], action: 'messages-dropped', lost: Number(count) };
}
