// All report formats by name: the command line's --report, its help and its completion read this table.

import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import { renderConsole } from './console.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/page.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderNavigator } from './navigator.ts';
import type { Report, ReporterRow, ReporterSettings } from './reporter.ts';
import { renderSarif } from './sarif.ts';

export const reporters = {
  console: { kind: 'lines', summary: 'tables for a terminal', render: renderConsole },
  json: { kind: 'document', summary: 'the RunRecord itself', render: renderJson },
  junit: { kind: 'document', summary: 'JUnit XML for CI systems', render: renderJunit },
  sarif: { kind: 'document', summary: 'SARIF 2.1.0 for code scanning', render: renderSarif },
  html: { kind: 'document', summary: 'one page that needs nothing else', render: renderHtml },
  markdown: { kind: 'lines', summary: 'GitHub-flavoured Markdown', render: renderMarkdown },
  navigator: { kind: 'document', summary: 'a layer for the ATT&CK Navigator', render: renderNavigator },
  github: { kind: 'lines', summary: 'annotations and job summary for GitHub Actions', render: renderGithub },
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
