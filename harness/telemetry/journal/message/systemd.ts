// What the service manager says about units, by the message ids that systemd promises to keep (systemd/sd-messages.h).

import { field, type JournalEntry } from '../entry.ts';
import type { Meaning } from './meaning.ts';

/**
 * Reads an entry of a service manager (system or user).
 * @returns undefined for entries about no unit and no reload
 */
export function systemdMeaning(entry: JournalEntry, message: string): Meaning | undefined {
  const id = field(entry, 'MESSAGE_ID') ?? '';
  const unit = field(entry, 'UNIT') ?? field(entry, 'USER_UNIT');
  const change = isSkip.test(message) ? skipped : unitChanges.get(id);
  if (change && unit)
    return {
      category: ['process'],
      type: ['info'],
      action: `unit-${change.action}`,
      outcome: change.outcome,
      job: { scheduler: 'systemd', verb: change.action, unit },
    };
  // `Reloading.` has no id and no unit; PID 1 and user managers alike say it (later versions name who asked).
  if (/^Reloading(\.| |\u2026)/.test(message) && unit === undefined)
    return { category: ['configuration'], type: ['change'], action: 'manager-reloaded' };
  return undefined;
}

/** systemd gives a unit whose conditions do not hold the same message id as one that has started. */
const isSkip = / was skipped because /;
const skipped = { action: 'skipped', outcome: 'failure' } as const;

const unitChanges: ReadonlyMap<string, { action: string; outcome: 'success' | 'failure' }> = new Map(
  Object.entries({
    '7d4958e842da4a758f6c1cdc7b36dcc5': { action: 'starting', outcome: 'success' },
    '39f53479d3a045ac8e11786248231fbf': { action: 'started', outcome: 'success' },
    be02cf6855d2428ba40df7e9d022f03d: { action: 'failed', outcome: 'failure' },
    de5b426a63be47a7b6ac3eaac82e2f6f: { action: 'stopping', outcome: 'success' },
    '9d1aaa27d60140bd96365438aad20286': { action: 'stopped', outcome: 'success' },
    '7ad2d189f7e94e70a38c781354912448': { action: 'deactivated', outcome: 'success' },
    d9b373ed55a64feb8242e02dbe79a49c: { action: 'failed', outcome: 'failure' },
    '98e322203f7a4ed290d09fe03c09fe15': { action: 'process-exited', outcome: 'failure' },
    '641257651c1b4ec9a8624d7a40a9e1e7': { action: 'spawn-failed', outcome: 'failure' },
  } as const),
);
