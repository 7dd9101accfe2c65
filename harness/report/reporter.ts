// What a reporter is: a pure function from a RunRecord to text. It never prints, and never touches a file or a clock.

import type { RunRecord } from '../model/run-record.ts';

export interface ReporterSettings {
  /** Whether the reader's terminal shows colours. */
  readonly color: boolean;
  /** How many characters fit on a line of it. */
  readonly columns: number;
}

export interface Report {
  readonly output: string;
  /** Markdown for the page of a CI job, where the format has such a thing. */
  readonly jobSummary?: string;
}

export type Reporter = (record: RunRecord, settings: ReporterSettings) => Report;
