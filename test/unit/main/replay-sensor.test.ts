// A recorded run judged by some of its sensors alone: as a run with these would have been.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  placeOfCase,
  readCase,
  readEvidenceFile,
  writeCase,
  writeEvidenceFile,
} from '../../../harness/content/evidence-folder.ts';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { judgingBook } from '../../../harness/main/judging-book.ts';
import { keepTrace } from '../../../harness/main/keep-trace.ts';
import { replay } from '../../../harness/main/replay.ts';
import { traceKeyFor } from '../../../harness/main/trace-key.ts';
import { readTraces } from '../../../harness/main/traces.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { evidenceVersion } from '../../../harness/model/evidence.ts';
import { emptyInventory, type Schedule } from '../../../harness/model/inventory.ts';
import { lossFaults } from '../../../harness/model/loss.ts';
import { anAtomic, runFacts } from '../engine/content.ts';
import { event, exec, exit, fork, outside, process, resetClock, running } from '../engine/events.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-replay-sensor-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = join(folder, 'run');

const argv = ['/bin/sh', '/usr/lib/atomclock/step-1'];
const marker = '/usr/bin/touch /tmp/atomclock-decade';
const table: Schedule = {
  kind: 'crontab',
  id: 'crontab:alice',
  user: 'alice',
  when: '* * * * *',
  command: marker,
  file: '/var/spool/cron/crontabs/alice',
};

function eventsOfRun(): EcsEvent[] {
  resetClock();
  const pid1 = process({ pid: 1, executable: '/usr/lib/systemd/systemd', parent: outside });
  const cron = process({ pid: 30, executable: '/usr/sbin/cron', parent: pid1 });
  const shell = process({ pid: 200, executable: '/bin/dash', args: argv, parent: outside });
  const job = process({ pid: 455, executable: '/usr/bin/touch', args: marker.split(' '), parent: cron });
  const line = event('process', 'info', 'cron-cmd', { message: `(alice) CMD (${marker})` });
  const left = event('file', 'creation', 'file-left-added', { file: { path: '/tmp/left' } });
  return [
    ...[running(pid1), running(cron), exec(shell), fork(job), exec(job), exit(job)],
    {
      ...line,
      event: { ...line.event, id: 'journal-1' },
      user: { id: '1000', name: 'alice' },
      atomclock: {
        sensor: 'journal',
        job: { scheduler: 'cron', verb: 'CMD', user: 'alice', command: marker },
      },
    },
    { ...left, event: { ...left.event, id: 'residue-1' }, atomclock: { sensor: 'residue' } },
  ];
}

/** @param journalLost what the journal is said to have lost */
async function record(id: string, journalLost: number) {
  const evidence = blankEvidence(
    {
      ...{ id, kind: 'attack' as const, atomic: anAtomic({}), expectation: null, target: 'debian12' },
      ...{ key: { atomic: 'atomic', variant: {}, target: 'debian12', mitigations: [] }, variant: null },
      ...{ mitigations: [], user: 'root', needsUserManager: false, skipped: null },
    },
    () => 'decade',
  );
  const step = { role: 'attack' as const, user: 'root', command: 'do it', argv, exitCode: 0 };
  evidence.steps.push({ ...step, stdout: '', stderr: '', startedAt: '2026-01-01T00:00:00Z', ms: 1 });
  evidence.inventory.scheduled = { ...emptyInventory, schedules: [table] };
  evidence.filesystem = ['file added: /tmp/left'];
  evidence.telemetry.perSensor = {
    ebpf: { events: 6, lost: 0 },
    journal: { events: 1, lost: journalLost },
    residue: { events: 1, lost: 0 },
  };
  evidence.faults.push(...lossFaults(evidence.telemetry.perSensor));
  await writeCase(run, { evidence, events: eventsOfRun() });
  return placeOfCase(id);
}

beforeAll(async () => {
  await writeEvidenceFile(run, {
    evidenceVersion,
    run: { ...runFacts, sensors: ['ebpf', 'journal', 'residue'] },
    rules: [
      { file: 'by-kernel.eql', text: 'process where event.action == "exec"', bundled: false },
      { file: 'by-left.eql', text: 'file where event.action == "file-left-added"', bundled: false },
    ],
    cases: [await record('sound@debian12', 0), await record('lossy@debian12', 3)],
  });
});

const judge = async (source: string, ...sensors: string[]) =>
  (
    await replay(
      {
        source,
        rules: [],
        fields: 'ecs',
        placeholders: {},
        placeholderFiles: [],
        sensors,
        zone: null,
        out: null,
      },
      { signal: new AbortController().signal, env: {} },
      () => {},
    )
  ).record;

it.each<[string[], [string, string | null][], string[]]>([
  // By all that the run had, the loss of one makes the case unknown; without that one it is known.
  [
    [],
    [
      ['executed', 'nonce'],
      ['errored', null],
    ],
    ['by-kernel', 'by-left'],
  ],
  [
    ['ebpf'],
    [
      ['executed', 'nonce'],
      ['executed', 'nonce'],
    ],
    ['by-kernel', 'by-left'],
  ],
  [
    ['residue', 'ebpf'],
    [
      ['executed', 'nonce'],
      ['executed', 'nonce'],
    ],
    ['by-kernel', 'by-left'],
  ],
  [
    ['journal'],
    [
      ['executed', 'log'],
      ['errored', null],
    ],
    ['by-kernel'],
  ],
  [
    ['residue'],
    [
      ['errored', null],
      ['errored', null],
    ],
    ['by-left'],
  ],
])('judged by %j', async (sensors, wanted, fed) => {
  const { run: facts, cases, rules } = await judge(run, ...sensors);
  expect(cases.map(({ observation, proof }) => [observation, proof?.by ?? null])).toEqual(wanted);
  const all = ['ebpf', 'journal', 'residue'];
  const chosen = sensors.length > 0 ? all.filter((name) => sensors.includes(name)) : all;
  expect(facts.sensors).toEqual(chosen);
  expect(rules.filter(({ unavailable }) => unavailable === undefined).map(({ slug }) => slug)).toEqual(fed);
  for (const { telemetry, residue } of cases) {
    expect(Object.keys(telemetry.perSensor)).toEqual(chosen);
    expect(residue).toEqual(chosen.includes('residue') ? ['file added: /tmp/left'] : []);
  }
});

it('judged by all of its sensors is judged as it was', async () => {
  expect(await judge(run, 'residue', 'journal', 'ebpf')).toEqual(await judge(run));
});

it.each([
  [['ebpf'], ['ebpf'], true],
  [['journal'], ['journal'], false],
  [['residue'], ['residue'], false],
  [[], ['ebpf', 'journal', 'residue'], true],
])('judged by %j, a report shows what these told and nothing else', async (sensors, told, hasProcesses) => {
  const traces = await readTraces(run, await judge(run, ...sensors));
  const sound = traces?.cases.get('sound@debian12');
  const shown = new Set(sound?.events.map(({ atomclock }) => atomclock.sensor));
  expect(told).toEqual(expect.arrayContaining([...shown]));
  expect(sound?.processes.length !== 0).toBe(hasProcesses);
});

it('judged by some sensors, what was kept of a judging by all is not shown', async () => {
  // Their record is the same but for the sensors, so that what was kept for one has the key of the other.
  const whole = await judge(run);
  const narrowed = { ...whole, run: { ...whole.run, sensors: ['journal'] } };
  const file = await readEvidenceFile(run);
  const { book, texts, placeholders } = judgingBook(file, { rules: [], placeholders: {} }, () => {});
  for (const place of file.cases) {
    const { evidence, events } = await readCase(run, place);
    const judged = judgeCase(evidence, events, book);
    await keepTrace(judged, { folder: run, book, traceKey: traceKeyFor(texts, placeholders) });
  }
  const sensorsIn = async (record: typeof whole) =>
    new Set(
      [...((await readTraces(run, record))?.cases.values() ?? [])].flatMap(({ events }) =>
        events.map(({ atomclock }) => atomclock.sensor),
      ),
    );
  expect(await sensorsIn(whole)).toContain('ebpf');
  expect([...(await sensorsIn(narrowed))]).not.toContain('ebpf');
});

it('says which sensor would have to have been there', async () => {
  const [sound] = (await judge(run, 'residue')).cases;
  expect(sound).toMatchObject({ verdict: 'error' });
  expect(sound?.reasons.join()).toMatch(/cannot tell whether crontab .* was launched.*--sensor ebpf/);
});

it.each([
  [
    'audit',
    'replay/sensor-not-recorded',
    /was not recorded by audit: its sensors are ebpf, journal, residue/,
  ],
  ['constructor', 'run/unknown-sensor', /there is no sensor constructor/],
])('refuses %s', async (sensor, code, message) => {
  const refused = judge(run, 'ebpf', sensor);
  await expect(refused).rejects.toMatchObject({ code, exitCode: 2 });
  await expect(refused).rejects.toThrow(message);
});

it('refuses to choose among the sensors of a bare file', async () => {
  const file = join(folder, 'events.ndjson');
  writeFileSync(file, '');
  await expect(judge(file, 'ebpf')).rejects.toMatchObject({ code: 'replay/sensor-of-file', exitCode: 2 });
});
