// What a sensor's vocabulary says it can tell is what its events have: rules, lint and judging believe it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { emptyInventory, type Schedule } from '../../../harness/model/inventory.ts';
import { gives, sensorNames, vocabularyOf } from '../../../harness/model/vocabularies/index.ts';
import { sensorsFor } from '../../../harness/rules/index.ts';
import { diffInventory } from '../../../harness/schedulers/inventory-diff.ts';
import { parseAuditLog } from '../../../harness/telemetry/audit/index.ts';
import { inventoryEvents } from '../../../harness/telemetry/inventory/index.ts';
import { parseJournalJson } from '../../../harness/telemetry/journal/index.ts';
import { nameOf, sensors } from '../../../harness/telemetry/registry.ts';
import { residueEvents } from '../../../harness/telemetry/residue/index.ts';
import { mapRecorded } from './ebpf/recorded.ts';
import { engineEvents } from './engine/recorded.ts';

const linesOf = (file: string): string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

const schedule: Schedule = {
  kind: 'system-crontab',
  id: 'x',
  user: 'root',
  when: '* * * * *',
  command: '/bin/true',
  file: '/etc/cron.d/x.y',
};
const listed = {
  path: '/etc/cron.d/l',
  mode: '0644',
  owner: 'root',
  content: 'x',
  sha256: 'a',
  target: '/x',
};
const changes = diffInventory(emptyInventory, { ...emptyInventory, schedules: [schedule], files: [listed] });
const at = '2026-01-01T00:00:00Z';
const trace = { type: 'f', mode: '0644', uid: '0', gid: '0', size: 3 } as never;

const recorded: Readonly<Record<string, () => EcsEvent[]>> = {
  ebpf: mapRecorded,
  journal: () =>
    linesOf('journal/fixtures/debian12.ndjson').map((line, at) => parseJournalJson(line, at + 1)),
  audit: () => [...parseAuditLog(linesOf('audit/fixtures/debian12.log'))],
  engine: engineEvents,
  inventory: () => inventoryEvents(changes, { at }),
  residue: () => [
    ...inventoryEvents(changes, { at, sensor: 'residue' }),
    ...residueEvents([{ change: 'added', path: '/tmp/x.y', trace }], at),
  ],
};

const namesIn = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([key, child]) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? namesIn(child, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );

it('is there for every registered sensor, and for no other', () => {
  expect(sensors().map(nameOf)).toEqual(sensorNames());
  expect(Object.keys(recorded)).toEqual(sensorNames());
});

describe.each(Object.keys(recorded))('the vocabulary of %s', (sensor) => {
  const events = recorded[sensor]?.() ?? [];
  const vocabulary = vocabularyOf(sensor);
  if (!vocabulary) throw new TypeError(`no vocabulary of ${sensor}`);

  it('has every field of its events', () => {
    expect(events.length).toBeGreaterThan(0);
    const names = new Set(events.flatMap((event) => namesIn(event)));
    expect([...names].filter((name) => !gives(vocabulary, name))).toEqual([]);
  });

  it('has their categories, and their actions under one of these', () => {
    const { actions, furtherActionsIn = [] } = vocabulary;
    const unknown = events.flatMap(({ event: { category, action } }) => {
      const names = category.length > 0 ? category : [''];
      const isKnown = names.some(
        (name) => actions[name]?.includes(action) || furtherActionsIn.includes(name),
      );
      return isKnown && names.every((name) => name in actions) ? [] : [`${names}: ${action}`];
    });
    expect(unknown).toEqual([]);
  });

  it('says what is the same in all of them', () => {
    for (const { event } of events) {
      for (const [field, values] of Object.entries(vocabulary.values))
        expect(values).toContain(event[field.replace('event.', '')]);
    }
  });
});

it.each([
  ['process', ['ebpf', 'journal', 'audit']],
  ['file', ['ebpf', 'audit', 'residue']],
  ['configuration', ['journal', 'audit', 'inventory', 'residue']],
  ['session', ['journal', 'audit']],
  ['iam', ['audit']],
  ['network', ['audit']],
  ['container', ['engine']],
  ['registry', []],
  ['any', ['ebpf', 'journal', 'audit', 'engine', 'inventory', 'residue']],
])('events of the category %s come from %j', (category, wanted) => {
  expect(sensorsFor({ kind: 'categories', categories: [category] })).toEqual(wanted);
});
