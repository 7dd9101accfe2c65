// Every format over the sample record, held against a golden file; and over hostile content, held against its rules.

import { describe, expect, it } from 'vitest';
import { runRecordSchema } from '../../../harness/model/run-record.ts';
import type { ReportFormat } from '../../../harness/report/formats.ts';
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
