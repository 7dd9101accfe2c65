// The options of all commands: their rows for help and completion, and the step from words to what is requested.

import type {
  ArtRequest,
  ContentRequest,
  DiffRequest,
  DoctorRequest,
  EventsRequest,
  ExplainRequest,
  LabRequest,
  LintRequest,
  ListRequest,
  MergeRequest,
  MitigationChoice,
  PlaceholderRequest,
  RegressionRequest,
  ReplayRequest,
  RunRequest,
  Shard,
  VariantChoice,
} from '../main/request.ts';
import { defaultSensors } from '../main/sensors.ts';
import { variantChoice } from '../main/variant-choice.ts';
import { isZone } from '../main/zone.ts';
import { gateNames, type Requirement } from '../model/gates.ts';
import { sensorNames } from '../model/vocabularies/index.ts';
import { type DiffFormat, diffFormats, formats, type ReportFormat } from '../report/formats.ts';
import { usageError } from './arguments.ts';
import type { Option, Parsed } from './command.ts';

/** A report to render, and the file it goes to; null: standard output. */
export interface ReportRequest<F extends ReportFormat = ReportFormat> {
  readonly format: F;
  readonly file: string | null;
}

interface GateOptions {
  /** What the run must come to beyond its expectations. */
  readonly requirements: readonly Requirement[];
}

export interface OutputOptions<F extends ReportFormat = ReportFormat> {
  /** Documents (JSON, HTML…) never share standard output with anything. */
  readonly reports: readonly ReportRequest<F>[];
  /** Says nothing but errors beside them: no progress, no verdict. */
  readonly quiet: boolean;
}

export interface WatchOptions {
  /** How the run is shown while it runs: its progress, or all that happens; `step` waits for Enter between stages. */
  readonly watch: 'progress' | 'watch' | 'step';
}

export type RunOptions = RunRequest &
  OutputOptions &
  GateOptions &
  WatchOptions & {
    /** How many times, each in a folder of its own; null: once, in the run's own folder. */
    readonly repeat: number | null;
  };
export type ShellOptions = RunRequest & OutputOptions;
export type ReplayOptions = ReplayRequest &
  OutputOptions &
  GateOptions & {
    /** Judge again whenever a rule is edited, until interrupted. */
    readonly watch: boolean;
  };
export type MergeOptions = MergeRequest & OutputOptions;
export type ListOptions = ListRequest & { readonly json: boolean };
export type ExportOptions =
  | ({ readonly kind: 'art' } & ArtRequest)
  | ({ readonly kind: 'sigma-regression' } & RegressionRequest)
  | ({ readonly kind: 'events' } & EventsRequest);
export type ExplainOptions = ExplainRequest;
export type LintOptions = LintRequest & { readonly json: boolean };
export type DoctorOptions = DoctorRequest & { readonly json: boolean };
export type DiffOptions = DiffRequest & OutputOptions<DiffFormat>;

export interface LabOptions extends LabRequest {
  readonly port: number;
  readonly host: string;
  /** The folder below which its runs are kept; null: runs/. */
  readonly out: string | null;
}

export interface ReportOptions extends OutputOptions, GateOptions {
  /** A run's folder, or its run.json; null: print the JSON Schema of run.json instead. */
  readonly run: string | null;
}

/** One row per option; a command names those that it takes. */
export const options = {
  target: {
    name: 'target',
    value: 'NAME',
    repeatable: true,
    commas: true,
    names: 'targets',
    summary: 'target to run on; NAME,NAME for several (default: debian12)',
  },
  mitigation: {
    name: 'mitigation',
    value: 'NAME[+NAME]',
    repeatable: true,
    commas: true,
    names: 'mitigations',
    summary:
      'mitigation to apply, a name or a file of your own (.yaml), NAME+NAME for several at once, all (every one against every atomic) or none (default: each where it claims to stop)',
  },
  variants: {
    name: 'variants',
    value: 'AXIS',
    names: 'axes',
    repeatable: true,
    commas: true,
    summary:
      'variants of the selected attacks beside them: AXIS,AXIS for one change at a time along these axes, all, none, pairs for any two changes together, at most 64 variants of an attack, or pairs=N for N (default: none)',
  },
  exportVariants: {
    name: 'variants',
    value: 'AXIS',
    names: 'axes',
    repeatable: true,
    commas: true,
    summary: 'variants to write beside each atomic: AXIS,AXIS, all, none, pairs or pairs=N (default: all)',
  },
  art: {
    name: 'art',
    value: 'DIR',
    summary: "atomics and their variants, to this folder, in Atomic Red Team's layout",
  },
  sigmaRegression: {
    name: 'sigma-regression',
    value: 'DIR',
    summary:
      "what each Sigma rule of a RUN fired on, to this folder, as SigmaHQ's regression_data, with the rules that name it",
  },
  events: {
    name: 'events',
    value: 'DIR',
    summary: 'the events of a RUN or of CASEs of it, to this folder, as ECS NDJSON with a manifest',
  },
  require: {
    name: 'require',
    value: 'GATE[=PERCENT]',
    repeatable: true,
    commas: true,
    offers: gateNames,
    summary:
      'what the run must come to, or it exits 1: attacks-seen[=PERCENT] (executed attacks that some rule sees), rules-fire, branches=PERCENT (ways through the rules that are proven), survival=PERCENT (executed variants that some rule sees)',
  },
  listVariants: {
    name: 'variants',
    summary:
      'the variants of the selected attacks, instead of everything; followed by pairs or pairs=N, their combinations, and how many pairs these cover',
  },
  atomics: {
    name: 'atomics',
    value: 'PATH',
    repeatable: true,
    summary: "foreign atomics in Atomic Red Team's schema: a folder or a file",
  },
  rules: {
    name: 'rules',
    value: 'PATH',
    repeatable: true,
    summary: 'foreign rules: a folder or a file (Sigma .yml, Elastic .toml or exported .ndjson, EQL .eql)',
  },
  expect: {
    name: 'expect',
    value: 'FILE',
    repeatable: true,
    summary:
      'what you expect of atomics instead of what is bundled: slug or GUID → detects, evades, observation, artifacts',
  },
  sensor: {
    name: 'sensor',
    value: 'NAME',
    repeatable: true,
    commas: true,
    get choices() {
      return sensorNames();
    },
    get summary() {
      const names = sensorNames().join(', ');
      return `source of telemetry; NAME,NAME for several: ${names} (default: ${defaultSensors().join(', ')})`;
    },
  },
  recordedBy: {
    name: 'sensor',
    value: 'NAME',
    repeatable: true,
    commas: true,
    get choices() {
      return sensorNames();
    },
    get summary() {
      return `judge by these sensors' events alone, of those that the run had: ${sensorNames().join(', ')} (default: all it had)`;
    },
  },
  arg: {
    name: 'arg',
    value: 'NAME=VALUE',
    repeatable: true,
    summary: 'value for an input argument of the selected atomics, instead of its default',
  },
  getPrereqs: {
    name: 'get-prereqs',
    summary: "run a foreign atomic's get_prereq_command where its prerequisite is not met",
  },
  clock: {
    name: 'clock',
    value: 'CLOCK',
    choices: ['fast', 'real'],
    summary: 'fast: the cron daemon lives sixty times faster; real: it does not (default: fast)',
  },
  jobs: {
    name: 'jobs',
    value: 'N',
    summary:
      'cases at the same time (default: two for each CPU, fewer where memory, processes or inotify instances are few)',
  },
  shard: { name: 'shard', value: 'i/n', summary: 'only the i-th of n equal parts of the cases' },
  durations: {
    name: 'durations',
    value: 'RUN',
    summary:
      'with --shard: a recorded run, the same one for every shard; the parts are made so that all take as long as its cases took',
  },
  out: { name: 'out', value: 'DIR', summary: 'folder for this run (default: runs/<id>)' },
  bail: {
    name: 'bail',
    summary: 'begin no further case once one has failed or could not tell; --resume runs the others',
  },
  repeat: {
    name: 'repeat',
    value: 'N',
    summary:
      'the same run N times, each kept in a folder of its own, and which cases did not always come out the same; reports are of the last',
  },
  resume: {
    name: 'resume',
    value: 'DIR',
    summary: 'take up the interrupted run in DIR: only what is missing runs; nothing else need be named',
  },
  user: {
    name: 'user',
    value: 'NAME',
    summary: 'account that sits at the terminal (default: alice, or whom the target or a mitigation has act)',
  },
  watch: {
    name: 'watch',
    summary:
      'show one case at a time as it happens: commands and their answers, what the attack does, the launch, each rule as it matches; with content of your own it goes on: what an edit touches is run again, until interrupted',
  },
  step: { name: 'step', summary: '--watch that waits for Enter before each stage' },
  keep: { name: 'out', value: 'DIR', summary: 'folder to keep the resulting run.json in' },
  report: {
    name: 'report',
    value: 'FORMAT[=FILE]',
    repeatable: true,
    offers: Object.keys(formats),
    summary: `report to write, to FILE or to standard output: ${Object.keys(formats).join(', ')}`,
  },
  diffReport: {
    name: 'report',
    value: 'FORMAT[=FILE]',
    repeatable: true,
    offers: diffFormats,
    summary: `report to write, to FILE or to standard output: ${diffFormats.join(', ')}`,
  },
  quiet: { name: 'quiet', summary: 'nothing but the reports that are asked for, and errors' },
  record: { name: 'json', summary: 'the RunRecord on standard output, and nothing else there' },
  json: { name: 'json', summary: 'JSON on standard output' },
  fields: {
    name: 'fields',
    value: 'NAMES',
    choices: ['ecs', 'sigma'],
    summary: 'field names that a bare file of events uses: ecs or sigma (default: ecs)',
  },
  zone: {
    name: 'zone',
    value: 'AREA/CITY',
    summary:
      'time zone of a log whose times name none, such as Europe/Berlin (default: as its audit records tell, else UTC)',
  },
  placeholder: {
    name: 'placeholder',
    value: 'NAME=VALUE|FILE.yml',
    repeatable: true,
    summary:
      'value for %NAME% in Sigma rules with the expand modifier, or a file of them (NAME: [VALUE, …]); give it again for further values',
  },
  event: {
    name: 'event',
    value: 'FILE|DIR',
    summary: 'hold a rule against the events of a file, a case or a run, and say what failed',
  },
  labTarget: {
    name: 'target',
    value: 'NAME',
    repeatable: true,
    commas: true,
    names: 'targets',
    summary:
      'target whose image must be there; NAME,NAME for several, none for no target (default: debian12)',
  },
  offeredTarget: {
    name: 'target',
    value: 'NAME',
    repeatable: true,
    commas: true,
    names: 'targets',
    summary: 'target to offer; NAME,NAME for several (default: debian12)',
  },
  lessons: {
    name: 'lessons',
    value: 'FILE',
    summary: 'lessons in an order of your own, with texts of your own, instead of one for each mitigation',
  },
  port: { name: 'port', value: 'N', summary: 'port to listen on, 0 for any that is free (default: 8053)' },
  host: {
    name: 'host',
    value: 'ADDRESS',
    summary: 'address to listen on, for viewers on other machines (default: 127.0.0.1)',
  },
  labOut: { name: 'out', value: 'DIR', summary: 'folder to keep the runs in (default: runs/)' },
  watchRules: {
    name: 'watch',
    summary: 'judge again whenever a file of --rules or --expect is edited, until interrupted',
  },
  fix: { name: 'fix', summary: 'mend what is wrong' },
  schema: { name: 'schema', summary: 'print the JSON Schema of run.json' },
} as const satisfies Record<string, Option>;

export const readRunOptions = (parsed: Parsed): RunOptions => ({
  selectors: parsed.operands,
  targets: all(parsed, 'target'),
  mitigations: readMitigations('run', parsed),
  given: readGiven(parsed),
  getPrereqs: parsed.switches.has('get-prereqs'),
  variants: readVariants('run', parsed),
  ...readContent(parsed),
  ...readPlaceholders('run', parsed),
  expect: all(parsed, 'expect'),
  sensors: all(parsed, 'sensor'),
  clock: (one(parsed, 'clock') ?? 'fast') as RunOptions['clock'],
  jobs: readJobs(parsed),
  ...readShards(parsed),
  ...readRunFolder(parsed),
  ...readOutput('run', parsed),
  ...readWatch(parsed),
  ...(parsed.switches.has('bail') && { bail: true }),
  repeat: readRepeat(parsed),
  requirements: readRequirements('run', parsed),
});

function readRepeat(parsed: Parsed): number | null {
  const repeat = readCount('repeat', parsed);
  if (repeat === null) return null;
  const odd =
    one(parsed, 'resume') !== null ? 'resume' : ['watch', 'step'].find((name) => parsed.switches.has(name));
  if (odd === undefined) return repeat;
  throw usageError({ name: 'run' }, 'invalid-value', `--repeat and --${odd} exclude each other`);
}

export function readShellOptions(parsed: Parsed): ShellOptions {
  const targets = all(parsed, 'target');
  const mitigations = readMitigations('shell', parsed);
  const refusal =
    targets.length > 1
      ? `a terminal stands in one target, and --target names ${targets.length}`
      : mitigations.kind === 'all'
        ? '--mitigation expects names here: all of them together leave nothing to try'
        : null;
  if (refusal) throw usageError({ name: 'shell' }, 'invalid-value', refusal);
  return {
    selectors: [],
    targets,
    mitigations: mitigations.kind === 'declared' ? { kind: 'none' } : mitigations,
    given: {},
    getPrereqs: false,
    variants: { kind: 'none' },
    atomics: [],
    rules: all(parsed, 'rules'),
    ...readPlaceholders('shell', parsed),
    sensors: all(parsed, 'sensor'),
    clock: (one(parsed, 'clock') ?? 'fast') as RunRequest['clock'],
    jobs: 1,
    shard: null,
    out: one(parsed, 'out'),
    terminal: { user: one(parsed, 'user') },
    quiet: false,
    reports: readReports(allFormats, 'shell', parsed),
  };
}

/** What is watched is one case at a time. */
function readWatch(parsed: Parsed): WatchOptions & Partial<Pick<RunRequest, 'jobs' | 'live'>> {
  const watch = parsed.switches.has('step') ? 'step' : parsed.switches.has('watch') ? 'watch' : 'progress';
  if (watch === 'progress') return { watch };
  const jobs = readJobs(parsed) ?? 1;
  const refusal =
    jobs > 1
      ? `--${watch} shows one case at a time, and --jobs ${jobs} runs several`
      : parsed.switches.has('quiet')
        ? `--${watch} and --quiet exclude each other`
        : null;
  if (refusal) throw usageError({ name: 'run' }, 'invalid-value', refusal);
  return { watch, jobs: 1, live: true };
}

/** A run that is taken up stays where it is. */
function readRunFolder(parsed: Parsed): Pick<RunRequest, 'out' | 'resume'> {
  const [out, resume] = [one(parsed, 'out'), one(parsed, 'resume')];
  if (resume === null) return { out };
  if (out === null) return { out, resume };
  throw usageError({ name: 'run' }, 'invalid-value', '--resume and --out exclude each other');
}

export const readReplayOptions = (parsed: Parsed): ReplayOptions => ({
  source: operand(parsed, 0),
  watch: readWatchRules(parsed),
  rules: all(parsed, 'rules'),
  fields: readFields(parsed),
  sensors: all(parsed, 'sensor'),
  zone: readZone(parsed),
  ...readPlaceholders('replay', parsed),
  expect: all(parsed, 'expect'),
  out: one(parsed, 'out'),
  ...readOutput('replay', parsed),
  requirements: readRequirements('replay', parsed),
});

/** What is judged again and again is shown on the screen: it is kept nowhere, and what is read by programs has a file. */
function readWatchRules(parsed: Parsed): boolean {
  if (!parsed.switches.has('watch')) return false;
  const odd =
    one(parsed, 'out') !== null
      ? '--out'
      : parsed.switches.has('json')
        ? '--json'
        : all(parsed, 'report').find((given) => !given.includes('=') && given !== 'console');
  if (odd === undefined) return true;
  throw usageError({ name: 'replay' }, 'invalid-value', `--watch excludes ${odd}: give reports a FILE`);
}

/** Each name once: which of two values is meant, nobody knows. */
function readGiven(parsed: Parsed): Record<string, string> {
  const given = new Map<string, string>();
  for (const word of all(parsed, 'arg')) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined)
      throw usageError({ name: 'run' }, 'invalid-value', `--arg expects NAME=VALUE, got '${word}'`);
    if (given.has(name))
      throw usageError(
        { name: 'run' },
        'invalid-value',
        `--arg expects one value for ${name}, got '${given.get(name)}' and '${value}'`,
      );
    given.set(name, value);
  }
  return Object.fromEntries(given);
}

function readZone(parsed: Parsed): string | null {
  const zone = one(parsed, 'zone');
  if (zone === null || isZone(zone)) return zone;
  throw usageError(
    { name: 'replay' },
    'invalid-value',
    `--zone expects the name of a time zone such as Europe/Berlin or UTC, got '${zone}'`,
  );
}

/** What has the form of a value is one: a file of such a name is written `./NAME=….yml`. */
function readPlaceholders(command: string, parsed: Parsed): PlaceholderRequest {
  const placeholders = new Map<string, string[]>();
  const placeholderFiles: string[] = [];
  for (const given of all(parsed, 'placeholder')) {
    const [, name, value] = /^%?(\w+)%?=(.*)$/s.exec(given) ?? [];
    if (name !== undefined && value !== undefined) {
      placeholders.set(name, [...(placeholders.get(name) ?? []), value]);
    } else if (/\.(?:ya?ml|json)$/i.test(given)) {
      placeholderFiles.push(given);
    } else {
      throw usageError(
        { name: command },
        'invalid-value',
        `--placeholder expects NAME=VALUE with a name of letters, digits and underscores, or FILE.yml, got '${given}'`,
      );
    }
  }
  return { placeholders: Object.fromEntries(placeholders), placeholderFiles };
}

export function readExportOptions(parsed: Parsed): ExportOptions {
  const kinds = ['art', 'sigma-regression', 'events'] as const;
  const [kind, other] = kinds.filter((name) => one(parsed, name) !== null);
  if (kind === undefined || other !== undefined) {
    const asked = kinds.map((name) => `--${name} DIR`).join(', ');
    throw usageError({ name: 'export' }, 'missing-option', `atomclock export expects one of ${asked}`);
  }
  const out = one(parsed, kind) ?? '';
  if (kind === 'art') {
    refuseBeside(parsed, kind, ['rules']);
    const variants = parsed.values.has('variants')
      ? readVariants('export', parsed)
      : ({ kind: 'all' } as const);
    return { kind, selectors: parsed.operands, atomics: all(parsed, 'atomics'), variants, art: out };
  }
  refuseBeside(parsed, kind, kind === 'events' ? ['variants', 'atomics', 'rules'] : ['variants', 'atomics']);
  const [run, ...cases] = parsed.operands;
  if (run === undefined || (kind === 'sigma-regression' && cases.length > 0)) {
    const expected = kind === 'events' ? 'a RUN, and perhaps CASEs of it' : 'one RUN';
    throw usageError({ name: 'export' }, 'missing-operand', `atomclock export --${kind} expects ${expected}`);
  }
  return kind === 'events' ? { kind, run, cases, out } : { kind, run, rules: all(parsed, 'rules'), out };
}

function refuseBeside(parsed: Parsed, kind: string, names: readonly string[]): void {
  const odd = names.find((name) => parsed.values.has(name));
  if (odd === undefined) return;
  throw usageError({ name: 'export' }, 'invalid-value', `--${odd} says nothing of what --${kind} exports`);
}

export function readListOptions(parsed: Parsed): ListOptions {
  const asksForVariants = parsed.switches.has('variants');
  // No atomic is called that: it is what `run --variants` takes.
  const [first = '', ...others] = parsed.operands;
  const pairs = asksForVariants && /^pairs(?:=|$)/.test(first) ? choiceOf('list', [first]) : null;
  return {
    selectors: pairs ? others : parsed.operands,
    variants: asksForVariants ? (pairs ?? { kind: 'all' }) : null,
    ...readContent(parsed),
    json: parsed.switches.has('json'),
  };
}

export const readExplainOptions = (parsed: Parsed): ExplainOptions => ({
  id: operand(parsed, 0),
  ...readContent(parsed),
  event: one(parsed, 'event'),
  fields: readFields(parsed),
  ...readPlaceholders('explain', parsed),
});

const readFields = (parsed: Parsed): ReplayOptions['fields'] =>
  (one(parsed, 'fields') ?? 'ecs') as ReplayOptions['fields'];

export const readLintOptions = (parsed: Parsed): LintOptions => ({
  files: parsed.operands,
  ...readContent(parsed),
  ...readPlaceholders('lint', parsed),
  json: parsed.switches.has('json'),
});

export const readDoctorOptions = (parsed: Parsed): DoctorOptions => ({
  fix: parsed.switches.has('fix'),
  targets: all(parsed, 'target'),
  sensors: all(parsed, 'sensor'),
  json: parsed.switches.has('json'),
});

export const readLabOptions = (parsed: Parsed): LabOptions => ({
  targets: all(parsed, 'target'),
  ...readContent(parsed),
  lessons: one(parsed, 'lessons'),
  port: readPort(parsed),
  host: one(parsed, 'host') ?? '127.0.0.1',
  out: one(parsed, 'out'),
});

function readPort(parsed: Parsed): number {
  const given = one(parsed, 'port') ?? '8053';
  if (/^\d{1,5}$/.test(given) && Number(given) < 65_536) return Number(given);
  throw usageError(
    { name: 'lab' },
    'invalid-value',
    `--port expects a whole number from 0 to 65535, got '${given}'`,
  );
}

export function readReportOptions(parsed: Parsed): ReportOptions {
  const schema = parsed.switches.has('schema');
  const run = parsed.operands[0] ?? null;
  if (schema === (run !== null)) {
    throw usageError(
      { name: 'report' },
      'missing-operand',
      'atomclock report expects either a DIR or --schema',
    );
  }
  return { run, ...readOutput('report', parsed), requirements: readRequirements('report', parsed) };
}

export const readMergeOptions = (parsed: Parsed): MergeOptions => ({
  runs: parsed.operands,
  out: one(parsed, 'out'),
  ...readOutput('merge', parsed),
});

export const readDiffOptions = (parsed: Parsed): DiffOptions => ({
  old: operand(parsed, 0),
  new: operand(parsed, 1),
  ...readOutputIn(diffFormats, 'diff', parsed),
});

const all = ({ values }: Parsed, name: string): readonly string[] => values.get(name) ?? [];
const one = (parsed: Parsed, name: string): string | null => all(parsed, name)[0] ?? null;
/** An operand that the command's row demands: parseArguments has counted them. */
const operand = ({ operands }: Parsed, index: number): string => operands[index] ?? '';

const readContent = (parsed: Parsed): ContentRequest => ({
  atomics: all(parsed, 'atomics'),
  rules: all(parsed, 'rules'),
});

function readMitigations(command: string, parsed: Parsed): MitigationChoice {
  const names = all(parsed, 'mitigation');
  const [first] = names;
  if (first === undefined) return { kind: 'declared' };
  if (names.includes('all') || names.includes('none')) {
    if (names.length > 1) {
      throw usageError(
        { name: command },
        'invalid-value',
        `--mitigation expects names, or all, or none, got '${names.join(',')}'`,
      );
    }
    return { kind: first === 'all' ? 'all' : 'none' };
  }
  const odd = names.find((name) => isOddComposition(name.split('+')));
  if (odd !== undefined) {
    throw usageError(
      { name: command },
      'invalid-value',
      `--mitigation expects NAME or NAME+NAME, each name once and none of them all or none, got '${odd}'`,
    );
  }
  return { kind: 'named', names };
}

const readVariants = (command: string, parsed: Parsed): VariantChoice =>
  choiceOf(command, all(parsed, 'variants'));

function choiceOf(command: string, names: readonly string[]): VariantChoice {
  const choice = variantChoice(names);
  if (choice) return choice;
  throw usageError(
    { name: command },
    'invalid-value',
    `--variants expects names of axes, or one of all, none, pairs and pairs=N (N from 1), got '${names.join(',')}'`,
  );
}

function readRequirements(command: string, parsed: Parsed): Requirement[] {
  const requirements = all(parsed, 'require').map((given): Requirement => {
    const [, name = '', percent] = /^([a-z-]+)(?:=(\d{1,3}(?:\.\d+)?))?$/.exec(given) ?? [];
    const gate = gateNames.find((one) => one === name);
    const needsPercent = gate === 'branches' || gate === 'survival';
    const isOdd =
      Number(percent ?? 0) > 100 ||
      (needsPercent && percent === undefined) ||
      (gate === 'rules-fire' && percent !== undefined);
    if (gate !== undefined && !isOdd) return { gate, percent: Number(percent ?? 100) };
    throw usageError(
      { name: command },
      'invalid-value',
      `--require expects attacks-seen[=PERCENT], rules-fire, branches=PERCENT or survival=PERCENT, each from 0 to 100, got '${given}'`,
    );
  });
  const twice = requirements.find(({ gate }, at) => requirements.findIndex((one) => one.gate === gate) < at);
  if (!twice) return requirements;
  throw usageError(
    { name: command },
    'invalid-value',
    `--require expects each gate once, got ${twice.gate} twice`,
  );
}

/** A mitigation cannot be applied twice; `all` and `none` are no mitigations. */
const isOddComposition = (names: readonly string[]): boolean =>
  new Set(names).size < names.length || names.some((name) => ['', 'all', 'none'].includes(name));

const readJobs = (parsed: Parsed): number | null => readCount('jobs', parsed);

function readCount(name: 'jobs' | 'repeat', parsed: Parsed): number | null {
  const given = one(parsed, name);
  if (given === null) return null;
  if (/^[1-9]\d{0,2}$/.test(given)) return Number(given);
  throw usageError(
    { name: 'run' },
    'invalid-value',
    `--${name} expects a whole number from 1 to 999, got '${given}'`,
  );
}

function readShards(parsed: Parsed): Pick<RunRequest, 'shard' | 'durations'> {
  const [shard, durations] = [readShard(parsed), one(parsed, 'durations')];
  if (durations === null) return { shard };
  if (shard !== null) return { shard, durations };
  throw usageError({ name: 'run' }, 'missing-option', '--durations expects --shard i/n beside it');
}

function readShard(parsed: Parsed): Shard | null {
  const given = one(parsed, 'shard');
  if (given === null) return null;
  const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(given) ?? [];
  if (index && count && Number(index) <= Number(count)) return { index: Number(index), count: Number(count) };
  throw usageError({ name: 'run' }, 'invalid-value', `--shard expects i/n such as 2/3, got '${given}'`);
}

const allFormats = Object.keys(formats) as ReportFormat[];

function readOutput(command: string, parsed: Parsed): OutputOptions {
  return readOutputIn(allFormats, command, parsed);
}

/** @param known the formats that the command has */
function readOutputIn<F extends ReportFormat>(
  known: readonly F[],
  command: string,
  parsed: Parsed,
): OutputOptions<F | 'console' | 'json'> {
  const quiet = parsed.switches.has('quiet');
  const reports = readReports(known, command, parsed);
  // Who wants reports in files alone gets the verdict in a line, and who wants nothing the exit code.
  return { quiet, reports: reports.length === 0 && !quiet ? [{ format: 'console', file: null }] : reports };
}

function readReports<F extends ReportFormat>(
  known: readonly F[],
  command: string,
  parsed: Parsed,
): ReportRequest<F | 'json'>[] {
  const requests: ReportRequest<F | 'json'>[] = all(parsed, 'report').map((given) =>
    readReport(known, command, given),
  );
  if (parsed.switches.has('json')) requests.push({ format: 'json', file: null });
  const onStdout = requests.filter(({ file }) => file === null);
  const document = onStdout.find(({ format }) => formats[format].kind === 'document');
  if (document && onStdout.length > 1) {
    throw usageError(
      { name: command },
      'crowded-stdout',
      `the ${document.format} report needs standard output for itself, and ${onStdout.length - 1} more went there`,
      `Give one of them a file: --report ${document.format}=FILE.`,
    );
  }
  return requests;
}

function readReport<F extends ReportFormat>(
  known: readonly F[],
  command: string,
  given: string,
): ReportRequest<F> {
  const split = given.indexOf('=');
  const name = split === -1 ? given : given.slice(0, split);
  const format = known.find((each) => each === name);
  const file = split === -1 ? null : given.slice(split + 1);
  if (format === undefined) {
    throw usageError(
      { name: command },
      'unknown-format',
      `--report expects FORMAT[=FILE] with one of the formats ${known.join(', ')}, got '${given}'`,
    );
  }
  if (file === '') {
    throw usageError(
      { name: command },
      'missing-value',
      `--report ${format}= expects a file name after the =`,
    );
  }
  return { format, file };
}
