// What a reporter is: a pure function from a RunRecord to text. It never prints, and never touches a file or a clock.

import type { RunRecord } from '../model/run-record.ts';
import type { RunTraces } from '../model/traces.ts';

export interface ReporterSettings {
  /** Whether the reader's terminal shows colours. */
  readonly color: boolean;
  /** How many characters fit on a line of it. */
  readonly columns: number;
  /** What the run's evidence shows beyond its record; missing where it was not read. */
  readonly traces?: RunTraces | null;
}

export interface Report {
  readonly output: string;
  /** Markdown for the page of a CI job, where the format has such a thing. */
  readonly jobSummary?: string;
}

export type Reporter = (record: RunRecord, settings: ReporterSettings) => Report;
