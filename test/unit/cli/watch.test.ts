// What a run shows that is watched: in what words, within which width, and where it asks.

import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { watchRun } from '../../../harness/cli/watch.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import type { RunFact } from '../../../harness/model/run-event.ts';
import { memoryIo } from './memory-io.ts';

const id = 'at-stdin@debian12';
const planned = (of: 'attack' | 'idle', name: string, mitigation: string | null = null): RunFact => ({
  ...{ kind: 'case-planned', case: name, of, title: 'Schedule a command with at', technique: 'T1053.002' },
  ...{ user: 'alice', target: 'debian12', mitigation },
});
const told = (
  role: (RunFact & { kind: 'event' })['role'],
  seconds: string,
  action: string,
  sentence: string,
  exitCode = 0,
): RunFact => {
  const event: EcsEvent = {
    '@timestamp': `2026-01-01T00:00:${seconds}Z`,
    event: { id: 'ebpf-1', kind: 'event', category: ['process'], type: ['start'], action },
    process: { entity_id: 'e', pid: 7, exit_code: exitCode },
    atomclock: { sensor: 'ebpf' },
  };
  return { kind: 'event', case: id, of: 'attack', role, sentence, event };
};

const facts: RunFact[] = [
  { kind: 'note', message: 'building the image' },
  { kind: 'run-started', run: 'r', folder: 'f', sensors: [], clock: 'fast', cases: 2 },
  planned('idle', 'idle@debian12'),
  planned('attack', id),
  { kind: 'case-started', case: 'idle@debian12' },
  { kind: 'case-finished', case: 'idle@debian12', observation: null, ms: 1520 },
  { kind: 'case-started', case: id },
  { kind: 'stage', case: id, stage: 'boot', sentence: 'A fresh debian12 is started.' },
  { kind: 'phase', case: id, phase: 'boot' },
  {
    ...{ kind: 'stage', case: id, stage: 'attack' },
    sentence:
      'As alice: Schedule a command with at. It is read from standard input, as people who type it have it.',
  },
  {
    kind: 'step-started',
    case: id,
    role: 'attack',
    user: 'alice',
    command: "at now <<'END'\ntouch /tmp/x\u001b[2J\nEND\n",
  },
  told('runner', '10.000', 'exec', 'a shell is started for the commands'),
  told('attack', '10.020', 'fork', 'never shown'),
  told('attack', '10.120', 'exec', 'alice starts at now'),
  told(
    'attack',
    '10.250',
    'creation',
    'at[7] (alice) creates /var/spool/cron/atjobs/a0000101bd21ac with a name that is long',
  ),
  {
    ...{ kind: 'matched', case: id, rule: 'at-job-created', eventIds: ['ebpf-1'] },
    because: [
      {
        text: 'event.action is "creation"',
        excluded: false,
        holds: true,
        seen: [{ field: 'event.action', value: 'creation' }],
      },
      {
        ...{ text: 'file.path starts with "/var/spool/cron/atjobs/"', excluded: false, holds: true },
        seen: [{ field: 'file.path', value: '/var/spool/cron/atjobs/a0000101bd21ac' }],
      },
    ],
  },
  { kind: 'matched', case: id, rule: 'at-job-created', eventIds: ['ebpf-2'] },
  {
    ...{ kind: 'step', case: id, role: 'attack', user: 'alice', command: 'at now', exitCode: 1, ms: 5 },
    ...{ stdout: 'job 1\n', stderr: 'cannot\u001b[31m\n', startedAt: '2026-01-01T00:00:00Z' },
  },
  { kind: 'stage', case: id, stage: 'wait', sentence: 'The scheduler has its turn.' },
  told('payload', '11.500', 'exec', 'alice starts touch /tmp/x'),
  told('payload', '11.600', 'end', 'touch[7] ends with exit code 2', 2),
  {
    ...{ kind: 'launched', case: id, of: 'attack' },
    proof: {
      ...{
        eventId: 'ebpf-9',
        executable: '/usr/bin/touch',
        commandLine: 'touch /tmp/x',
        user: 'alice',
        lineage: [],
      },
      ...{ scheduler: 'at', by: 'nonce', latencyMs: 1500, exitCode: null },
    },
  },
  { kind: 'matched', case: id, rule: 'too-soon', eventIds: ['ebpf-3'], because: [] },
  { kind: 'withdrawn', case: id, rule: 'too-soon', eventIds: ['ebpf-3'] },
  { kind: 'case-finished', case: id, observation: 'executed', ms: 9000 },
  { kind: 'case-judged', case: id, verdict: 'fail', reasons: ['expected inert, observed executed'] },
];

const golden = `building the image

== idle@debian12
   The idle control: nothing is done on debian12, and no rule may fire.
   nothing was done, in 1.5 s

== at-stdin@debian12
   Schedule a command with at (T1053.002), as alice on debian12.

-- A new target
   A fresh debian12 is started.

-- The attack
   As alice: Schedule a command with at. It is read from standard input, as
   people who type it have it.
   alice$ at now <<'END'
        > touch /tmp/x\\x1b[2J
        > END
      +0.12 s * alice starts at now
      +0.25 s * at[7] (alice) creates /var/spool/cron/atjobs/a0000101bd21ac
                with a name that is long
!! rule at-job-created matches
      file.path starts with "/var/spool/cron/atjobs/":
      /var/spool/cron/atjobs/a0000101bd21ac
   job 1
   cannot\\x1b[31m
   [exit 1]

-- The scheduler's turn
   The scheduler has its turn.
      +1.50 s P alice starts touch /tmp/x
      +1.60 s P touch[7] ends with exit code 2
>> The payload was launched by at as alice: touch /tmp/x
!! rule too-soon matches
-- rule too-soon does not match after all, now that all events are in

== fail: at-stdin@debian12
   Executed by at as alice, 1.5 s after it began. One rule saw it:
   at-job-created.
   - expected inert, observed executed
`;

const shown = (color: boolean, columns = 80): string => {
  const io = memoryIo({ stderr: { color, columns } });
  {
    using watch = watchRun(io);
    for (const fact of facts) watch.show({ at: '2026-01-01T00:00:00.000Z', ...fact });
  }
  expect(io.stdout.text).toBe('');
  return io.stderr.text;
};

it('tells a case in plain lines that fit the terminal', () => {
  expect(shown(false)).toBe(golden);
  expect(golden.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('says the same with colours and without', () => {
  const coloured = shown(true);
  expect(coloured).toContain('\u001b[');
  expect(stripVTControlCharacters(coloured)).toBe(golden);
});

it('says no less on a narrow terminal', () => {
  const words = (text: string) => text.split(/\s+/);
  expect(words(shown(false, 40))).toEqual(words(golden));
});

it('keeps its question below what happens meanwhile', async () => {
  const io = memoryIo({ stderr: { isTty: true }, env: { TERM: 'xterm' } });
  let pressed = () => {};
  const enter = () => new Promise<void>((resolve) => (pressed = resolve));
  using watch = watchRun({ ...io, enter });
  const held = watch.beforePhase(id, 'attack');
  watch.show({ at: '2026-01-01T00:00:00.000Z', kind: 'note', message: 'meanwhile' });
  pressed();
  await held;
  watch.show({ at: '2026-01-01T00:00:00.000Z', kind: 'note', message: 'afterwards' });
  expect(io.stderr.text).toBe('  Enter: go on \r\u001b[Kmeanwhile\n  Enter: go on afterwards\n');
});

it('ends a case of a thousand events with their number', () => {
  const io = memoryIo();
  using watch = watchRun(io);
  const many = Array.from({ length: 1000 }, (_, index) =>
    told('attack', '10.000', 'exec', `number ${index}`),
  );
  for (const fact of [
    planned('attack', id),
    ...many,
    { kind: 'case-finished', case: id, observation: 'executed', ms: 1 } satisfies RunFact,
  ])
    watch.show({ at: '2026-01-01T00:00:00.000Z', ...fact });
  expect(io.stderr.text).toContain('number 59\n');
  expect(io.stderr.text).not.toContain('number 60\n');
  expect(io.stderr.text).toContain('and 940 more events\n');
});
