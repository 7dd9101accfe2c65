// What a replay of a file says besides its matches: what limits their truth, once for all events of a kind.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-notes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'log');

/** Matches by line, and the notes, the file's name taken out. */
async function replay(rule: { name: string; text: string }, lines: readonly string[], ...words: string[]) {
  const path = join(folder, rule.name);
  writeFileSync(path, rule.text);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  const io = memoryIo();
  await runProgram(['replay', file, '--rules', path, '--json', ...words], io, '9.9.9');
  return {
    matches: JSON.parse(io.stdout.text).rules.flatMap(({ matches }: { matches: object[] }) => matches),
    notes: io.stderr.text.replaceAll(file, 'FILE').split('\n').slice(0, -1),
  };
}

const sigma = (logsource: string, detection = 's: {Image|endswith: /at}') => ({
  name: 'rule.yml',
  text: `title: t\nlogsource: {${logsource}}\ndetection: {${detection}, condition: s}\n`,
});
const creation = sigma('product: linux, category: process_creation');
const eql = (text: string) => ({ name: 'rule.eql', text });

const ecs = (category: string, name = 'at') =>
  JSON.stringify({
    event: { category: [category], type: ['start'], action: 'exec' },
    process: { name, executable: `/usr/bin/${name}` },
  });
const flat = '{"Image":"/usr/bin/at","CommandLine":"at now"}';
const sysmon = (id: number) =>
  `{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":${id},"Image":"C:/at"}`;
const evtx =
  '{"Event":{"System":{"Channel":"Security","EventID":4688},"EventData":{"NewProcessName":"C:/at"}}}';
const winlogbeat =
  '{"event":{"category":["process"],"action":"exec"},"process":{"executable":"C:/at"},"winlog":{"channel":"Security","event_id":4688}}';
const syslog = 'Nov 22 03:17:01 web1 crontab[7]: (alice) REPLACE (alice)';

const toSigma = (line: number, which: string) =>
  `warning: FILE:${line}:1: the field names are those of Sigma, ${which}: add --fields sigma`;
const toEcs = (line: number, which: string) =>
  `warning: FILE:${line}:1: the field names are those of ECS, ${which}: leave out --fields sigma`;
const ofAnyLog = (line: number, which: string) =>
  `note: FILE:${line}:1: no channel, provider, event number or logsource tells what log this is of, ${which}: rules for every log source are tried on it`;
const unfed = (what: string, hint: string) =>
  `warning: no event belongs to the ${what}: the rule rule for it cannot match here. ${hint}`;

it.each<[string, { name: string; text: string }, string[], string[], string[]]>([
  [
    'events that tell their log',
    sigma('product: windows, category: process_creation'),
    [sysmon(1), evtx],
    ['sigma'],
    [],
  ],
  [
    'events that tell it themselves',
    creation,
    ['{"logsource":{"product":"linux","category":"process_creation"},"Image":"/at"}'],
    ['sigma'],
    [],
  ],
  ['an event of any log', creation, [flat], ['sigma'], [ofAnyLog(1, 'the only such event')]],
  [
    'some of any log',
    creation,
    [sysmon(1), '', flat, flat],
    ['sigma'],
    [ofAnyLog(3, 'the first of 2 such events')],
  ],
  ['of any log, where no rule asks for one', eql('any where true'), [flat], ['sigma'], []],
  [
    'Sigma’s names, read as ECS',
    creation,
    [flat, evtx],
    ['ecs'],
    [
      toSigma(1, 'the first of 2 such events'),
      unfed(
        'log source linux/process_creation',
        'Its events have event.category process and event.action exec, executed, process_started, start, ProcessRollup2, exec_event, or no event.action (or log) and event.type start.',
      ),
    ],
  ],
  ['ECS, read as Sigma’s names', creation, [ecs('process')], ['sigma'], [toEcs(1, 'the only such event')]],
  [
    'a log, read as Sigma’s names',
    creation,
    [syslog],
    ['sigma'],
    [
      toEcs(1, 'the only such event'),
      unfed(
        'log source linux/process_creation',
        'Its events have a channel, type, program or logsource of it.',
      ),
    ],
  ],
  ['both names', eql('process where true'), [winlogbeat], ['ecs'], []],
  ['both names, read as Sigma’s', sigma('product: windows, service: security'), [winlogbeat], ['sigma'], []],
  ['a category that there is', eql('process where true'), [ecs('file'), ecs('process')], ['ecs'], []],
  ['any category', eql('any where true'), [ecs('file')], ['ecs'], []],
  [
    'a category that there is not',
    eql('network where true'),
    [ecs('process'), ecs('file')],
    ['ecs'],
    [unfed('event category network', 'The events here are of file, process.')],
  ],
  [
    'a category where there is none',
    eql('process where true'),
    ['{"message":"x"}'],
    ['ecs'],
    [unfed('event category process', 'The events here have none.')],
  ],
  [
    'another case of a category',
    eql('process where true'),
    [ecs('Process')],
    ['ecs'],
    [unfed('event category process', 'The events here are of Process.')],
  ],
  [
    'one of a sequence’s categories',
    eql('sequence [process where true] [network where true]'),
    [ecs('process')],
    ['ecs'],
    [unfed('event category network', 'The events here are of process.')],
  ],
  [
    'one that must not occur',
    eql('sequence with maxspan=1m [process where true] ![network where true] [process where true]'),
    [ecs('process')],
    ['ecs'],
    [],
  ],
  ...[[], ['', '  ', '']].map(
    (lines): [string, { name: string; text: string }, string[], string[], string[]] => [
      `a file of ${lines.length} empty lines`,
      eql('process where true'),
      lines,
      ['ecs'],
      ['warning: FILE holds no events: no rule was tried'],
    ],
  ),
  [
    'events of a product that is not known, such as Tracee',
    eql('process where process.name == "at"'),
    Array.from(
      { length: 2 },
      () => '{"timestamp":1767225600000000000,"processName":"at","eventName":"sched_process_exec","args":[]}',
    ),
    ['ecs'],
    [
      "warning: FILE:1:1: the field names are neither ECS's nor any that a rule asks for, the first of 2 such events: what rules ask for is not in it. Taken are events in ECS, with --fields sigma in Sigma's names, the journal as JSON, audit logs, syslog, Sysmon for Linux, and JSON of Falco, Tetragon and osquery",
      unfed('event category process', 'The events here have none.'),
    ],
  ],
  [
    'rows of osquery that are no events',
    eql('process where process.name == "at"'),
    ['{"name":"crontab","columns":{"command":"/usr/bin/at now","path":"/etc/crontab"},"action":"added"}'],
    ['ecs'],
    [
      "warning: FILE:1:1: the field names are neither ECS's nor any that a rule asks for, the only such event: what rules ask for is not in it. Taken are events in ECS, with --fields sigma in Sigma's names, the journal as JSON, audit logs, syslog, Sysmon for Linux, and JSON of Falco, Tetragon and osquery",
      unfed('event category process', 'The events here have none.'),
    ],
  ],
  [
    'an alert of Falco that does not name evt.type',
    eql('process where process.name == "at"'),
    ['{"rule":"R","priority":"Notice","time":"2026-01-01T00:00:00Z","output_fields":{"proc.name":"at"}}'],
    ['ecs'],
    [unfed('event category process', 'The events here have none.')],
  ],
  [
    'events of another form whose fields a rule asks for',
    eql('any where output_fields.proc.name == "at"'),
    ['{"rule":"R","output_fields":{"proc.name":"at"}}'],
    ['ecs'],
    [],
  ],
])('%s', async (_, rule, lines, [fields = 'ecs'], notes) => {
  expect((await replay(rule, lines, '--fields', fields)).notes).toEqual(notes);
});

it('tells that a correlation was judged before its timespan was over', async () => {
  const few = (op: string) => ({
    name: 'few.yml',
    text: `title: base\nname: base\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {Image|endswith: /at}, condition: s}\n---\ntitle: few\nname: few\ncorrelation: {type: event_count, rules: [base], timespan: 1m, condition: {${op}: 2}}\n`,
  });
  const at = (second: number) =>
    `{"@timestamp":"2026-01-01T00:00:${second}Z","event":{"category":"process","action":"exec"},"process":{"executable":"/at"}}`;
  const open =
    'note: few: a match stands on a timespan that was not over when the events ended: what came later could undo it';
  expect(await replay(few('lte'), [at(10), at(20)])).toEqual({
    matches: [{ eventIds: [1, 2], open: true }],
    notes: [open],
  });
  expect(await replay(few('gte'), [at(10), at(20)])).toEqual({ matches: [{ eventIds: [1, 2] }], notes: [] });
});
