// What a program asks of the library, with what holds where it says nothing: checked, because a misspelt option would
// otherwise be one that was not given, and run something else.

import { z } from 'zod';
import type {
  MitigationChoice,
  PlaceholderRequest,
  ReplayRequest,
  RunRequest,
  VariantChoice,
} from '../main/request.ts';
import { variantChoice } from '../main/variant-choice.ts';
import { isZone } from '../main/zone.ts';
import { parseMitigations } from '../model/case-key.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { type GateName, gateNames, type Requirement } from '../model/gates.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import { closestTo } from '../model/suggestion.ts';

export type OneOrMany = string | readonly string[];

/** What every job of the library takes. */
export interface JobOptions {
  /** Aborted when no answer is wanted any more: what was started is removed, and the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Told all that happens, as it happens; nothing is printed. */
  readonly onEvent?: OnRunEvent;
  /** Rules to judge by instead of the bundled ones (of a replay: instead of those of the evidence): folders or files. */
  readonly rules?: OneOrMany;
  /** Values for the placeholders of Sigma's `expand` modifier, by name. */
  readonly placeholders?: Readonly<Record<string, OneOrMany>>;
  /** Files of further values: YAML, name → values. */
  readonly placeholderFiles?: OneOrMany;
  /** Files of what is expected of atomics instead of what is bundled. */
  readonly expect?: OneOrMany;
}

/** Options of `run` and of `detonate`. */
export interface LabOptions extends JobOptions {
  /** Atomics from outside, in Atomic Red Team's schema: folders or files. */
  readonly atomics?: OneOrMany;
  /** Values for input arguments of the selected atomics, by name. */
  readonly args?: Readonly<Record<string, string>>;
  /** Account of the target that runs the attack, e.g. `bob`; else whom its expectation or its author names. */
  readonly user?: string;
  /** Whether prerequisites of foreign atomics are brought by what their authors wrote for that; else not. */
  readonly getPrereqs?: boolean;
  /** Sources of telemetry; else all but `audit`. */
  readonly sensors?: OneOrMany;
  /** `fast` (the default): the cron daemon lives sixty times faster. */
  readonly clock?: 'fast' | 'real';
}

/** Options of `run`. */
export interface RunOptions extends LabOptions {
  /** Techniques, slugs, GUIDs, tags, globs, ids of variants; none: all bundled atomics, or all of `atomics`. */
  readonly selectors?: OneOrMany;
  /** Targets; else `debian12`. */
  readonly targets?: OneOrMany;
  /**
   * `declared` (the default): each mitigation against the atomics that it declares to stop; `none`; `all`: the full
   * matrix; else names, `a+b` for two together.
   */
  readonly mitigations?: OneOrMany;
  /** `none` (the default), `all`, `pairs`, `pairs=N` (at most N of an attack; 64), or names of axes: variants beside those that selectors name. */
  readonly variants?: OneOrMany;
  /** Cases at the same time; else as many as the machine bears. */
  readonly jobs?: number;
  /** The i-th (from 1) of n parts of the cases. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Folder of a recorded run by whose durations the shards are dealt, the same for each of them. */
  readonly durations?: string;
  /** Gates, with the percentage that each asks for. */
  readonly require?: Readonly<Partial<Record<GateName, number>>>;
  /** The run's folder; else `runs/<id>`. */
  readonly out?: string;
  /** Folder of an interrupted run to take up; then `signal`, `onEvent`, `jobs` and `require` alone may be said besides. */
  readonly resume?: string;
  /** Begin no further case once one has not come out as expected. */
  readonly bail?: boolean;
}

/** Options of `replay`. */
export interface ReplayOptions extends JobOptions {
  /** Of a run's folder: judge by these sensors' events alone. */
  readonly sensors?: OneOrMany;
  /** Field names that a bare file of events uses: `ecs` (the default) or Sigma's. */
  readonly fields?: 'ecs' | 'sigma';
  /** Where a log without zones was written, e.g. `Europe/Berlin`; else as its audit records tell, else UTC. */
  readonly zone?: string;
  /** Gates, with the percentage that each asks for. */
  readonly require?: Readonly<Partial<Record<GateName, number>>>;
  /** Folder in which the new RunRecord is kept; else it is not. */
  readonly out?: string;
}

/** Options of `detonate`. */
export interface DetonateOptions extends LabOptions {
  /** Else `debian12`. */
  readonly target?: string;
  /** A mitigation, or `a+b`: the attack is run without it and under it. */
  readonly mitigation?: string;
  /** Folder in which the evidence is kept; else it is removed when it has been read. */
  readonly out?: string;
}

/** Options of `recorded`. */
export type RecordedOptions = Omit<ReplayOptions, 'fields' | 'zone' | 'require' | 'out'>;

const oneOrMany = z.union([z.string().min(1), z.array(z.string().min(1))]);
const texts = z.record(z.string(), z.string());
const isEachOnce = (name: string) => new Set(parseMitigations(name)).size === parseMitigations(name).length;
const composition = z.string().min(1).refine(isEachOnce, 'expected each mitigation once');
const gates = z.partialRecord(z.enum(gateNames), z.number().min(0).max(100)).optional();

const job = {
  signal: z.instanceof(AbortSignal).optional(),
  onEvent: z.custom<OnRunEvent>((value) => typeof value === 'function', 'expected a function').optional(),
  rules: oneOrMany.optional(),
  placeholders: z.record(z.string(), oneOrMany).optional(),
  placeholderFiles: oneOrMany.optional(),
  expect: oneOrMany.optional(),
};
const lab = {
  ...job,
  atomics: oneOrMany.optional(),
  args: texts.optional(),
  user: z.string().min(1).optional(),
  getPrereqs: z.boolean().optional(),
  sensors: oneOrMany.optional(),
  clock: z.enum(['fast', 'real']).optional(),
};
const runSchema = z.strictObject({
  ...lab,
  selectors: oneOrMany.optional(),
  targets: oneOrMany.optional(),
  mitigations: z.union([composition, z.array(composition)]).optional(),
  variants: oneOrMany.optional(),
  jobs: z.int().min(1).max(999).optional(),
  shard: z
    .strictObject({ index: z.int().min(1), count: z.int().min(1) })
    .refine(({ index, count }) => index <= count, 'expected an index of no more than the count')
    .optional(),
  durations: z.string().min(1).optional(),
  require: gates,
  out: z.string().min(1).optional(),
  resume: z.string().min(1).optional(),
  bail: z.boolean().optional(),
});
const recordedSchema = z.strictObject({ ...job, sensors: oneOrMany.optional() });
const replaySchema = z.strictObject({
  ...recordedSchema.shape,
  fields: z.enum(['ecs', 'sigma']).optional(),
  zone: z.string().refine(isZone, 'expected the name of a time zone such as Europe/Berlin').optional(),
  require: gates,
  out: z.string().min(1).optional(),
});
const detonateSchema = z.strictObject({
  ...lab,
  target: z.string().min(1).optional(),
  mitigation: composition.optional(),
  out: z.string().min(1).optional(),
});

const schemas = { run: runSchema, replay: replaySchema, detonate: detonateSchema, recorded: recordedSchema };

/**
 * Holds options against what a function takes.
 * @throws AtomclockError `library/unknown-option`, `library/invalid-option`
 */
export function checkOptions(of: keyof typeof schemas, options: object): void {
  const schema = schemas[of];
  const [issue] = schema.safeParse(options).error?.issues ?? [];
  if (issue === undefined) return;
  const known = Object.keys(schema.shape);
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    const [name = ''] = issue.keys;
    const closest = closestTo(name, known);
    throw new AtomclockError('library/unknown-option', `${of} has no option ${name}`, {
      exitCode: exitCodes.badInput,
      hint: closest === undefined ? `Options: ${known.join(', ')}.` : `Did you mean ${closest}?`,
    });
  }
  const place = issue.path.map(String).join('.') || 'its options';
  const why = issue.code === 'invalid_union' ? 'expected a text, or an array of texts' : issue.message;
  throw new AtomclockError('library/invalid-option', `${of}: ${place}: ${why}`, {
    exitCode: exitCodes.badInput,
  });
}

/** @throws as `checkOptions` */
export function runRequestOf(options: RunOptions): RunRequest {
  checkOptions('run', options);
  const {
    args = {},
    user,
    getPrereqs = false,
    clock = 'fast',
    jobs,
    shard,
    durations,
    out,
    resume,
    bail = false,
  } = options;
  return {
    selectors: listOf(options.selectors),
    targets: listOf(options.targets),
    mitigations: mitigationsOf(options.mitigations),
    given: args,
    ...(user !== undefined && { user }),
    getPrereqs,
    variants: variantsOf(options.variants),
    atomics: listOf(options.atomics),
    rules: listOf(options.rules),
    ...placeholdersOf(options),
    expect: listOf(options.expect),
    sensors: listOf(options.sensors),
    clock,
    jobs: jobs ?? null,
    shard: shard ?? null,
    ...(durations !== undefined && { durations }),
    out: out ?? null,
    ...(resume !== undefined && { resume }),
    ...(bail && { bail }),
  };
}

/** @throws as `checkOptions` */
export function replayRequestOf(source: string, options: ReplayOptions): ReplayRequest {
  checkOptions('replay', options);
  return {
    source,
    rules: listOf(options.rules),
    ...placeholdersOf(options),
    expect: listOf(options.expect),
    fields: options.fields ?? 'ecs',
    sensors: listOf(options.sensors),
    zone: options.zone ?? null,
    out: options.out ?? null,
  };
}

export const requirementsOf = ({ require = {} }: Pick<RunOptions, 'require'>): Requirement[] =>
  gateNames.flatMap((gate) => {
    const percent = require[gate];
    return percent === undefined ? [] : [{ gate, percent }];
  });

export const placeholdersOf = ({
  placeholders = {},
  placeholderFiles,
}: Pick<JobOptions, 'placeholders' | 'placeholderFiles'>): PlaceholderRequest => ({
  placeholders: Object.fromEntries(
    Object.entries(placeholders).map(([name, values]) => [name, listOf(values)]),
  ),
  placeholderFiles: listOf(placeholderFiles),
});

export const listOf = (given: OneOrMany = []): string[] => (typeof given === 'string' ? [given] : [...given]);

function mitigationsOf(given: OneOrMany = 'declared'): MitigationChoice {
  if (given === 'declared' || given === 'none' || given === 'all') return { kind: given };
  return { kind: 'named', names: listOf(given) };
}

function variantsOf(given: OneOrMany = 'none'): VariantChoice {
  const choice = variantChoice(listOf(given));
  if (choice) return choice;
  throw new AtomclockError(
    'usage/invalid-value',
    `variants: expected names of axes, or one of all, none, pairs and pairs=N, got '${listOf(given).join(',')}'`,
    { exitCode: exitCodes.badInput },
  );
}
