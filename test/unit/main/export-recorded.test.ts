// What was recorded, given to others: read back, it is what was recorded, and rules fire on it as they did.

import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runProgram } from '../../../harness/cli/program.ts';
import { regressionFiles } from '../../../harness/content/sigma-regression.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { memoryIo } from '../cli/memory-io.ts';
import { folderOf } from '../content/folder-of.ts';
import { recordRun } from './recorded-run.ts';

const id = '5f3f3a39-0b4a-4f4f-9a57-2b4f4d6c1c11';
const rule = (title: string, guid: string, detection: string, source = 'category: file_event') =>
  `title: ${title}\nid: ${guid}\nlogsource: { product: linux, ${source} }\ndetection:\n  one: ${detection}\n  condition: one\ntags: [attack.t1053.003]\n`;
const texts = {
  'fires.yml': rule('Cron table dropped', id, '{ TargetFilename|startswith: /etc/cron.d/ }'),
  'job.yml': rule('Job', id.replace('5f', '6f'), '{ Image|endswith: /touch }', 'category: process_creation'),
  'silent.yml': rule('Silent', id.replace('5f', '7f'), '{ TargetFilename: /nowhere }'),
  'named.yml': rule('No GUID', 'no-guid', '{ TargetFilename|endswith: /job }'),
  'query.eql': 'file where file.path : "/etc/cron.d/*"\n',
};
const folder = mkdtempSync(join(tmpdir(), 'atomclock-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = join(folder, 'run');
const out = join(folder, 'out');

const command = async (...words: string[]) => {
  const io = memoryIo();
  const exitCode = await runProgram(words, io, '1.0.0');
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
};

beforeAll(async () => {
  await recordRun(run, {
    tables: { 'cron-d-drop@debian12': '/etc/cron.d/job', 'cron-d-other@debian12': '/etc/cron.d/other' },
    rules: Object.entries(texts).map(([file, text]) => ({ file, text })),
    expectation: { detects: [] },
  });
  // One rule is silent on what it names.
  expect((await command('replay', run, '--out', run, '--quiet')).exitCode).toBe(1);
});

describe('export --sigma-regression', () => {
  it('writes tests of the rules that fired, in the layout of SigmaHQ, and each rule fires on its own', async () => {
    const { exitCode, stdout, stderr } = await command('export', run, '--sigma-regression', out);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('tests of 2 rules with 4 events written'),
    ]);
    expect(stderr).toContain('named: left out, its id is no GUID');
    const data = 'regression_data/rules/linux/file_event/fires';
    expect(stdout.split('\n').filter((line) => line.includes('fires'))).toEqual(
      [`${data}/info.yml`, `${data}/${id}.json`, 'rules/linux/file_event/fires.yml'].map((path) =>
        join(out, path),
      ),
    );
    const info = parse(readFileSync(join(out, data, 'info.yml'), 'utf8'));
    expect(info).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/),
      description: expect.stringContaining('cron-d-drop@debian12, cron-d-other@debian12'),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      author: 'atomclock',
      rule_metadata: [{ id, title: 'Cron table dropped' }],
      regression_tests_info: [
        { name: 'Positive Detection Test', type: 'ndjson', match_count: 2, path: `${data}/${id}.json` },
      ],
    });
    const exported = readFileSync(join(out, 'rules/linux/file_event/fires.yml'), 'utf8');
    expect(exported.startsWith(texts['fires.yml'])).toBe(true);
    expect(parse(exported)).toEqual({
      ...parse(texts['fires.yml']),
      regression_tests_path: `${data}/info.yml`,
    });
    const lines = readFileSync(join(out, data, `${id}.json`), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).TargetFilename)).toEqual([
      '/etc/cron.d/job',
      '/etc/cron.d/other',
    ]);
    // The runner of SigmaHQ reads the sample by the rule's own names: so does a replay.
    for (const [category, slug, guid] of [
      ['file_event', 'fires', id],
      ['process_creation', 'job', id.replace('5f', '6f')],
    ]) {
      const file = join(out, `regression_data/rules/linux/${category}/${slug}/${guid}.json`);
      const ndjson = join(out, `${slug}.ndjson`);
      writeFileSync(ndjson, readFileSync(file));
      const rulePath = join(out, `rules/linux/${category}/${slug}.yml`);
      const { stdout: json } = await command(
        'replay',
        ndjson,
        '--rules',
        rulePath,
        '--fields',
        'sigma',
        '--json',
      );
      const { rules } = JSON.parse(json) as RunRecord;
      expect(rules[0]?.matches.map(({ eventIds }) => eventIds)).toEqual([[1], [2]]);
    }
  });

  it('judges the run by other rules where they are named', async () => {
    const other = folderOf({});
    const rules = folderOf({
      'other.yml': rule('Other', id.replace('5f', '8f'), '{ TargetFilename|endswith: /other }'),
    });
    const { stdout, stderr } = await command('export', run, '--sigma-regression', other, '--rules', rules);
    expect(stderr).toContain('tests of 1 rules with 1 events written');
    expect(stdout).toContain('linux/file_event/other/info.yml');
  });

  it('has the audit log of events that are of it', async () => {
    const audited = folderOf({});
    const files = folderOf({});
    const auditd = rule(
      'Audit',
      id.replace('5f', '9f'),
      '{ type: PATH, name|startswith: /etc/cron.d/ }',
      'service: auditd',
    );
    await recordRun(audited, {
      tables: { 'cron-d-drop@debian12': '/etc/cron.d/job' },
      rules: [{ file: 'audit.yml', text: auditd }],
      expectation: { detects: [] },
    });
    const place = join(audited, 'cases/cron-d-drop@debian12');
    const events = readFileSync(join(place, 'events.ndjson'), 'utf8').trim().split('\n');
    const changed = events.map((line) => {
      const event = JSON.parse(line);
      if (event.file?.path !== '/etc/cron.d/job') return line;
      Object.assign(event.event, { module: 'auditd' });
      Object.assign(event, { atomclock: { sensor: 'audit' } });
      const paths = [{ name: '/etc/cron.d/job' }];
      return JSON.stringify({ ...event, auditd: { message_type: ['syscall', 'path'], sequence: 77, paths } });
    });
    writeFileSync(join(place, 'events.ndjson'), `${changed.join('\n')}\n`);
    mkdirSync(join(place, 'raw'), { recursive: true });
    const records = [76, 77, 77].map(
      (serial) => `type=PATH msg=audit(1767225600.001:${serial}): name="/etc/cron.d/job"`,
    );
    appendFileSync(join(place, 'raw/audit.ndjson'), `${records.join('\n')}\n`);
    const { stderr } = await command('export', audited, '--sigma-regression', files);
    expect(stderr).toContain('tests of 1 rules');
    const log = join(files, 'regression_data/rules/linux/auditd/audit', `${id.replace('5f', '9f')}.log`);
    expect(readFileSync(log, 'utf8')).toBe(`${records[1]}\n${records[2]}\n`);
  });
});

describe('the rule beside its tests', () => {
  const simulation = { name: 'Cron: a "job"', technique: 'T1053.003', guid: id };
  const textOf = (text: string) =>
    regressionFiles(
      [
        {
          ...{ id, slug: '../odd name', title: 'Odd', source: { service: 'cron' }, text },
          samples: [{ case: 'a@b', record: { message: 'x' } }],
          ...{ auditLog: [], simulations: [simulation] },
        },
      ],
      { run: 'r', date: '2026-01-01', harness: '1.0.0' },
    );

  it('names the tests of Atomic Red Team that caused what it fired on', () => {
    const text = textOf('title: Odd\n').get('rules/linux/cron/_odd_name.yml');
    expect(parse(text ?? '')).toEqual({
      title: 'Odd',
      regression_tests_path: 'regression_data/rules/linux/cron/_odd_name/info.yml',
      simulation: [
        { type: 'atomic-red-team', name: 'Cron: a "job"', technique: 'T1053.003', atomic_guid: id },
      ],
    });
  });

  it.each([
    ['names tests already', 'title: Odd\nregression_tests_path: own/info.yml\nsimulation: []\n'],
    ['has a document behind it', '---\ntitle: Odd\n---\ntitle: Other\n'],
  ])('stays as it is where it %s', (_, text) => {
    expect(textOf(text).get('rules/linux/cron/_odd_name.yml')).toBe(text);
  });
});

describe('export --events', () => {
  it('writes the events of a case, and whose doing they are', async () => {
    const files = folderOf({});
    const { exitCode, stdout, stderr } = await command('export', run, 'cron-d-other', '--events', files);
    expect([exitCode, stderr]).toEqual([0, '7 events of 1 cases written\n']);
    const [ndjson = '', manifest = ''] = stdout.trim().split('\n');
    const text = readFileSync(ndjson, 'utf8');
    expect(text).toBe(readFileSync(join(run, 'cases/cron-d-other@debian12/events.ndjson'), 'utf8'));
    const { format, version, cases } = JSON.parse(readFileSync(manifest, 'utf8'));
    expect([format, version, cases.length]).toEqual(['atomclock/events', 1, 1]);
    const [entry] = cases;
    expect(entry).toMatchObject({
      id: 'cron-d-other@debian12',
      file: 'cron-d-other@debian12.ndjson',
      sha256: createHash('sha256').update(text).digest('hex'),
      events: 7,
      observation: 'executed',
      technique: 'T1053.003',
    });
    const ids = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event.id);
    expect(ids).toContain(entry.proof);
    expect(entry.own.length).toBeGreaterThan(0);
    expect(entry.own.length).toBeLessThan(ids.length);
    expect(ids).toEqual(expect.arrayContaining(entry.own));
    expect(entry.detections.map(({ rule: name }: { rule: string }) => name)).toContain('fires');
  });

  it.each([
    [[], 2],
    [['cron-d-drop@debian12'], 2],
    [['T1053.003'], 2],
    [['t1053'], 2],
  ])('takes all cases, or those that are named: %j', async (selectors, cases) => {
    const files = folderOf({});
    const { stderr } = await command('export', run, ...selectors, '--events', files);
    expect(stderr).toBe(
      selectors[0]?.includes('@') ? '7 events of 1 cases written\n' : `14 events of ${cases} cases written\n`,
    );
  });
});

it.each([
  [['export', run, 'nobody', '--events', out], 4, 'no case that is meant by nobody'],
  [['export', '--events', out], 2, 'expects a RUN'],
  [['export', run, 'x', '--sigma-regression', out], 2, 'expects one RUN'],
  [['export', run, '--events', out, '--art', out], 2, 'expects one of --art DIR'],
  [['export', run, '--events', out, '--rules', 'x'], 2, '--rules says nothing'],
  [['export', join(run, 'nowhere'), '--events', out], 2, 'nowhere'],
])('refuses %j', async (words, code, said) => {
  const { exitCode, stderr } = await command(...words);
  expect([exitCode, stderr]).toEqual([code, expect.stringContaining(said)]);
});
