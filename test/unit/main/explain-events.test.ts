// A rule held against a run, a case and a file: the closest events, by the names that reports cite.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainOnEvents } from '../../../harness/main/explain-events.ts';
import { loadRules, type Rule } from '../../../harness/rules/index.ts';
import { recordRun } from './recorded-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = join(folder, 'run');
const bare = join(folder, 'bare.ndjson');

beforeAll(async () => {
  await recordRun(run, {
    tables: {
      'far@debian12': '/var/spool/cron/crontabs/alice',
      'near@debian12': '/etc/cron.d/evil',
      'nearer@debian12': '/etc/crond.d',
    },
    rules: [],
  });
  writeFileSync(bare, '{"event":{"category":["file"]},"file":{"path":"/etc/cron.d/x"}}\n');
});

const ruleFor = (path: string): Rule =>
  loadRules([{ file: 'mine.eql', text: `file where file.path == "${path}"` }], { fields: 'ecs' })
    .rules[0] as Rule;
const titles = async (path: string, source: string): Promise<(string | undefined)[]> =>
  (await explainOnEvents(ruleFor(path), source, 'ecs', new AbortController().signal, () => {})).map(
    (text) => text.split('\n')[0],
  );

it.each([
  ['matches, wherever in a run that is', '/etc/cron.d/evil', run, 'mine matches ebpf-4 of near@debian12'],
  ['comes closest in a run', '/etc/crond.dd', run, 'mine does not match ebpf-4 of nearer@debian12'],
  [
    'matches in a case',
    '/etc/cron.d/evil',
    join(run, 'cases', 'near@debian12'),
    'mine matches ebpf-4 (line 4)',
  ],
  ['has no id', '/etc/cron.d/x', bare, 'mine matches line 1'],
])('names the event that %s', async (_, path, source, title) => {
  expect((await titles(path, source))[0]).toBe(title);
});

it('names no more events than a reader takes in', async () => {
  expect(await titles('/etc/cron.d/evil', run)).toHaveLength(3);
});

it('names the file that a folder of neither does not have', async () => {
  await expect(titles('/x', folder)).rejects.toMatchObject({ code: 'replay/unreadable' });
});
