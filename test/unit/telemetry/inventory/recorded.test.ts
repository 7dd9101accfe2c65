// A debian12 target full of schedules, recorded: all of them are found, and exactly those that cannot run are inert.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inertReasonsFromJournal } from '../../../../harness/engine/proof/inert-reasons.ts';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { emptyInventory } from '../../../../harness/model/inventory.ts';
import { diffInventory } from '../../../../harness/schedulers/inventory-diff.ts';
import { inventoryEvents } from '../../../../harness/telemetry/inventory/index.ts';
import { parseJournalJson } from '../../../../harness/telemetry/journal/index.ts';
import { parseInventory } from './script-dump.ts';

const inventory = parseInventory(readFileSync(new URL('fixtures/debian12.dump', import.meta.url), 'utf8'));
const journal = readFileSync(new URL('../journal/fixtures/debian12.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line, index): EcsEvent => parseJournalJson(line, index + 1));
const changes = diffInventory(emptyInventory, inventory);

it('finds every schedule, with who, when and what', async () => {
  const rows = inventory.schedules.map(({ id, user, when, command, inert }) =>
    [id, user, when, command, inert ?? ''].map((cell) => JSON.stringify(cell)).join(' | '),
  );
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('fixtures/debian12.schedules.txt');
});

it('finds every file that decides about a schedule', async () => {
  const rows = inventory.files.map(({ path, mode, owner, content, target }) =>
    [path, mode, owner, content === null ? 'no text' : content.length, target ?? '']
      .map((cell) => JSON.stringify(cell))
      .join(' | '),
  );
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('fixtures/debian12.files.txt');
  expect(inventory.problems).toEqual([]);
});

describe('changes', () => {
  it('are none between an inventory and itself, however often jobs ran', () => {
    const later = structuredClone(inventory);
    for (const schedule of later.schedules) schedule.nextRun = schedule.lastRun = '2030-01-01T00:00:00Z';
    const counter = later.files.find(({ path }) => path.endsWith('/.SEQ'));
    if (counter) counter.content = counter.sha256 = 'another';
    expect(diffInventory(inventory, later)).toEqual([]);
  });

  it('are told as added, changed and removed', () => {
    const later = structuredClone(inventory);
    later.schedules = later.schedules.filter(({ kind }) => kind !== 'at');
    const timer = later.schedules.find(({ id }) => id === 'timer:evil.timer');
    if (timer) timer.command = '/tmp/other';
    const found = diffInventory(inventory, later);
    expect(found.map(({ subject, change }) => `${subject} ${change}`).sort()).toEqual([
      'schedule changed',
      'schedule removed',
      'schedule removed',
    ]);
    expect(diffInventory(later, inventory).filter(({ change }) => change === 'added')).toHaveLength(2);
  });

  it('become events that rules can look into', () => {
    const events = inventoryEvents(changes, { at: inventory.takenAt, firstNumber: 5 });
    expect(events[0]?.event.id).toBe('inventory-5');
    expect(
      events.find(({ atomclock }) => (atomclock.schedule as { id?: string })?.id === 'timer:evil.timer'),
    ).toMatchObject({
      event: { category: ['configuration'], type: ['creation'], action: 'schedule-added' },
      user: { name: 'root' },
      file: { path: '/etc/systemd/system/evil.timer', extension: 'timer' },
      atomclock: { sensor: 'inventory', schedule: { command: '/bin/sh -c echo a b | base64' } },
    });
    expect(
      events.find(
        ({ file, event }) =>
          file?.path === '/etc/systemd/system/evil.timer.d/more.conf' &&
          event.action === 'schedule-file-added',
      ),
    ).toMatchObject({
      atomclock: { content: '[Timer]\nOnBootSec=1h\n' },
    });
  });
});

it('links the daemons’ own refusals to what they refuse', () => {
  const reasons = inertReasonsFromJournal(journal, changes).map(
    ({ about, because }) => `${about} <- ${because}`,
  );
  expect(reasons.sort()).toEqual([
    '/etc/cron.d/persistevil <- (*system*persistevil) ERROR (Syntax error, this crontab file will be ignored)',
    '/etc/cron.d/persistevil <- Error: bad minute; while reading /etc/cron.d/persistevil',
    '/var/spool/cron/atjobs/=00fff01c89178 <- File a00fff01c89178 is in wrong format - aborting',
    '/var/spool/cron/atjobs/a00fff01c89178 <- File a00fff01c89178 is in wrong format - aborting',
    '/var/spool/cron/crontabs/persistevil <- (persistevil) ORPHAN (no passwd entry)',
    'at:4095 <- File a00fff01c89178 is in wrong format - aborting',
    'crontab:persistevil:* * * * * id <- (persistevil) ORPHAN (no passwd entry)',
    'system-crontab:/etc/cron.d/persistevil:: echo hello <- (*system*persistevil) ERROR (Syntax error, this crontab file will be ignored)',
    'system-crontab:/etc/cron.d/persistevil:: echo hello <- Error: bad minute; while reading /etc/cron.d/persistevil',
  ]);
});
