// Which files of a folder are rules, and that what is passed over is told.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadRuleFiles } from '../../../harness/content/rule-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-rule-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

it("reads Elastic's exports in a folder, and says which JSON is none", () => {
  const rule = { name: 'R', type: 'eql', rule_id: 'r', language: 'eql', query: 'any where true' };
  writeFileSync(join(folder, 'list.json'), JSON.stringify([rule]));
  writeFileSync(join(folder, 'lines.ndjson'), `${JSON.stringify(rule)}\n`);
  writeFileSync(join(folder, 'other.json'), '{"scripts":{}}');
  const { sources, problems } = loadRuleFiles({ bundled: false, foreign: [folder] });
  expect(sources.map(({ file }) => basename(file))).toEqual(['lines.ndjson', 'list.json']);
  expect(problems).toMatchObject([
    { code: 'rule/ignored', severity: 'warning', place: { file: expect.stringContaining('other.json') } },
  ]);
});
