// What can be asked of the harness, as data: the command line reads it from words, a page or a program writes it down.

import type { VariantChoice } from '../engine/run/choose-variants.ts';
import { parseMitigations } from '../model/case-key.ts';
import type { SensorName } from '../model/event.ts';

export type { VariantChoice };

/** Content from outside of the bundled set: folders or files. */
export interface ContentRequest {
  readonly atomics: readonly string[];
  readonly rules: readonly string[];
}

/** Values for the placeholders of Sigma's `expand` modifier, by name. */
export type Placeholders = Readonly<Record<string, string[]>>;

export interface PlaceholderRequest {
  readonly placeholders: Placeholders;
  /** Files of further values: YAML, name → list of values. */
  readonly placeholderFiles: readonly string[];
}

/** The names that events use. */
export type FieldNames = 'ecs' | 'sigma';

export type MitigationChoice =
  /** Each mitigation against the atomics that it declares to stop. */
  | { readonly kind: 'declared' }
  | { readonly kind: 'none' }
  /** Each mitigation against every atomic. */
  | { readonly kind: 'all' }
  /** These (`a`, or `a+b` together; a path ending in .yaml for one's own file), against the atomics that they declare to stop and those that were selected by name. */
  | { readonly kind: 'named'; readonly names: readonly string[] };

/** Whether a name of a mitigation is the path of a file of the user's own. */
export const isMitigationFile = (name: string): boolean => /\.ya?ml$/.test(name);

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Files of what is expected of atomics instead of what is bundled. */
export interface ExpectRequest {
  readonly expect?: readonly string[];
}

export interface RunRequest extends ContentRequest, PlaceholderRequest, ExpectRequest {
  readonly selectors: readonly string[];
  /** Empty: the default target. */
  readonly targets: readonly string[];
  readonly mitigations: MitigationChoice;
  /** Values for input arguments of the selected atomics, by name. */
  readonly given: Readonly<Record<string, string>>;
  /** Account of the target that runs every selected attack; missing: whom its expectation or its author names. */
  readonly user?: string;
  /** Whether what the authors of foreign atomics wrote to bring prerequisites is run where one is not met. */
  readonly getPrereqs: boolean;
  /** Beside those that selectors name. */
  readonly variants: VariantChoice;
  /** Empty: the default sensors. */
  readonly sensors: readonly SensorName[];
  readonly clock: 'fast' | 'real';
  /** null: as many as the machine bears. */
  readonly jobs: number | null;
  readonly shard: Shard | null;
  /** A recorded run: shards are dealt so that all take as long as its cases took. */
  readonly durations?: string;
  /** The run's own folder; null: runs/<id>. */
  readonly out: string | null;
  /** Begins no further case once one has not come out as expected; those that have begun go on to their end. */
  readonly bail?: boolean;
  /** Folder of an interrupted run that is taken up: what it has already is not run again. */
  readonly resume?: string;
  /** Somebody follows it: events and matches of the attack are said as they come, stages before they begin. */
  readonly live?: boolean;
  /** Nothing is selected: the only case is somebody at a terminal in the target. */
  readonly terminal?: { readonly user: string | null };
}

/** Paths of what the user has written for a run. */
export function ownPaths({
  atomics,
  rules,
  expect = [],
  placeholderFiles,
  mitigations,
}: Pick<RunRequest, 'atomics' | 'rules' | 'expect' | 'placeholderFiles' | 'mitigations'>): string[] {
  const named = mitigations.kind === 'named' ? mitigations.names.flatMap(parseMitigations) : [];
  return [...atomics, ...rules, ...expect, ...placeholderFiles, ...named.filter(isMitigationFile)];
}

export interface ReplayRequest extends PlaceholderRequest, ExpectRequest {
  /** An evidence folder, or a bare file of events. */
  readonly source: string;
  /** Rules to judge by instead of the bundled ones. */
  readonly rules: readonly string[];
  readonly fields: FieldNames;
  /** Of a run's folder: judge by what these sensors recorded alone; empty: by all that the run had. */
  readonly sensors: readonly SensorName[];
  /** Where a log without zones was written, as `Europe/Berlin`; null: not said. */
  readonly zone: string | null;
  /** Where to keep the new RunRecord; null: nowhere. */
  readonly out: string | null;
}

export interface RegressionRequest {
  /** A run's folder. */
  readonly run: string;
  /** Rules to judge it by instead of those that it was recorded with. */
  readonly rules: readonly string[];
  /** The folder that files in the layout of SigmaHQ's repository go to. */
  readonly out: string;
}

export interface EventsRequest {
  /** A run's folder. */
  readonly run: string;
  /** Ids of cases, slugs or techniques; empty: all cases. */
  readonly cases: readonly string[];
  readonly out: string;
}

export interface ArtRequest {
  readonly selectors: readonly string[];
  /** Foreign atomics: folders or files. */
  readonly atomics: readonly string[];
  readonly variants: VariantChoice;
  /** The folder that files in Atomic Red Team's layout go to. */
  readonly art: string;
}

export interface MergeRequest {
  /** Folders of runs, or their run.json. */
  readonly runs: readonly string[];
  /** Where to keep the merged run; null: nowhere. */
  readonly out: string | null;
}

export interface DiffRequest {
  readonly old: string;
  readonly new: string;
}

export interface ListRequest extends ContentRequest {
  readonly selectors: readonly string[];
  /** Lists these instead of everything else; null: no variants but those that selectors name. */
  readonly variants: VariantChoice | null;
}

export interface ExplainRequest extends ContentRequest, PlaceholderRequest {
  readonly id: string;
  /** What to hold the rule against: a file of events, or the folder of a case or a run. */
  readonly event: string | null;
  readonly fields: FieldNames;
}

export interface LintRequest extends ContentRequest, PlaceholderRequest {
  /** Rules, atomics and mitigations in any order, as a hook before commits has them; what is none of them is passed over. */
  readonly files?: readonly string[];
}

export interface DoctorRequest {
  /** Mend what is wrong; without it nothing is changed. */
  readonly fix: boolean;
  /** Whose images must be there; empty: the default target's; `none` alone: no target's. */
  readonly targets: readonly string[];
  /** Empty: the default sensors. */
  readonly sensors: readonly SensorName[];
}

/** What a lab offers to those who look at its page. */
export interface LabRequest extends ContentRequest {
  /** Empty: the default target. */
  readonly targets: readonly string[];
  /** A file of lessons instead of those that mitigations make by themselves; null: none. */
  readonly lessons: string | null;
}
