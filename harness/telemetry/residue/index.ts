// The residue sensor: what is still different in a target after an atomic's cleanup, beyond schedules.

import type { Target } from '../../engine/ports.ts';
import type { EcsEvent } from '../../model/event.ts';
import { type Accounts, accountsOf } from '../accounts.ts';
import { pathFields } from '../path-fields.ts';
import type { FileChange } from './changes.ts';

export { type FileChange, footprintChanges } from './changes.ts';

/** `file added: /tmp/evil.sh (0755 alice, 12 bytes)`: one line for people. */
export function residueLine({ change, path, trace }: FileChange, accounts: Accounts): string {
  const shown = oneLine(path);
  if (!trace) return `file ${change}: ${shown}`;
  const { type, mode, uid, size } = trace;
  const owner = accounts.users.get(uid) ?? uid;
  const what = kinds[type];
  return `${what ?? 'file'} ${change}: ${shown} (${mode} ${owner}${type === 'f' ? `, ${size} bytes` : ''})`;
}

/** File names may hold line breaks and escape sequences. */
const oneLine = (path: string): string =>
  path.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The lines for a target. */
export const residueLines = (changes: readonly FileChange[], target: Target): string[] => {
  const accounts = accountsOf(target.accounts);
  return changes.map((change) => residueLine(change, accounts));
};

/** The same as events, so that rules can ask for what stays: action `file-left`, type as the change. */
export function residueEvents(changes: readonly FileChange[], at: string, firstNumber = 1): EcsEvent[] {
  return changes.map(({ change, path, trace }, index) => ({
    '@timestamp': at,
    event: {
      id: `residue-${firstNumber + index}`,
      kind: 'event',
      category: ['file'],
      type: [eventTypes[change]],
      action: `file-left-${change}`,
      dataset: 'atomclock.residue',
    },
    host: { os: { type: 'linux' } },
    file: { ...pathFields(path), ...(trace ? { mode: trace.mode, uid: trace.uid, size: trace.size } : {}) },
    message: `${path} ${change}`,
    atomclock: { sensor: 'residue' },
  }));
}

const eventTypes = { added: 'creation', changed: 'change', removed: 'deletion' } as const;
const kinds: Readonly<Record<string, string>> = { d: 'folder', l: 'link', p: 'pipe', s: 'socket' };
