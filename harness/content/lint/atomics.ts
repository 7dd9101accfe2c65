// What makes an atomic unsound although it is well-formed: what ART's own validator refuses, and what a run would miss.

import type { Atomic } from '../../model/atomic.ts';
import type { Problem } from '../../model/errors.ts';
import type { ParsedAtomic } from '../atomic-file.ts';
import { referencedInputs } from '../input-arguments.ts';
import type { Complaint } from '../source.ts';
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
const executors = new Set(['manual', 'powershell', 'sh', 'bash', 'command_prompt']);
const inputTypes = new Set(['url', 'string', 'float', 'integer', 'path']);

/**
 * Checks one atomic.
 * @param hasExpectation whether anything says what it must do
 * @returns warnings: the atomic can run all the same
 */
export function checkAtomic(parsed: ParsedAtomic, hasExpectation: boolean): Problem[] {
  const { atomic, yaml, path } = parsed;
  const warn = (below: Path, complaint: Complaint): Problem =>
    yaml.problem([...path, ...below], { severity: 'warning', ...complaint });
  const problems = [...schemaProblems(parsed, warn), ...inputProblems(atomic, warn)];
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
  if (!referencedInputs(atomic.executor.command).includes('command')) {
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

type Warn = (below: Path, complaint: Complaint) => Problem;

function schemaProblems(parsed: ParsedAtomic, warn: Warn): Problem[] {
  const test = testOf(parsed);
  const refused = (below: Path, message: string) => warn(below, { code: 'atomic/art-schema', message });
  const problems = Object.keys(test)
    .filter((key) => !testKeys.has(key))
    .map((key) => refused([key], `\`${key}\` is no key of a test in Atomic Red Team's schema`));
  for (const [index, platform] of parsed.atomic.platforms.entries()) {
    if (platforms.has(platform)) continue;
    problems.push(refused(['supported_platforms', index], `\`${platform}\` is no platform that ART knows`));
  }
  const { executor, inputs, dependencies } = parsed.atomic;
  if (!executors.has(executor.name)) {
    problems.push(refused(['executor', 'name'], `\`${executor.name}\` is no executor that ART knows`));
  }
  for (const [name, { type }] of Object.entries(inputs)) {
    if (inputTypes.has(type.toLowerCase())) continue;
    problems.push(refused(['input_arguments', name, 'type'], `\`${type}\` is no type that ART knows`));
  }
  if (test.dependency_executor_name !== undefined && dependencies.length === 0) {
    problems.push(
      refused(['dependency_executor_name'], 'there are no dependencies for `dependency_executor_name`'),
    );
  }
  const needsRoot = /\bsudo\b/.test(`${executor.command}\n${executor.cleanup ?? ''}`);
  if (needsRoot && !executor.elevationRequired && parsed.atomic.platforms.some((one) => one !== 'windows')) {
    problems.push(refused(['executor'], 'expected `elevation_required: true` where sudo is used'));
  }
  return problems;
}

function inputProblems(
  { executor, dependencies, inputs }: Pick<Atomic, 'executor' | 'dependencies' | 'inputs'>,
  warn: Warn,
): Problem[] {
  const texts = [
    executor.command,
    executor.cleanup ?? '',
    ...dependencies.flatMap(({ check, get }) => [check, get ?? '']),
  ];
  const used = new Set(texts.flatMap(referencedInputs));
  const unused = Object.keys(inputs)
    .filter((name) => !used.has(name))
    .map((name) =>
      warn(['input_arguments', name], {
        code: 'atomic/unused-input',
        message: `no command uses the input argument \`${name}\``,
      }),
    );
  const undeclared = [...used]
    .filter((name) => !Object.hasOwn(inputs, name))
    .map((name) =>
      warn(['executor', 'command'], {
        code: 'atomic/undeclared-input',
        message: `\`#{${name}}\` is used and is no input argument`,
      }),
    );
  return [...unused, ...undeclared];
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
