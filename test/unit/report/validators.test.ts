// What others read, held against what they accept: each format by a validator that is not ours or by its own limits.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { execa } from 'execa';
import type { Log, Result } from 'sarif';
import { afterAll, describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { renderGithub } from '../../../harness/report/github.ts';
import { renderJunit } from '../../../harness/report/junit.ts';
import { renderMarkdown } from '../../../harness/report/markdown.ts';
import { renderNavigator } from '../../../harness/report/navigator.ts';
import { renderSarif } from '../../../harness/report/sarif.ts';
import { bareRecord, manyOf, sampleRecord } from './fixture.ts';
import { poison } from './hostile.ts';

const records = {
  sample: sampleRecord(),
  bare: bareRecord(),
  hostile: poison(sampleRecord()) as RunRecord,
  thousand: manyOf(100).record,
} as const satisfies Record<string, RunRecord>;
const names = Object.keys(records) as (keyof typeof records)[];
const rendered = Object.entries(records).map(([name, record]) => ({ name, record }));

const schemaText = (file: string): string =>
  readFileSync(new URL(`schemas/${file}`, import.meta.url), 'utf8');

/** Its package brings a program for some platforms only. */
const multitool = await import('@microsoft/sarif-multitool').then(
  ({ default: path }) => (spawnSync(path, ['--version']).error === undefined ? path : null),
  () => null,
);

describe.skipIf(multitool === null)(
  'SARIF by the SARIF SDK (skipped where its program cannot run: it is built for x64)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'atomclock-sarif-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    /** What the two profiles find: the standard's, and that of GitHub's code scanning. Its exit code says nothing. */
    async function validate(logs: Readonly<Record<string, string>>): Promise<string[]> {
      const files = Object.entries(logs).map(([name, text]) => {
        const file = join(folder, `${name}.sarif`);
        writeFileSync(file, text);
        return file;
      });
      const output = join(folder, 'found');
      await execa(
        multitool ?? '',
        [
          ...['validate', ...files, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning'],
          ...['--output', output, '--log', 'ForceOverwrite', '--quiet'],
        ],
        // Where the machine has no ICU, it would end at once.
        { env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } },
      );
      const { runs } = JSON.parse(readFileSync(output, 'utf8')) as Log;
      const notices = runs[0]?.invocations?.flatMap(
        ({ toolConfigurationNotifications = [], toolExecutionNotifications = [] }) =>
          [...toolConfigurationNotifications, ...toolExecutionNotifications].map(
            ({ message }) => message.text,
          ),
      );
      expect(notices ?? []).toEqual([]);
      return (runs[0]?.results ?? []).map(found);
    }

    const found = ({ ruleId, locations, message }: Result): string => {
      const { uri = '' } = locations?.[0]?.physicalLocation?.artifactLocation ?? {};
      return `${uri.split('/').at(-1)} ${ruleId} ${(message.arguments ?? []).join(' ')}`;
    };

    it('finds no error and no warning in any record', async () => {
      const logs = Object.fromEntries(rendered.map(({ name, record }) => [name, renderSarif(record).output]));
      expect(await validate(logs)).toEqual([]);
    });

    it('is a validator that finds what is wrong, by each profile', async () => {
      const log = JSON.parse(renderSarif(records.sample).output) as Log;
      const [first, second] = log.runs[0]?.results ?? [];
      delete first?.locations;
      Object.assign(second?.locations?.[0]?.physicalLocation?.artifactLocation ?? {}, { uri: 'a b' });
      const codes = (await validate({ wrong: JSON.stringify(log) })).map((each) => each.split(' ')[1]);
      expect(codes).toEqual(expect.arrayContaining(['SARIF1002', 'GH1015']));
    });
  },
);

describe.each(['ant', 'jenkins'])('JUnit by the schema of %s', (reader) => {
  const schema = [{ fileName: `${reader}.xsd`, contents: schemaText(`junit-${reader}.xsd`) }];
  const check = (contents: string) =>
    validateXML({ xml: [{ fileName: 'junit.xml', contents }], schema, maxMemoryPages: 2 ** 13 });

  it.each(names)('is valid: %s', async (name) => {
    const { valid, rawOutput } = await check(renderJunit(records[name]).output);
    expect(valid, rawOutput).toBe(true);
  });

  it('is a schema that refuses what is wrong', async () => {
    const xml = renderJunit(records.sample).output;
    const wrong = [
      xml.replace('<testcase ', '<testcase verdict="pass" '),
      xml.replace(/ tests="\d+"/, ''),
      xml.replace(/ time="[\d.]+"/, ' time="soon"'),
      xml.replace('</testsuites>', ''),
    ];
    for (const each of wrong) expect((await check(each)).valid).toBe(false);
  });
});

describe('Navigator by a schema of layer 4.5', () => {
  const ajv = new Ajv2020({ allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(schemaText('navigator-layer-4.5.json')) as object);

  it.each(names)('is valid: %s', (name) => {
    const layer = JSON.parse(renderNavigator(records[name]).output) as Record<string, unknown>;
    validate(layer);
    expect(validate.errors).toBeNull();
    const { minValue, maxValue } = layer.gradient as { minValue: number; maxValue: number };
    expect(maxValue).toBeGreaterThan(minValue);
  });

  it('takes a layer as others write it, and refuses what is wrong', () => {
    // As SigmaHQ's script for its heatmap writes it, and as the Navigator itself saves links and dividers.
    const layer = {
      domain: 'enterprise-attack',
      name: 'heatmap',
      description: '',
      gradient: { colors: ['#ffffff', '#66b1ffff'], minValue: 0, maxValue: 20 },
      versions: { navigator: '5.1.0', layer: '4.5' },
      techniques: [
        {
          techniqueID: 'T1053.003',
          score: 7,
          links: [{ label: 'rule', url: 'https://example.org/rule' }, { divider: true }],
        },
      ],
    };
    expect(validate(layer)).toBe(true);
    const wrong = [
      { ...layer, domain: 'linux' },
      { ...layer, versions: { navigator: '4.8.2', layer: '4.4' } },
      { ...layer, techniques: [{ techniqueID: 'T1053.3' }] },
      { ...layer, gradient: { colors: ['red'], minValue: 0, maxValue: 1 } },
      { ...layer, score: 1 },
    ];
    for (const each of wrong) expect(validate(each)).toBe(false);
  });
});

describe('GitHub within its limits', () => {
  const annotations = (record: RunRecord, level: string): string[] =>
    renderGithub(record)
      .output.split('\n')
      .filter((line) => line.startsWith(`::${level} `));

  it.each(names)('a comment and a summary of a step hold the Markdown: %s', (name) => {
    expect(renderMarkdown(records[name]).output.length).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(renderGithub(records[name]).jobSummary ?? '')).toBeLessThanOrEqual(1_048_576);
  });

  it.each(names)('ten annotations of a type, in what the runner takes: %s', (name) => {
    for (const level of ['error', 'warning', 'notice']) {
      const lines = annotations(records[name], level);
      expect(lines.length).toBeLessThanOrEqual(10);
      for (const line of lines) {
        const [, title = '', message = ''] = /title=([^,:]*)[^:]*::(.*)/.exec(line) ?? [];
        expect(decodeURIComponent(title).length).toBeLessThanOrEqual(255);
        expect(Buffer.byteLength(message.replaceAll('%0A', '\n').replaceAll('%25', '%'))).toBeLessThanOrEqual(
          65_536,
        );
      }
    }
  });

  it('of too many findings the last annotation counts the others, and findings in files of the reader come first', () => {
    const { record } = manyOf(100);
    const lines = annotations(record, 'error');
    expect(lines).toHaveLength(10);
    expect(lines[9]).toMatch(/title=and \d+ more::The job's summary has them all: /);
    for (const line of lines.slice(0, 9)) expect(line).toContain(',file=');
    const inAll = renderGithub({ ...record, cases: record.cases.slice(0, 10) }).output.match(/^::error /gm);
    expect(inAll?.length).toBeLessThan(10);
  });

  it('what a long Markdown leaves out it counts, failures last, and a short one loses nothing', () => {
    const { output } = renderMarkdown(records.thousand);
    const shownRows = output.match(/^\| (?:✅|❌|⚠️|🟠)/gmu)?.length ?? 0;
    const left = [...output.matchAll(/^… and (\d+) more/gm)].map(([, count]) => Number(count));
    expect(left.length).toBeGreaterThan(0);
    expect(shownRows).toBeLessThan(1000);
    expect(output).not.toContain('| ✅');
    expect(renderMarkdown(records.sample).output).not.toContain('… and');
    // What is there is there whole: each table keeps its shape.
    const cells = (line: string) => line.replace(/\\./g, '').split('|').length;
    for (const table of output.match(/(?:^\|.*\n)+/gm) ?? []) {
      expect(new Set(table.trim().split('\n').map(cells)).size).toBe(1);
    }
  });

  it('a text that alone is longer than the limit does not stand in the way of the others', () => {
    const { record } = manyOf(3);
    const [first, ...others] = record.cases;
    if (!first) throw new RangeError('expected cases');
    const giant = { ...first, reasons: ['x'.repeat(2_000_000)], verdict: 'fail' as const };
    const { output, jobSummary = '' } = renderGithub({ ...record, cases: [giant, ...others] });
    expect(Buffer.byteLength(jobSummary)).toBeLessThanOrEqual(1_048_576);
    expect(jobSummary).toContain(others[1]?.id);
    expect(output.split('\n').every((line) => line.length < 100_000)).toBe(true);
  });
});
