// The renderer of each report format.

import { renderConsole } from './console.ts';
import type { ReportFormat } from './formats.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/page.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderNavigator } from './navigator.ts';
import type { Reporter } from './reporter.ts';
import { renderSarif } from './sarif.ts';

export const reporters: Readonly<Record<ReportFormat, { readonly render: Reporter }>> = {
  console: { render: renderConsole },
  json: { render: renderJson },
  junit: { render: renderJunit },
  sarif: { render: renderSarif },
  html: { render: renderHtml },
  markdown: { render: renderMarkdown },
  navigator: { render: renderNavigator },
  github: { render: renderGithub },
};
