// What a report can show of a run beyond its record: the events that the record cites, processes, schedules, texts of rules.

import type { EcsEvent } from './event.ts';
import type { Schedule, ScheduleFile } from './inventory.ts';

export interface RunTraces {
  readonly rules: readonly RuleTrace[];
  /** By the id of the case; the idle controls, too. */
  readonly cases: ReadonlyMap<string, CaseTrace>;
}

export interface RuleTrace {
  readonly slug: string;
  readonly text: string;
  /** In the order of the rule's text. */
  readonly branches: readonly BranchTrace[];
  /** Sensors that can feed it. */
  readonly sensors: readonly string[];
  /** Fields that it reads, and the sensors that give each. */
  readonly fields: readonly { readonly name: string; readonly sensors: readonly string[] }[];
}

export interface BranchTrace extends RulePlace {
  readonly kind: 'alternative' | 'exclusion';
  readonly text: string;
  readonly proven: boolean;
}

/** From 1; in the text of a rule. */
export interface RulePlace {
  readonly line: number;
  readonly column: number;
}

export interface CaseTrace {
  /** Those that the record of the case cites, in their order. */
  readonly events: readonly EcsEvent[];
  /** Who started whom, as a tree in rows: a row comes after its parent's. */
  readonly processes: readonly ProcessTrace[];
  readonly schedules: readonly ScheduleTrace[];
  /** How rules read the case: one for each rule that its record speaks of. */
  readonly readings: readonly RuleReading[];
}

export interface ProcessTrace {
  /** How many of the rows before it are its ancestors. */
  readonly depth: number;
  readonly pid: number;
  readonly commandLine: string;
  readonly user: string;
  /** ISO; null where it was there before the sensor. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  /** What it is to the case; absent for those between. */
  readonly part?: 'step' | 'scheduler' | 'job' | 'payload';
}

/** An entry as it is scheduled, and where in the life of the case it was. */
export interface ScheduleTrace
  extends Pick<Schedule, 'kind' | 'user' | 'when' | 'command' | 'inert' | 'nextRun'> {
  readonly file: string | null;
  /** Of the file that it is written in. */
  readonly written: Pick<ScheduleFile, 'owner' | 'mode' | 'mtime'> | null;
  readonly before: boolean;
  readonly during: boolean;
  readonly after: boolean;
  /** It was there before, and the attack made it another. */
  readonly changed?: true;
}

export interface RuleReading {
  readonly rule: string;
  /** Whether it fired on the case's own events. */
  readonly matched: boolean;
  /** Where the rule gives no condition of its own to hold against an event (a correlation), there are none. */
  readonly stages: readonly StageReading[];
}

/** One condition of a rule held against the event that came closest. */
export interface StageReading {
  readonly eventId: string;
  readonly matched: boolean;
  /** The tests that held, or what was not as asked. */
  readonly tests: readonly TestReading[];
}

export interface TestReading {
  readonly text: string;
  readonly excluded: boolean;
  readonly holds: boolean;
  readonly seen: readonly { readonly field: string; readonly value: string | null }[];
  /** Absent for the rule's log source. */
  readonly place?: RulePlace;
}
