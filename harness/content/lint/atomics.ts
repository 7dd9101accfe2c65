// What makes an atomic unsound although it is well-formed: what ART's own validator refuses, and what a run would miss.

import { type Atomic, referencedInputs } from '../../model/atomic.ts';
import type { Problem } from '../../model/errors.ts';
import type { ProblemText } from '../../model/source.ts';
import { closestTo } from '../../model/suggestion.ts';
import type { ParsedAtomic } from '../atomic-file.ts';
import type { Path } from '../yaml.ts';

/** The keys of a test in ART's schema; its validator allows no others. */
const testKeys = new Set([
  'name',
  'auto_generated_guid',
  'description',
  'supported_platforms',
  'input_arguments',
  'dependency_executor_name',
  'dependencies',
  'executor',
]);
const platforms = new Set([
  ...['windows', 'macos', 'linux', 'esxi', 'office-365', 'azure-ad', 'google-workspace', 'saas'],
  ...['containers', 'iaas', 'iaas:aws', 'iaas:azure', 'iaas:gcp'],
]);
const executorKeys = new Set(['name', 'elevation_required', 'command', 'cleanup_command', 'steps']);
const executors = new Set(['manual', 'powershell', 'sh', 'bash', 'command_prompt']);
const inputTypes = new Set(['url', 'string', 'float', 'integer', 'path']);

/**
 * Checks one atomic.
 * @param hasExpectation whether anything says what it must do
 * @returns warnings: the atomic can run all the same
 */
export function checkAtomic(parsed: ParsedAtomic, hasExpectation: boolean): Problem[] {
  const { atomic, yaml, path } = parsed;
  const warn = (below: Path, problem: ProblemText): Problem =>
    yaml.problem([...path, ...below], { severity: 'warning', ...problem });
  const problems = [
    ...schemaProblems(parsed, warn),
    ...inputProblems(atomic, yaml.source.text, warn),
    ...defaultProblems(parsed, warn),
    ...commentProblems(parsed),
  ];
  if (atomic.foreign || atomic.unsupported) return problems;

  if (!hasExpectation) {
    problems.push(
      warn(['auto_generated_guid'], {
        code: 'atomic/no-expectation',
        message: 'nothing says what this atomic must do',
        hint: 'Give its GUID an entry in the expectations.yaml beside it.',
      }),
    );
  }
  const test = testOf(parsed);
  if (!test.auto_generated_guid) {
    problems.push(
      warn(['name'], { code: 'atomic/no-guid', message: 'expected an `auto_generated_guid` of its own' }),
    );
  }
  return problems;
}

/** What only the attack itself must have; a benign twin leaves nothing behind. */
export function checkAttack({ atomic, yaml, path }: ParsedAtomic): Problem[] {
  if (atomic.foreign || atomic.unsupported) return [];
  const problems: Problem[] = [];
  if (atomic.executor.cleanup === null) {
    problems.push(
      yaml.problem([...path, 'executor'], {
        code: 'atomic/no-cleanup',
        message: 'expected a `cleanup_command` that takes back what the attack did',
        severity: 'warning',
      }),
    );
  }
  // What the attack only sets going has it, where what must be there already brings it.
  const texts = [atomic.executor.command, ...atomic.dependencies.map(({ get }) => get ?? '')];
  if (!texts.some((text) => referencedInputs(text).includes('command'))) {
    problems.push(
      yaml.problem([...path, 'executor', 'command'], {
        code: 'atomic/no-payload',
        message:
          'expected `#{command}` where the payload goes: a run puts its marker there to prove execution',
        severity: 'warning',
      }),
    );
  }
  return problems;
}

type Warn = (below: Path, problem: ProblemText) => Problem;

/** What Atomic Red Team's validator refuses, although a run can do without it. */
function schemaProblems(parsed: ParsedAtomic, warn: Warn): Problem[] {
  const test = testOf(parsed);
  const { executor, inputs, dependencies, platforms: named } = parsed.atomic;
  const refused = (below: Path, message: string) => warn(below, { code: 'atomic/art-schema', message });
  const unknown = (below: Path, kind: string, name: string, known: ReadonlySet<string>) => {
    if (known.has(name)) return [];
    const closest = closestTo(name, known);
    const message = `\`${name}\` is no ${kind} that ART knows`;
    return [
      warn(below, {
        code: 'atomic/art-schema',
        message,
        ...(closest && { hint: `Did you mean ${closest}?` }),
      }),
    ];
  };
  const { yaml, path } = parsed;
  const isUntitled = path[1] === 0 && !(yaml.value as { display_name?: unknown }).display_name;
  const untitled = {
    code: 'atomic/art-schema',
    message: 'expected a `display_name`',
    severity: 'warning',
  } as const;
  return [
    ...(isUntitled ? [yaml.problem([], untitled)] : []),
    ...missingTexts(parsed).map((below) => refused(below, `expected a \`${String(below.at(-1))}\``)),
    ...Object.keys(test).flatMap((key) => unknown([key], 'key of a test', key, testKeys)),
    ...Object.keys((test.executor ?? {}) as object).flatMap((key) =>
      unknown(['executor', key], 'key of an executor', key, executorKeys),
    ),
    ...named.flatMap((platform, index) =>
      unknown(['supported_platforms', index], 'platform', platform, platforms),
    ),
    ...unknown(['executor', 'name'], 'executor', executor.name, executors),
    ...Object.entries(inputs).flatMap(([name, { type }]) =>
      unknown(['input_arguments', name, 'type'], 'type', type.toLowerCase(), inputTypes),
    ),
    ...(test.dependency_executor_name !== undefined && dependencies.length === 0
      ? [refused(['dependency_executor_name'], 'there are no dependencies for `dependency_executor_name`')]
      : []),
    ...(isQuotedTruth(test.executor)
      ? [
          refused(
            ['executor', 'elevation_required'],
            'expected true or false, got text: leave the quotes out',
          ),
        ]
      : []),
    ...(needsElevation(parsed.atomic)
      ? [refused(['executor'], 'expected `elevation_required: true` where sudo is used')]
      : []),
  ];
}

/** Without quotes it would be no text; `yes` and its like are text to some readers of YAML alone. */
const isQuotedTruth = (executor: unknown): boolean =>
  /^(?:true|false)$/i.test(String((executor as { elevation_required?: unknown }).elevation_required)) &&
  typeof (executor as { elevation_required?: unknown }).elevation_required === 'string';

const needsElevation = ({ executor, platforms }: ParsedAtomic['atomic']): boolean =>
  /\bsudo\b/.test(`${executor.command}\n${executor.cleanup ?? ''}`) &&
  !executor.elevationRequired &&
  platforms.some((platform) => platform !== 'windows');

/** Paths of the texts for people that are not there. */
function missingTexts(parsed: ParsedAtomic): Path[] {
  const { input_arguments: inputs, dependencies, ...test } = testOf(parsed);
  const lacks = (value: unknown, key: string): boolean => !(value as Record<string, unknown> | null)?.[key];
  return [
    ...(lacks(test, 'description') ? [['description']] : []),
    ...Object.entries((inputs ?? {}) as object).flatMap(([name, input]) =>
      ['description', 'type'].filter((key) => lacks(input, key)).map((key) => ['input_arguments', name, key]),
    ),
    ...((dependencies ?? []) as unknown[]).flatMap((dependency, index) =>
      lacks(dependency, 'description') ? [['dependencies', index, 'description']] : [],
    ),
  ];
}

/** Defaults that another runner of ART puts into the command in another way. */
function defaultProblems(parsed: ParsedAtomic, warn: Warn): Problem[] {
  const written = (testOf(parsed).input_arguments ?? {}) as Record<string, { default?: unknown }>;
  const { inputs } = parsed.atomic;
  return Object.entries(inputs).flatMap(([name, { default: value }]) => {
    const place = ['input_arguments', name, 'default'];
    const given = written[name]?.default;
    const isAnew = (typeof given === 'number' || typeof given === 'boolean') && String(given) !== value;
    const mentioned = referencedInputs(value).filter((other) => Object.hasOwn(inputs, other));
    return [
      ...(isAnew
        ? [
            warn(place, {
              code: 'atomic/number-default',
              message: `\`${value}\` is a ${typeof given} in YAML: it is put into the command as written, others print it as ${given}`,
              hint: `Put it in quotes: "${value}".`,
            }),
          ]
        : []),
      ...mentioned.map((other) =>
        warn(place, {
          code: 'atomic/input-in-input',
          message: `the default of \`${name}\` mentions the input \`${other}\`: by their order, other runners leave \`#{${other}}\` in the command`,
          hint: 'Write the value out.',
        }),
      ),
    ];
  });
}

function inputProblems(
  { executor, dependencies, inputs }: Pick<Atomic, 'executor' | 'dependencies' | 'inputs'>,
  text: string,
  warn: Warn,
): Problem[] {
  const texts = [
    executor.command,
    executor.cleanup ?? '',
    ...dependencies.flatMap(({ check, get }) => [check, get ?? '']),
    ...Object.values(inputs).map((input) => input.default),
  ];
  const used = new Set(texts.flatMap(referencedInputs));
  const unused = Object.keys(inputs)
    .filter((name) => !used.has(name))
    .map((name) =>
      warn(['input_arguments', name], {
        code: 'atomic/unused-input',
        message: `no command uses the input argument \`${name}\``,
        ...(text.includes(` #{${name}}`) && {
          hint: 'In YAML a blank and `#` begin a comment: quote the command, or write it below `|`.',
        }),
      }),
    );
  const undeclared = [...used]
    .filter((name) => !Object.hasOwn(inputs, name))
    .map((name) => {
      const closest = closestTo(name.toLowerCase(), Object.keys(inputs));
      return warn(['executor', 'command'], {
        code: 'atomic/undeclared-input',
        message: `\`#{${name}}\` is used and is no input argument`,
        hint: closest ? `Did you mean #{${closest}}?` : 'It stays as it is: name it in `input_arguments`.',
      });
    });
  return [...unused, ...undeclared];
}

/** Where ` #{name}` stands outside of quotes, all from there on is a comment: what is left is run. */
function commentProblems(parsed: ParsedAtomic): Problem[] {
  const { yaml, path } = parsed;
  if (!/[ \t]#\{/.test(yaml.source.text)) return [];
  return scalarsOf(testOf(parsed)).flatMap(([below, value]) => {
    const place = [...path, ...below];
    const problem = (value === null ? yaml.problemAtKey : yaml.problem)(place, {
      code: 'atomic/comment',
      message: `\`${String(below.at(-1))}\` ends before \`#{\`: in YAML a blank and \`#\` begin a comment`,
      severity: 'warning',
      hint: 'Put the whole text in quotes, or below `|`.',
    });
    const rest = yaml.source.line(problem.place.line)?.slice(problem.place.column - 1) ?? '';
    const written = value === null ? `${String(below.at(-1))}:` : value;
    return rest.startsWith(written) && /^[ \t]+#\{/.test(rest.slice(written.length)) ? [problem] : [];
  });
}

/** The texts in one line, and what is empty, with their paths. */
function scalarsOf(value: unknown, below: Path = []): [Path, string | null][] {
  if (value === null) return [[below, null]];
  if (typeof value === 'string') return value.includes('\n') ? [] : [[below, value]];
  if (typeof value !== 'object') return [];
  return Array.isArray(value)
    ? value.flatMap((each, index) => scalarsOf(each, [...below, index]))
    : Object.entries(value).flatMap(([key, each]) => scalarsOf(each, [...below, key]));
}

/** The test as written; its shape was checked when it was parsed. */
function testOf({ yaml, path }: ParsedAtomic): Record<string, unknown> {
  const [list, index] = path;
  return (
    (yaml.value as Record<PropertyKey, Record<PropertyKey, Record<string, unknown>>>)[list ?? '']?.[
      index ?? ''
    ] ?? {}
  );
}
