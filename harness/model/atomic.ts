// An atomic: one scripted procedure, in Atomic Red Team's YAML schema (atomic_red_team/atomic_test.rb, spec.yaml).
//
// What that schema asks for and a run does not need may be missing: lint tells.

import { z } from 'zod';

const inputArgument = z.looseObject({
  description: z.string().nullish(),
  type: z.string().nullish(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullish(),
});

const dependency = z.looseObject({
  description: z.string().nullish(),
  prereq_command: z.string().nullish(),
  get_prereq_command: z.string().nullish(),
});

/** The words that are true or false where a file is read as YAML 1.1, as Atomic Red Team's own readers do. */
const words: ReadonlyMap<unknown, boolean> = new Map([
  ...['true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', 'no', 'off'].map((word) => [word, false] as const),
]);
const wordMeant = (value: unknown): unknown =>
  typeof value === 'string' ? (words.get(value.toLowerCase()) ?? value) : value;

const executor = z.looseObject({
  name: z.string(),
  /** @source https://yaml.org/type/bool.html, for `yes` and its like */
  elevation_required: z.preprocess(wordMeant, z.boolean().nullish()),
  command: z.string().nullish(),
  cleanup_command: z.string().nullish(),
  /** Instead of `command` where `name` is `manual`. */
  steps: z.string().nullish(),
});

export const atomicTestSchema = z.looseObject({
  name: z.string().min(1),
  auto_generated_guid: z.guid('expected a GUID such as 5b0f6f0e-0b3c-4f7a-9d0e-1a2b3c4d5e6f').nullish(),
  description: z.string().nullish(),
  supported_platforms: z.array(z.string()).min(1, 'expected at least one platform'),
  input_arguments: z.record(z.string(), inputArgument).nullish(),
  dependency_executor_name: z.string().nullish(),
  dependencies: z.array(dependency).nullish(),
  executor,
});

/** One technique's file, as Atomic Red Team lays it out. */
export const atomicFileSchema = z.looseObject({
  attack_technique: z
    .string()
    .regex(/^T\d{4}(\.\d{3})?$/, 'expected an ATT&CK technique id such as T1053.003'),
  display_name: z.string().nullish(),
  atomic_tests: z.array(atomicTestSchema).min(1),
});

const text = z.string();

/** An atomic as the harness runs it: ART's fields plus where it came from and what it is called here. */
export const atomicSchema = z.strictObject({
  guid: text,
  /** Short name in selectors and case ids, unique in a run. */
  slug: text,
  name: text,
  description: text,
  technique: text,
  /** Its file: of a foreign one as the user can open it, of a bundled one below the folder of this package. */
  source: text,
  kind: z.enum(['attack', 'benign']),
  tags: z.array(text),
  /** From outside the bundled set: it runs exactly as written. */
  foreign: z.boolean(),
  platforms: z.array(text),
  inputs: z.record(text, z.strictObject({ description: text, type: text, default: text })),
  dependencies: z.array(z.strictObject({ description: text, check: text, get: text.nullable() })),
  dependencyExecutor: text,
  executor: z.strictObject({
    name: text,
    elevationRequired: z.boolean(),
    command: text,
    cleanup: text.nullable(),
  }),
  /** Why it cannot run on a Linux target; null when it can. */
  unsupported: text.nullable(),
});
export type Atomic = z.infer<typeof atomicSchema>;

/** Where a target has the folders of techniques, with what lies beside their atomics. */
export const atomicsFolder = '/opt/AtomicRedTeam/atomics';

/** ART's name for that folder in any case, with or without `$`; and the way there from inside of its repository. */
const folderNames = /\$?PathToAtomicsFolder|(?<![\w./~$-])(?:\.\.?\/)*atomics(?=\/T\d{4})/gi;

/**
 * Fills in input arguments, each value literally; a value may mention other arguments, in whatever order they are
 * declared (Atomic Red Team's own runner takes one after the other, so that only later ones are found: lint tells). A
 * name that is no argument, or that comes back to itself, stays as it is, for the shell to see. Then the folder of the
 * atomics.
 * @param text command, cleanup or dependency check
 * @param inputs values by argument name
 * @source Invoke-AtomicRedTeam, Merge-InputArgs
 */
export const renderCommand = (text: string, inputs: Readonly<Record<string, string>>): string =>
  filledIn(text, inputs, { open: [], left: mostFilled }).replace(folderNames, atomicsFolder);

/** Values that multiply each other beyond this are left as they are. */
const mostFilled = 10_000;

interface Filling {
  /** Arguments whose values are being filled in. */
  readonly open: string[];
  left: number;
}

const filledIn = (text: string, inputs: Readonly<Record<string, string>>, filling: Filling): string =>
  text.replace(/#\{(.*?)\}/g, (mention, name: string) => {
    const value = Object.hasOwn(inputs, name) && !filling.open.includes(name) ? inputs[name] : undefined;
    if (value === undefined || filling.left <= 0) return mention;
    filling.left -= 1;
    filling.open.push(name);
    const filled = filledIn(value, inputs, filling);
    filling.open.pop();
    return filled;
  });

/** The default of every input argument: what a run starts from. */
export const defaultInputs = (inputs: Atomic['inputs']): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]));

/** Names that a text refers to as `#{name}`, each once, in order of appearance. */
export const referencedInputs = (text: string): string[] => [
  ...new Set([...text.matchAll(/#\{(.*?)\}/g)].map((match) => match[1] as string)),
];
