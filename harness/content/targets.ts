// containers/targets.yaml → the targets that the lab can start.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ContentError, type Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import type { Source } from '../model/source.ts';
import { suggestion } from '../model/suggestion.ts';
import {
  type TargetDefinition,
  type TargetImage,
  targetsFileSchema,
  type WrittenTarget,
} from '../model/target.ts';
import { argumentsOf, predefinedArguments } from './dockerfile-arguments.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

/** Targets by name. */
export type Targets = ReadonlyMap<string, TargetDefinition>;

/** The text of the Dockerfile of that name in a folder below containers/; undefined where there is none. */
type DockerfileIn = (context: string, name: string) => string | undefined;

/**
 * Loads the targets of a file; their Dockerfiles lie beside it.
 * @param file the bundled one unless given
 * @returns no targets where anything but a warning is to be said of the file
 */
export function loadTargets(file: string = join(packageRoot, 'containers/targets.yaml')): {
  targets: Targets;
  problems: Problem[];
} {
  const source = readSource(file);
  if (isProblem(source)) return { targets: new Map(), problems: [source] };
  return parseTargets(source, (context, name) => {
    const dockerfile = join(dirname(file), context, name);
    return existsSync(dockerfile) ? readFileSync(dockerfile, 'utf8') : undefined;
  });
}

/** As `loadTargets`, from text. */
export function parseTargets(
  source: Source,
  dockerfileIn: DockerfileIn,
): { targets: Targets; problems: Problem[] } {
  const { yaml, problems } = parseYaml(source);
  if (!yaml) return { targets: new Map(), problems };
  const checked = checkSchema(targetsFileSchema, yaml, yaml.value);
  const written = new Map(Object.entries(checked.value?.targets ?? {}));
  const ofImages = [...written].flatMap(([name, target]) =>
    target.on === undefined || written.has(target.on)
      ? imageProblems(yaml, name, target, dockerfileIn)
      : [unknownTarget(yaml, name, target.on, [...written.keys()])],
  );
  const images = new Map([...written.keys()].map((name) => [name, imageOf(name, written)]));
  const circles = [...images].flatMap(([name, image]) => (image ? [] : [circle(yaml, name)]));
  const wrong = ofImages.length > 0 ? ofImages : circles;
  const targets = new Map<string, TargetDefinition>();
  for (const [name, { title, verified, families, profile, pair }] of written) {
    const image = images.get(name);
    if (image) targets.set(name, { title, verified, families, profile, image, ...(pair && { pair }) });
  }
  return {
    targets: wrong.length > 0 ? new Map() : targets,
    problems: [...problems, ...checked.problems, ...wrong],
  };
}

/** How a target's image is made; undefined where it stands on itself, or on what there is not. */
function imageOf(
  name: string,
  written: ReadonlyMap<string, WrittenTarget>,
  above: readonly string[] = [],
): TargetImage | undefined {
  const target = written.get(name);
  if (!target || above.includes(name)) return undefined;
  const { context, dockerfile, buildArgs, base, on: below } = target;
  const on = below === undefined ? null : imageOf(below, written, [...above, name]);
  if (on && context === undefined) return on;
  const bottom = on?.base ?? base;
  if (on === undefined || bottom === undefined || context === undefined) return undefined;
  return { name, context, dockerfile, buildArgs, base: bottom, on };
}

const unknownTarget = (yaml: YamlFile, name: string, on: string, all: readonly string[]): Problem =>
  yaml.problem(['targets', name, 'on'], {
    code: 'target/unknown-base',
    message: `there is no target ${on} to stand on`,
    hint: suggestion(on, all, 'Targets'),
  });

const circle = (yaml: YamlFile, name: string): Problem =>
  yaml.problem(['targets', name, 'on'], {
    code: 'target/circular-base',
    message: `${name} stands on itself, by way of those that it stands on`,
    hint: 'Name `base` in one of them.',
  });

/** What Docker would say nothing of: it builds without an argument that its Dockerfile does not take. */
function imageProblems(
  yaml: YamlFile,
  name: string,
  { context, dockerfile: file, buildArgs }: WrittenTarget,
  dockerfileIn: DockerfileIn,
): Problem[] {
  const dockerfile = context === undefined ? '' : dockerfileIn(context, file);
  if (dockerfile === undefined) {
    const message = `containers/${context} holds no ${file}`;
    return [yaml.problem(['targets', name, 'context'], { code: 'target/no-dockerfile', message })];
  }
  const known = argumentsOf(dockerfile);
  return Object.keys(buildArgs)
    .filter(
      (argument) =>
        context === undefined || (!known.includes(argument) && !predefinedArguments.includes(argument)),
    )
    .map((argument) =>
      yaml.problemAtKey(['targets', name, 'buildArgs', argument], {
        code: 'target/unknown-build-argument',
        message:
          context === undefined
            ? `${name} builds nothing that could take an ARG ${argument}: it names no context`
            : `no build stage of containers/${context}/${file} takes an ARG ${argument}`,
        hint: known.length === 0 ? 'It takes none.' : suggestion(argument, known, 'It takes'),
      }),
    );
}

/**
 * The bundled targets, for those who cannot go on without them.
 * @throws ContentError with every problem of the file
 */
export function readTargets(): Targets {
  const { targets, problems } = loadTargets();
  if (problems.some(({ severity }) => severity === 'error')) throw new ContentError(problems);
  return targets;
}
