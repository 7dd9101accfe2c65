// Which files of a folder are rules, and that what is passed over is told.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadRuleFiles } from '../../../harness/content/rule-files.ts';
import { packageRoot } from '../../../harness/model/package-root.ts';

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

it("takes of this package's own folder what runs are judged by, and the rest where it is named", () => {
  const own = join(packageRoot, 'detections');
  const namesOf = (...foreign: string[]) => {
    const { sources, problems } = loadRuleFiles({ bundled: false, foreign });
    expect(problems).toEqual([]);
    return sources.map(({ file }) => basename(file));
  };
  const bundled = loadRuleFiles({ bundled: true, foreign: [] }).sources.map(({ file }) => basename(file));
  expect(namesOf(own).sort()).toEqual(bundled.sort());
  expect(namesOf(join(own, 'windows'))).toContain('atexec-pattern.yml');
});
