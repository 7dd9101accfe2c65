// All report formats by name: the command line's --report, its help and its completion read this table.

import { renderConsole } from './console.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/page.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderNavigator } from './navigator.ts';
import type { ReporterRow } from './reporter.ts';
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
