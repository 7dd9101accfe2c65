// containers/targets.yaml → the targets that the lab can start.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ContentError, type Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import type { Source } from '../model/source.ts';
import { suggestion } from '../model/suggestion.ts';
import { type TargetDefinition, targetsFileSchema } from '../model/target.ts';
import { argumentsOf, predefinedArguments } from './dockerfile-arguments.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

/** Targets by name. */
export type Targets = ReadonlyMap<string, TargetDefinition>;

/** The text of the Dockerfile in a folder below containers/; undefined where there is none. */
type DockerfileIn = (context: string) => string | undefined;

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
  return parseTargets(source, (context) => {
    const dockerfile = join(dirname(file), context, 'Dockerfile');
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
  const targets = new Map(Object.entries(checked.value?.targets ?? {}));
  const ofImages = [...targets].flatMap(([name, target]) =>
    imageProblems(yaml, name, target, dockerfileIn(target.context)),
  );
  return {
    targets: ofImages.length > 0 ? new Map() : targets,
    problems: [...problems, ...checked.problems, ...ofImages],
  };
}

/** What Docker would say nothing of: it builds without an argument that its Dockerfile does not take. */
function imageProblems(
  yaml: YamlFile,
  name: string,
  { context, buildArgs }: TargetDefinition,
  dockerfile: string | undefined,
): Problem[] {
  if (dockerfile === undefined) {
    const message = `containers/${context} holds no Dockerfile`;
    return [yaml.problem(['targets', name, 'context'], { code: 'target/no-dockerfile', message })];
  }
  const known = argumentsOf(dockerfile);
  return Object.keys(buildArgs)
    .filter((argument) => !known.includes(argument) && !predefinedArguments.includes(argument))
    .map((argument) =>
      yaml.problemAtKey(['targets', name, 'buildArgs', argument], {
        code: 'target/unknown-build-argument',
        message: `no build stage of containers/${context}/Dockerfile takes an ARG ${argument}`,
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
