// Every format over the sample record, held against a golden file; and over hostile content, held against its rules.

import { describe, expect, it } from 'vitest';
import { runRecordSchema } from '../../../harness/model/run-record.ts';
import { recordOf } from '../../../harness/model/run-summary.ts';
import type { ReportFormat } from '../../../harness/report/formats.ts';
import { mitigationLook } from '../../../harness/report/html/badge.ts';
import { reporters } from '../../../harness/report/reporters.ts';
import { bareRecord, sampleRecord } from './fixture.ts';

const settings = { color: false, columns: 80 };
/** The page's own script and style are constants: only what it makes of a record is held against the golden file. */
const withoutConstants = (output: string): string =>
  output
    .replace(/<style>[\s\S]*?<\/style>/, '<style></style>')
    .replace(/<script>[\s\S]*?<\/script>/, '<script></script>')
    .replace(/sha256-[\w+/=]+/, 'sha256-');

const formats = Object.keys(reporters) as ReportFormat[];

describe.each(formats)('%s', (format) => {
  const { render } = reporters[format];

  it('renders the sample record', async () => {
    const { output } = render(sampleRecord(), settings);
    await expect(withoutConstants(output)).toMatchFileSnapshot(`golden/sample.${format}.txt`);
  });

  it('renders a replay of bare events', async () => {
    const { output } = render(bareRecord(), settings);
    await expect(withoutConstants(output)).toMatchFileSnapshot(`golden/bare.${format}.txt`);
  });

  it('ends with a line break and gives the same text twice', () => {
    const { output } = render(sampleRecord(), settings);
    expect(output.endsWith('\n')).toBe(true);
    expect(render(sampleRecord(), settings).output).toBe(output);
  });
});

it('has a fixture that is a RunRecord', () => {
  expect(runRecordSchema.safeParse(sampleRecord()).error).toBeUndefined();
  expect(runRecordSchema.safeParse(bareRecord()).error).toBeUndefined();
});

describe('a matrix of mitigations', () => {
  const sample = sampleRecord();
  const [blocks] = sample.mitigations;
  if (!blocks) throw new TypeError('the sample has no mitigation');
  const treated = sample.cases.find(({ id }) => id === blocks.case);
  if (!treated) throw new TypeError('the sample has no treated case');
  const asDeclared = Array.from({ length: 70 }, (_, at) => ({ ...blocks, case: `${blocks.case}-${at}` }));
  const record = recordOf({
    ...sample,
    mitigations: [...sample.mitigations, ...asDeclared],
    cases: [
      ...sample.cases,
      ...asDeclared.map((row) => ({ ...treated, id: row.case, verdict: 'pass' as const })),
    ],
  });

  it('is told in a terminal by what is not as declared, and by its sums', () => {
    const { output } = reporters.console.render(record, settings);
    expect(output).toContain('71 treated cases are as declared; --report html shows each with its reason');
    expect(output.match(/^ +(?:at|cron)-allow .*→.*$/gm)).toEqual([
      expect.stringMatching(/cron-allow +cron-d-drop .* bypassed$/),
    ]);
  });

  it.each([
    ['ran', { treated: 'executed' }, 'notClaimed'],
    ['was refused', { treated: 'refused' }, 'stopped'],
    ['was inert', { treated: 'inert' }, 'stopped'],
    ['cannot be told', { treated: 'errored' }, 'notClaimed'],
    ['does not run without it either', { treated: 'inert', control: 'inert' }, 'notClaimed'],
  ] as const)('has a cell of its own for what nobody claims and %s', (_, over, look) => {
    expect(mitigationLook({ verdict: 'notClaimed', control: 'executed', ...over })).toBe(look);
  });
});
