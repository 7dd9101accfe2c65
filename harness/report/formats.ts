// All report formats by name: the command line's --report, its help and its completion read this table, and need no
// renderer for it.

export const formats = {
  console: { kind: 'lines', summary: 'tables for a terminal' },
  json: { kind: 'document', summary: 'the RunRecord itself' },
  junit: { kind: 'document', summary: 'JUnit XML for CI systems' },
  sarif: { kind: 'document', summary: 'SARIF 2.1.0 for code scanning' },
  html: { kind: 'document', summary: 'one page that needs nothing else', showsTraces: true },
  markdown: { kind: 'lines', summary: 'GitHub-flavoured Markdown' },
  navigator: { kind: 'document', summary: 'a layer for the ATT&CK Navigator' },
  github: { kind: 'lines', summary: 'annotations and job summary for GitHub Actions' },
} as const satisfies Record<string, Format>;

export type ReportFormat = keyof typeof formats;

/** Formats in which the comparison of two runs is told, too. */
export const diffFormats = [
  'console',
  'json',
  'markdown',
  'github',
  'html',
] as const satisfies ReportFormat[];

export type DiffFormat = (typeof diffFormats)[number];

export interface Format {
  /** `lines` may follow one another on standard output; a `document` is a whole file and stands alone. */
  readonly kind: 'lines' | 'document';
  readonly summary: string;
  /** Whether it shows traces: for the others they need not be read. */
  readonly showsTraces?: true;
}
