// What the client of cron refuses says nothing of a table that got into the spool without it.

import { expect, it } from 'vitest';
import { inertReasonsFromJournal } from '../../../harness/engine/proof/inert-reasons.ts';
import { emptyInventory } from '../../../harness/model/inventory.ts';
import { diffInventory } from '../../../harness/schedulers/inventory-diff.ts';
import { event } from './events.ts';

const table = {
  kind: 'crontab' as const,
  id: 'alice',
  user: 'alice',
  when: '* * * * *',
  command: 'id',
  file: '/var/spool/cron/crontabs/alice',
};
const changes = diffInventory(emptyInventory, { ...emptyInventory, schedules: [table] });
const line = (action: string, message: string) => {
  const said = event('configuration', 'denied', action, { message });
  return {
    ...said,
    event: { ...said.event, outcome: 'failure' as const },
    atomclock: { sensor: 'journal' as const, job: { scheduler: 'cron', user: 'alice' } },
  };
};

it.each([
  ['crontab-denied', '(alice) AUTH (crontab command not allowed)', []],
  ['cron-error', '(alice) ORPHAN (no passwd entry)', ['(alice) ORPHAN (no passwd entry)']],
])('%s', (action, message, reasons) => {
  const found = inertReasonsFromJournal([line(action, message)], changes);
  expect(found.map(({ because }) => because)).toEqual(reasons);
});
