// The renderer of each format that a comparison has.

import type { DiffFormat } from '../formats.ts';
import { printableJson } from '../json.ts';
import type { Report, ReporterSettings } from '../reporter.ts';
import type { Comparison } from './comparison.ts';
import { renderDiff } from './console.ts';
import { renderDiffGithub } from './github.ts';
import { renderDiffHtml } from './html.ts';
import { renderDiffMarkdown } from './markdown.ts';

/** Pure: a comparison → text. */
export const diffReporters: Readonly<
  Record<DiffFormat, (comparison: Comparison, settings: ReporterSettings) => Report>
> = {
  console: ({ diff }, settings) => renderDiff(diff, settings),
  json: ({ diff }) => ({ output: `${printableJson(diff)}\n` }),
  markdown: renderDiffMarkdown,
  github: renderDiffGithub,
  html: renderDiffHtml,
};
