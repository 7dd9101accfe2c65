// Evidence as it comes back from disks, archives and other people: every damage is told by place, none is a verdict.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { placeOfCase, writeCase, writeEvidenceFile } from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { EvidenceFile } from '../../../harness/model/evidence.ts';
import { aPlannedCase, runFacts } from '../engine/content.ts';
import { exec, process } from '../engine/events.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-damage-'));
const sound = join(folder, 'sound');
afterAll(() => rmSync(folder, { recursive: true }));

const id = 'cron-line@debian12';
beforeAll(async () => {
  const evidence = blankEvidence(aPlannedCase({ id }), () => 'decade');
  const events = [11, 12, 13].map((pid) => {
    const event = exec(process({ pid, executable: '/bin/true', args: ['true'] }));
    return { ...event, event: { ...event.event, id: `ebpf-${pid}` } };
  });
  await writeCase(sound, { evidence, events });
  await writeEvidenceFile(sound, {
    evidenceVersion: 2,
    run: runFacts,
    rules: [{ file: 'a.eql', text: 'any where true', bundled: false }],
    cases: [placeOfCase(id)],
  });
});

type Json = Record<string, unknown> & { event: Record<string, unknown>; process: Record<string, unknown> };
const eventsFile = join('cases', id, 'events.ndjson');
const caseFile = join('cases', id, 'case.json');

const edit = (file: string, change: (text: string) => string) => (run: string) =>
  writeFileSync(join(run, file), change(readFileSync(join(run, file), 'utf8')));
const second = (change: (text: string) => string) =>
  edit(eventsFile, (text) =>
    text
      .split('\n')
      .map((line, index) => (index === 1 ? change(line) : line))
      .join('\n'),
  );
const inSecond = (change: (event: Json) => void) =>
  second((line) => {
    const event = JSON.parse(line) as Json;
    change(event);
    return JSON.stringify(event);
  });
const inCase = (change: (evidence: Record<string, unknown>) => void) =>
  edit(caseFile, (text) => {
    const evidence = JSON.parse(text) as Record<string, unknown>;
    change(evidence);
    return JSON.stringify(evidence, null, 2);
  });
const inRun = (change: (file: EvidenceFile) => void) =>
  edit('evidence.json', (text) => {
    const file = JSON.parse(text) as EvidenceFile;
    change(file);
    return JSON.stringify(file, null, 2);
  });
const replaced = (file: string, by: (path: string) => void) => (run: string) => {
  rmSync(join(run, file), { recursive: true });
  by(join(run, file));
};
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const line2 = /events\.ndjson:2:\d+ cannot be read/;

/** What happens to the folder, and what is told of it. */
const damages: [string, (run: string) => void, RegExp][] = [
  ['an event without its sensor', inSecond((e) => delete e.atomclock), line2],
  ['a sensor that does not exist', inSecond((e) => (e.atomclock = { sensor: 'constructor' })), line2],
  ['an event without `event`', inSecond((e) => delete (e as Partial<Json>).event), line2],
  ['an event that is a list', second(() => '[]'), line2],
  ['an event that is null', second(() => 'null'), line2],
  ['an event that is a number', second(() => '7'), line2],
  ['a time that is none', inSecond((e) => (e['@timestamp'] = 'yesterday')), line2],
  ['a time that is a number', inSecond((e) => (e['@timestamp'] = 1e20)), line2],
  ['a thirteenth month', inSecond((e) => (e['@timestamp'] = '2026-13-01T00:00:00Z')), line2],
  ['no time', inSecond((e) => delete e['@timestamp']), line2],
  ['categories as a text', inSecond((e) => (e.event.category = 'process')), line2],
  ['an action that is an object', inSecond((e) => (e.event.action = {})), line2],
  ['arguments as a text', inSecond((e) => (e.process.args = 'true')), line2],
  ['arguments with a hole', inSecond((e) => (e.process.args = ['true', null])), line2],
  ['a process id that is huge', inSecond((e) => (e.process.pid = 1e300)), line2],
  ['a process id that is negative', inSecond((e) => (e.process.pid = -4)), line2],
  ['a fraction of an exit code', inSecond((e) => (e.process.exit_code = 0.5)), line2],
  ['a number that JSON does not know', second((t) => t.replace(/"pid":\d+/, '"pid":NaN')), line2],
  ['a number that overflows', second((t) => t.replace(/"pid":\d+/, '"pid":1e999')), line2],
  ['a parent that is a text', inSecond((e) => (e.process.parent = 'init')), line2],
  ['a process that is a list', inSecond((e) => Object.assign(e, { process: [] })), line2],
  ['a file without path', inSecond((e) => (e.file = { name: 'x' })), line2],
  ['a key that is a prototype', second((t) => t.replace('{', '{"__proto__":{"x":1},')), line2],
  ['nesting without end', second((t) => t.replace('{', `{"x":${nested(5_000)},`)), line2],
  ['a line that was cut', second((t) => t.slice(0, 40)), line2],
  ['an id that is there twice', inSecond((e) => (e.event.id = 'ebpf-11')), /events\.ndjson:2 .*line 1 has/],
  [
    'a byte order mark before the case',
    edit(caseFile, (t) => `\ufeff${t}`),
    /case\.json:1:1 .*byte order mark/,
  ],
  ['events that were emptied', edit(eventsFile, () => ''), /events\.ndjson:1 .*0 events, and 3 were/],
  [
    'events that end too early',
    edit(eventsFile, (t) => t.split('\n').slice(0, 2).join('\n')),
    /:2 .*2 events, and 3/,
  ],
  ['events that are gone', (run) => rmSync(join(run, eventsFile)), /expected .*events\.ndjson/],
  ['events that are a folder', replaced(eventsFile, (path) => mkdirSync(path)), /regular file/],
  ['events that are a pipe', replaced(eventsFile, (path) => execFileSync('mkfifo', [path])), /regular file/],
  [
    'events that are a device',
    replaced(eventsFile, (path) => symlinkSync('/dev/zero', path)),
    /leads out of/,
  ],
  [
    'events behind a link to elsewhere',
    replaced(eventsFile, (path) => symlinkSync(join(sound, eventsFile), path)),
    /leads out/,
  ],
  ['a link to itself', replaced(eventsFile, (path) => symlinkSync(path, path)), /symbolic links/],
  [
    'events in another encoding',
    (run) => writeFileSync(join(run, eventsFile), Buffer.from('fd377a585a00', 'hex')),
    /xz/,
  ],
  [
    'a case that is another',
    inCase((c) => (c.id = 'other@debian12')),
    /case\.json:\d+:\d+ .*it is the case other/,
  ],
  [
    'a case without atomic',
    inCase((c) => (c.atomic = null)),
    /case\.json:\d+:\d+ .*`atomic`: .*expected object/,
  ],
  ['a case without steps', inCase((c) => delete c.steps), /case\.json:1:1 .*`steps`/],
  ['steps that are a text', inCase((c) => (c.steps = 'none')), /case\.json:\d+:\d+ .*`steps`/],
  ['an empty nonce', inCase((c) => (c.nonce = '')), /case\.json:\d+:\d+ .*`nonce`/],
  ['a case that was cut', edit(caseFile, (t) => t.slice(0, t.length / 2)), /case\.json:\d+:\d+ .*not JSON/],
  ['a case that is empty', edit(caseFile, () => ''), /case\.json:1:1 .*got nothing/],
  ['a case of a later version', inCase((c) => (c.evidenceVersion = 99)), /evidenceVersion 99/],
  [
    'a case that is gone',
    (run) => rmSync(join(run, 'cases', id), { recursive: true }),
    /evidence\.json:\d+:\d+ .*is not there/,
  ],
  [
    'a case named out of the folder',
    edit('evidence.json', (t) => t.replace(id, '../sound')),
    /evidence\.json:\d+:\d+ .*names a case/,
  ],
  ['a case named twice', inRun((run) => run.cases.push(placeOfCase(id))), /evidence\.json:\d+:\d+ .*twice/],
  [
    'rules that are no texts',
    edit('evidence.json', (t) => t.replace('"any where true"', '[1]')),
    /evidence\.json:\d+:\d+ .*rules\[0\]\.text/,
  ],
  [
    'a start that is no time',
    edit('evidence.json', (t) => t.replace(/"startedAt": "[^"]+"/, '"startedAt": "now"')),
    /startedAt/,
  ],
  [
    'facts that are a pipe',
    replaced('evidence.json', (path) => execFileSync('mkfifo', [path])),
    /regular file/,
  ],
  ['facts that are a folder', replaced('evidence.json', (path) => mkdirSync(path)), /regular file/],
];

async function run(...words: string[]) {
  const io = memoryIo();
  const exitCode = await runProgram(words, io, 'test');
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}

it.each(damages)('%s is damage, told with its place', async (name, damage, told) => {
  const copy = join(folder, name.replace(/\W/g, '-'));
  cpSync(sound, copy, { recursive: true });
  damage(copy);
  const { exitCode, stdout, stderr } = await run('replay', copy, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(told) });
  expect(stderr).not.toMatch(/bug in atomclock|\n\s+at /);
  // Where the case is in the record at all, it says that nothing can be told.
  const { cases = [] } = stdout === '' ? {} : (JSON.parse(stdout) as { cases: { verdict: string }[] });
  expect(cases.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'error')).toEqual([]);
});

it('is no damage: other ends of lines, another place of the folder', async () => {
  const moved = join(folder, 'moved');
  cpSync(sound, join(folder, 'crlf'), { recursive: true });
  renameSync(join(folder, 'crlf'), moved);
  for (const file of [eventsFile, caseFile, 'evidence.json'])
    edit(file, (t) => t.replaceAll('\n', '\r\n'))(moved);
  const [there, here] = await Promise.all([run('replay', sound, '--json'), run('replay', moved, '--json')]);
  expect(here).toEqual(there);
});

it('judges the other cases when one is damaged, and says which is missing', async () => {
  const copy = join(folder, 'one-of-two');
  cpSync(sound, copy, { recursive: true });
  cpSync(join(copy, 'cases', id), join(copy, 'cases', 'twin@debian12'), { recursive: true });
  edit('cases/twin@debian12/case.json', (t) => t.replace(id, 'twin@debian12'))(copy);
  edit(caseFile, () => '{')(copy);
  inRun((one) => one.cases.push(placeOfCase('twin@debian12')))(copy);
  const { stdout, stderr } = await run('replay', copy, '--json');
  expect(stderr).toContain(`1 of 2 cases are missing: ${id}`);
  const { run: facts, cases } = JSON.parse(stdout);
  expect({ missing: facts.missing, judged: cases.map((each: { id: string }) => each.id) }).toEqual({
    missing: [id],
    judged: ['twin@debian12'],
  });
});

it('says of an interrupted run how many cases are missing, and that it cannot tell', async () => {
  const copy = join(folder, 'interrupted');
  cpSync(sound, copy, { recursive: true });
  edit('evidence.json', (t) => t.replace(/\}\s*$/, `, "planned": ["${id}", "b@debian12", "c@debian12"]}`))(
    copy,
  );
  const { exitCode, stdout, stderr } = await run('replay', copy);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('2 of 3 cases are missing: b@debian12, c@debian12');
  expect(stdout).toContain('2 of 3 cases missing');
});

it('names the first of hundreds that are missing, and has all in the record', async () => {
  const copy = join(folder, 'interrupted-matrix');
  cpSync(sound, copy, { recursive: true });
  const missing = Array.from({ length: 300 }, (_, at) => `c${at}@debian12`);
  edit('evidence.json', (t) => t.replace(/\}\s*$/, `, "planned": ${JSON.stringify([id, ...missing])}}`))(
    copy,
  );
  const { stdout, stderr } = await run('replay', copy, '--json');
  const names = missing.slice(0, 5).join(', ');
  expect(stderr).toContain(
    `300 of 301 cases are missing: ${names} and 295 more (all: run.missing of --json)\n`,
  );
  expect(JSON.parse(stdout).run.missing).toEqual(missing);
});
