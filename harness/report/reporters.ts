// All report formats by name: the command line's --report, its help and its completion read this table.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import { renderConsole } from './console.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import type { Report, ReporterRow, ReporterSettings } from './reporter.ts';

export const reporters = {
  console: { kind: 'lines', summary: 'tables for a terminal', render: renderConsole },
  json: { kind: 'document', summary: 'the RunRecord itself', render: renderJson },
  junit: { kind: 'document', summary: 'JUnit XML for CI systems', render: renderJunit },
} as const satisfies Record<string, ReporterRow>;

export type ReportFormat = keyof typeof reporters;

/**
 * Renders a record in a format.
 * @throws AtomclockError `report/unknown-format` that lists the formats
 */
export function render(format: string, record: RunRecord, settings: ReporterSettings): Report {
  if (!isFormat(format)) {
    throw new AtomclockError(
      'report/unknown-format',
      `Expected a report format (${Object.keys(reporters).join(', ')}), got '${format}'`,
      { exitCode: exitCodes.badInput },
    );
  }
  return reporters[format].render(record, settings);
}

const isFormat = (name: string): name is ReportFormat => Object.hasOwn(reporters, name);
