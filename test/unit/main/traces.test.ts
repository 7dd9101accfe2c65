// What a report shows beyond the record: read from a run's folder, it is what the evidence says, and no more than is cited.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOfCase, writeCase, writeEvidenceFile } from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { replay } from '../../../harness/main/replay.ts';
import { writeRun } from '../../../harness/main/run-file.ts';
import { readTraces } from '../../../harness/main/traces.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { evidenceVersion } from '../../../harness/model/evidence.ts';
import { expectationFor } from '../../../harness/model/expectation.ts';
import { emptyInventory, type Inventory, type Schedule } from '../../../harness/model/inventory.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import type { CaseTrace, RunTraces } from '../../../harness/model/traces.ts';
import { anAtomic, anExpectation, runFacts } from '../engine/content.ts';
import { exec, exit, file, fork, resetClock, running } from '../engine/events.ts';
import { attackArgs, cron, cronChild, cronJob, marker, nonce, pid1, stepShell } from '../engine/story.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-traces-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = join(folder, 'run');

const table = '/etc/cron.d/evil';
const ofTable: Schedule = {
  kind: 'system-crontab',
  id: `system-crontab:${table}:1`,
  user: 'root',
  when: '* * * * *',
  command: marker.join(' '),
  file: table,
};
const ofPackage: Schedule = {
  ...ofTable,
  id: 'run-parts:dpkg',
  kind: 'run-parts',
  file: '/etc/cron.daily/dpkg',
};

const inventory = (...schedules: Schedule[]): Inventory => ({
  ...emptyInventory,
  takenAt: '2026-01-01T00:00:00Z',
  schedules,
  files: [{ path: table, mode: '0644', owner: 'mallory', content: '', sha256: '' }],
});

const rules = [
  {
    file: 'drop.yml',
    text: [
      'title: Drop',
      'logsource: { product: linux, category: file_event }',
      'detection:',
      '  place:',
      '    TargetFilename|startswith:',
      '      - /etc/cron.d/',
      '      - /etc/cron.hourly/',
      '  condition: place',
    ].join('\n'),
    bundled: false,
  },
  { file: 'blind.eql', text: 'file where file.path == "/etc/crontab"', bundled: false },
];

function eventsOf(longText: string): EcsEvent[] {
  resetClock();
  const shell = stepShell();
  const job = cronJob(marker, '/usr/bin/touch');
  return [
    running(pid1),
    running(cron),
    exec(shell),
    { ...file('creation', table, shell), message: longText },
    fork(cronChild),
    exec(job),
    exit(job),
  ];
}

async function record(id: string, longText = ''): Promise<ReturnType<typeof placeOfCase>> {
  const evidence = blankEvidence(
    {
      ...{
        id,
        kind: 'attack' as const,
        atomic: anAtomic({}),
        expectation: expectationFor(anExpectation({ detects: ['drop', 'blind'] }), []),
      },
      ...{ target: 'debian12', key: { atomic: 'atomic', variant: {}, target: 'debian12', mitigations: [] } },
      ...{ variant: null, mitigations: [], user: 'root', needsUserManager: false, skipped: null },
    },
    () => nonce,
  );
  const step = { role: 'attack' as const, user: 'root', command: 'do it', argv: attackArgs, exitCode: 0 };
  evidence.steps.push({ ...step, stdout: '', stderr: '', startedAt: '2026-01-01T00:00:00Z', ms: 1 });
  evidence.inventory.before = inventory(ofPackage);
  evidence.inventory.scheduled = inventory(ofPackage, ofTable);
  evidence.inventory.after = inventory(ofPackage);
  evidence.telemetry.perSensor = { ebpf: { events: 7, lost: 0 } };
  await writeCase(run, { evidence, events: eventsOf(longText) });
  return placeOfCase(id);
}

let judged: RunRecord;
let traces: RunTraces;
const traceOf = (id: string): CaseTrace => traces.cases.get(id) as CaseTrace;

beforeAll(async () => {
  await writeEvidenceFile(run, {
    evidenceVersion,
    run: { ...runFacts, sensors: ['ebpf'] },
    rules,
    cases: [
      await record('plain@debian12'),
      await record('long@debian12', 'x'.repeat(100_000)),
      await record('lost@debian12'),
    ],
  });
  const request = {
    rules: [],
    fields: 'ecs',
    placeholders: {},
    placeholderFiles: [],
    sensors: [],
    zone: null,
  } as const;
  const world = { signal: new AbortController().signal, env: {} };
  judged = (await replay({ ...request, source: run, out: null }, world, () => {})).record;
  await writeRun(run, judged);
  writeFileSync(join(run, 'cases', 'lost@debian12', 'case.json'), '{');
  traces = (await readTraces(run, judged)) as RunTraces;
});

describe('a case', () => {
  it('has the events that its record cites, and those that came closest', () => {
    expect(traceOf('plain@debian12').events.map(({ event }) => event.id)).toEqual(['ebpf-4', 'ebpf-6']);
  });

  it('has its processes as a tree, with the step, the scheduler, its job and the payload', () => {
    expect(
      traceOf('plain@debian12').processes.map(({ depth, part, commandLine }) => [depth, part, commandLine]),
    ).toEqual([
      [0, 'step', attackArgs.join(' ')],
      [0, undefined, '/usr/lib/systemd/systemd'],
      [1, 'scheduler', '/usr/sbin/cron'],
      [2, 'job', '/usr/sbin/cron'],
      [3, 'payload', marker.join(' ')],
    ]);
  });

  it('has what was scheduled before, during and after', () => {
    expect(traceOf('plain@debian12').schedules).toEqual([
      expect.objectContaining({ kind: 'run-parts', before: true, during: true, after: true, written: null }),
      expect.objectContaining({
        ...{ kind: 'system-crontab', before: false, during: true, after: false },
        written: { owner: 'mallory', mode: '0644' },
      }),
    ]);
  });

  it('has how a rule that fired and one that missed read it, with the lines', () => {
    const [drop, blind] = traceOf('plain@debian12').readings;
    const held = drop?.stages[0]?.tests.find(({ text }) => text.includes('/etc/cron.d/'));
    expect(drop).toMatchObject({
      rule: 'drop',
      matched: true,
      stages: [{ eventId: 'ebpf-4', matched: true }],
    });
    expect(held).toMatchObject({
      holds: true,
      place: { line: 6 },
      seen: [{ field: 'file.path', value: table }],
    });
    expect(blind).toMatchObject({
      ...{ rule: 'blind', matched: false },
      stages: [
        { eventId: 'ebpf-4', tests: [{ holds: false, seen: [{ field: 'file.path', value: table }] }] },
      ],
    });
  });

  it('is no larger than a reader can take in', () => {
    const [event] = traceOf('long@debian12').events;
    expect(event?.message).toMatch(/^x{2000}… \(100000 characters\)$/);
  });

  it('hides no other when its evidence is damaged', () => {
    expect([...traces.cases.keys()]).toEqual(['plain@debian12', 'long@debian12']);
  });
});

it('says of each branch of a rule where it stands and whether it is proven, and what the rule needs', () => {
  const [drop, blind] = traces.rules;
  expect(drop?.branches.map(({ line, proven }) => [line, proven])).toEqual([
    [6, true],
    [7, false],
  ]);
  expect(drop?.text).toBe(rules[0]?.text);
  expect(blind?.branches.map(({ proven }) => proven)).toEqual([false]);
  expect(blind?.fields.map(({ name }) => name)).toContain('file.path');
});

it('is found from the run.json as well, and is nothing where there is no evidence', async () => {
  expect((await readTraces(join(run, 'run.json'), judged))?.cases.size).toBe(2);
  expect(await readTraces(folder, judged)).toBeNull();
});
