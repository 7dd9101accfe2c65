// An edited rule is judged again at once; what is half written is told and ends nothing; an interrupt ends it.

import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { recordRun } from '../main/recorded-run.ts';
import { memoryIo } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-watch-'));
const recorded = join(folder, 'recorded');
const rule = join(folder, 'rules/deep/own.yml');
const text = (path: string) => `title: Own cron drop
id: 5f3f3a39-0b4a-4f4f-9a57-2b4f4d6c1c11
logsource: { product: linux, category: file_event }
detection:
  drop: { TargetFilename|startswith: ${path} }
  condition: drop
tags: [attack.t1053.003]
`;
beforeAll(async () => {
  mkdirSync(join(folder, 'rules/deep'), { recursive: true });
  await recordRun(recorded, {
    tables: { 'cron-d-drop@debian12': '/etc/cron.d/job' },
    rules: [{ file: 'own.yml', text: text('/etc/cron.d/') }],
    expectation: { detects: [] },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['a file', () => rule],
  ['a folder', () => join(folder, 'rules')],
])(
  'shows what an edit of %s changed, and what is wrong with a half-written rule, until it is interrupted',
  async (_, of) => {
    const named = of();
    writeFileSync(rule, text('/etc/crom.d/'));
    const io = memoryIo();
    const ended = runProgram(['replay', recorded, '--rules', named, '--watch'], io, '9.9.9');
    const shows = async (what: RegExp): Promise<void> => {
      // As long as the test may take: the screen says when it is time for the next edit.
      while (!what.test(io.stdout.text + io.stderr.text)) await Promise.race([wait(20), ended]);
    };
    await shows(
      /own {2}fires in 0\n {2}silent on T1053\.003; closest in cron-d-drop@debian12: [\s\S]*judged in/,
    );

    writeFileSync(rule, text('/etc/cron.d/'));
    await shows(/own {2}fires in 1\n {2}now in: cron-d-drop@debian12\n1 passed, 0 failed/);

    // As an editor saves: another file, renamed onto it.
    writeFileSync(`${rule}.swp`, text('/etc/cron.d/').replace('condition: drop', 'condition: dro'));
    renameSync(`${rule}.swp`, rule);
    await shows(/own {2}unusable\n[\s\S]*dro/);

    // And what was renamed onto it is edited in place.
    writeFileSync(rule, text('/etc/'));
    await shows(/own {2}unusable[\s\S]*own {2}fires in 1\n/);

    rmSync(rule);
    await shows(/no such file|no rule was found/i);

    writeFileSync(rule, text('/etc/cron.d/'));
    await shows(
      /now in: cron-d-drop@debian12\n1 passed, 0 failed[\s\S]*now in: cron-d-drop@debian12\n1 passed/,
    );

    io.interrupt.abort();
    expect(await ended).toBe(130);
  },
);

it.each([
  [['--watch'], '--rules'],
  [['--rules', rule, '--watch', '--json'], '--json'],
  [['--rules', rule, '--watch', '--out', 'x'], '--out'],
  [['--rules', rule, '--watch', '--report', 'sarif'], 'sarif'],
])('refuses %j', async (words, named) => {
  const io = memoryIo();
  expect(await runProgram(['replay', recorded, ...words], io, '9.9.9')).toBe(2);
  expect(io.stderr.text).toContain(named);
});
