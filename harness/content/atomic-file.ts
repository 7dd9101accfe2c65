// One file in Atomic Red Team's schema → its atomics, each checked on its own so that a bad one hides no other.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Atomic, atomicFileSchema, atomicTestSchema } from '../model/atomic.ts';
import type { Problem } from '../model/errors.ts';
import { whyIncomplete } from './files-beside.ts';
import { checkSchema } from './schema.ts';
import type { Path, YamlFile } from './yaml.ts';

/** An atomic before it has a name of its own in this run: slug, kind and tags come from its expectation. */
export interface ParsedAtomic {
  atomic: Omit<Atomic, 'slug' | 'kind' | 'tags'>;
  yaml: YamlFile;
  /** Where the test stands in its file. */
  path: Path;
}

type AtomicTest = z.infer<typeof atomicTestSchema>;

/** The same as `atomicFileSchema`, apart from the tests: those are checked one by one. */
const headerSchema = atomicFileSchema.extend({
  atomic_tests: z.array(z.unknown()).min(1, 'expected at least one test'),
});

/** Whether a file means to hold atomics at all; indexes and payloads lie beside them in ART's folders. */
export const looksLikeAtomicFile = ({ value }: YamlFile): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, 'atomic_tests') || Object.hasOwn(value, 'attack_technique'));

/**
 * Reads the atomics of one technique's file.
 * @param yaml the parsed file
 * @param origin `source`: how the file is called in reports; `foreign`: from outside the bundled set
 */
export function parseAtomicFile(
  yaml: YamlFile,
  origin: { source: string; foreign: boolean },
): { atomics: ParsedAtomic[]; problems: Problem[] } {
  const header = checkSchema(headerSchema, yaml, yaml.value);
  const problems = header.problems;
  const atomics: ParsedAtomic[] = [];
  const tests = header.value?.atomic_tests ?? [];
  for (const [index, test] of tests.entries()) {
    const path = ['atomic_tests', index];
    const checked = checkSchema(atomicTestSchema, yaml, test, path);
    problems.push(...checked.problems);
    if (!checked.value || !header.value) continue;
    const problem = executorProblem(checked.value);
    if (problem) {
      problems.push(yaml.problem([...path, 'executor'], { code: 'atomic/executor', message: problem }));
      continue;
    }
    const written = withWrittenDefaults(checked.value, yaml, path);
    const atomic = atomicOf(written, header.value.attack_technique, origin);
    atomic.unsupported ??= whyIncomplete(atomic, yaml.source.file);
    atomics.push({ atomic, yaml, path });
  }
  return { atomics, problems };
}

function executorProblem({ executor }: AtomicTest): string | null {
  const isManual = executor.name === 'manual';
  const text = isManual ? executor.steps : executor.command;
  if (text?.trim()) return null;
  return isManual
    ? 'expected `steps` for a person to follow: the executor is manual'
    : `expected a \`command\` for the executor ${executor.name}`;
}

function atomicOf(
  test: AtomicTest,
  technique: string,
  { source, foreign }: { source: string; foreign: boolean },
): ParsedAtomic['atomic'] {
  const { executor } = test;
  return {
    guid: test.auto_generated_guid?.toLowerCase() ?? derivedGuid(technique, test.name),
    name: test.name.trim(),
    description: test.description?.trim() ?? '',
    technique,
    source,
    foreign,
    platforms: test.supported_platforms,
    inputs: inputsOf(test),
    dependencies: (test.dependencies ?? []).map((dependency) => ({
      description: dependency.description?.trim() || (dependency.prereq_command?.trim() ?? ''),
      check: dependency.prereq_command ?? '',
      get: dependency.get_prereq_command?.trim() ? dependency.get_prereq_command : null,
    })),
    dependencyExecutor: test.dependency_executor_name ?? executor.name,
    executor: {
      name: executor.name,
      elevationRequired: executor.elevation_required ?? false,
      command: executor.command ?? executor.steps ?? '',
      cleanup: executor.cleanup_command?.trim() ? executor.cleanup_command : null,
    },
    unsupported: whyUnsupported(test),
  };
}

/** Numbers go into commands as they stand in the file: `0644`, `1.10`, twenty digits. */
function withWrittenDefaults(test: AtomicTest, yaml: YamlFile, path: Path): AtomicTest {
  const inputs = Object.entries(test.input_arguments ?? {}).map(([name, input]) => {
    const isText = typeof input.default === 'string' || input.default == null;
    const written = isText ? undefined : yaml.written([...path, 'input_arguments', name, 'default']);
    return [name, written === undefined ? input : { ...input, default: written }];
  });
  return { ...test, input_arguments: Object.fromEntries(inputs) };
}

const inputsOf = ({ input_arguments }: AtomicTest): Atomic['inputs'] =>
  Object.fromEntries(
    Object.entries(input_arguments ?? {}).map(([name, input]) => [
      name,
      {
        description: input.description?.trim() ?? '',
        type: input.type ?? 'string',
        default: String(input.default ?? ''),
      },
    ]),
  );

/** Programs that reach for something around the target, which a container without network does not have. */
const outsideTools = /(?:^|[\s;&|(])(kubectl|docker|podman|crictl|aws|az|gcloud)\s/m;

/** Why a Linux target cannot run it, in the order in which a reader would ask. */
function whyUnsupported(test: AtomicTest): string | null {
  const { supported_platforms: platforms, executor } = test;
  if (!platforms.includes('linux')) {
    const tool = outsideTools.exec(executor.command ?? '')?.[1];
    const needs = tool ? ` (needs ${tool})` : '';
    return `supported platforms: ${platforms.join(', ')}${needs}`;
  }
  if (executor.name === 'manual') return 'executor manual: steps for a person, not for a machine';
  if (!isShell(executor.name)) return `executor ${executor.name}`;
  const { dependencies, dependency_executor_name: dependencyExecutor = executor.name } = test;
  return dependencies?.length && !isShell(dependencyExecutor)
    ? `executor ${dependencyExecutor} for its dependencies`
    : null;
}

const isShell = (executor: string | null): boolean => executor === 'sh' || executor === 'bash';

/** For a test that ART has not numbered yet: the same on every machine as long as its name stays. */
function derivedGuid(technique: string, name: string): string {
  const hex = createHash('sha256').update(`${technique}\n${name.trim()}`).digest('hex');
  // RFC 9562 version 8, the one for schemes of one's own.
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
