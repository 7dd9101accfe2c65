// The images of targets and sensors, built from containers/ when their sources are new and not otherwise.

import { join } from 'node:path';
import type Docker from 'dockerode';
import type { ImageSource } from '../../model/image-source.ts';
import { packageRoot } from '../../model/package-root.ts';
import type { TargetDefinition, TargetImage } from '../../model/target.ts';
import { connect } from '../host/connection.ts';
import type { Progress } from '../host/progress.ts';
import { statusOf } from '../host/status.ts';
import { baseTag, ensureBaseImage } from './base-image.ts';
import { buildProgress } from './build-progress.ts';
import { imageId } from './image-id.ts';
import { contextFiles, sourceHash } from './source-hash.ts';
import { whileUnderway } from './underway.ts';

/** The agent's, which is in every target. */
const agentImage: ImageSource = {
  name: 'agent',
  context: 'agent',
  base: { image: 'debian:12', suite: 'bookworm' },
  buildArgs: {},
};

/** What a target's image is built from. */
export const targetImage = ({ image }: TargetDefinition): ImageSource => sourceOf(image);

const sourceOf = ({ name, context, dockerfile, base, buildArgs, on }: TargetImage): ImageSource => ({
  name: `target-${name}`,
  context,
  dockerfile,
  base,
  buildArgs,
  // What stands on another target has the agent from there.
  parts: on ? { BASE_IMAGE: sourceOf(on) } : { AGENT_IMAGE: agentImage },
});

/**
 * Makes sure that an image is here and up to date.
 * @returns its tag, for startTarget and startSidecar
 * @throws AtomclockError `lab/image-build`, `lab/no-base-image`, `lab/no-engine`
 */
export const ensureImage = (source: ImageSource, progress: Progress): Promise<string> =>
  whileUnderway(`image ${JSON.stringify(source)}`, () => ensure(source, progress));

async function ensure(source: ImageSource, progress: Progress): Promise<string> {
  const { docker } = await connect();
  const base = await whileUnderway(`base ${JSON.stringify(source.base)}`, () =>
    ensureBaseImage(source.base, progress),
  );
  const whole = await withParts(source, (part) => ensureImage(part, progress));
  const tag = tagOf(whole, base.id);
  if (await imageId(docker, tag)) return tag;
  progress(`building ${tag}`);
  await build(docker, whole, base.tag, tag, progress);
  await removeSuperseded(docker, source.name);
  return tag;
}

/**
 * Looks whether an image is here and up to date, and changes nothing.
 * @returns its tag, or undefined
 */
export async function findImage(source: ImageSource): Promise<string | undefined> {
  const { docker } = await connect();
  const base = await imageId(docker, baseTag(source.base));
  if (base === undefined) return undefined;
  const whole = await withParts(source, findImage);
  const tag = tagOf(whole, base);
  return (await imageId(docker, tag)) && tag;
}

/** With the tags of its parts among the build arguments: they are in the image's tag, too. A part that is not here has none. */
async function withParts(
  source: ImageSource,
  tagOfPart: (part: ImageSource) => Promise<string | undefined>,
): Promise<ImageSource> {
  const buildArgs: Record<string, string> = { ...source.buildArgs };
  for (const [argument, part] of Object.entries(source.parts ?? {}))
    buildArgs[argument] = (await tagOfPart(part)) ?? '';
  return { ...source, buildArgs };
}

const contextFolder = (context: string): string => join(packageRoot, 'containers', context);
const imageLabel = 'dev.atomclock.image';

function tagOf({ name, context, dockerfile = usual, buildArgs }: ImageSource, baseId: string): string {
  const settings = { ...buildArgs, ...(dockerfile !== usual && { dockerfile }), base: baseId };
  return `localhost/atomclock/${name}:${sourceHash(contextFolder(context), settings)}`;
}

const usual = 'Dockerfile';

async function build(
  docker: Docker,
  { name, context, dockerfile = usual, buildArgs }: ImageSource,
  baseImage: string,
  tag: string,
  progress: Progress,
): Promise<void> {
  const folder = contextFolder(context);
  const run = (networkmode: string): Promise<string> =>
    buildProgress(
      docker.buildImage(
        { context: folder, src: contextFiles(folder) },
        {
          t: tag,
          dockerfile,
          buildargs: { ...proxies(), BASE_IMAGE: baseImage, ...buildArgs },
          labels: { [imageLabel]: name },
          networkmode,
          forcerm: true,
        },
      ),
      progress,
    );
  try {
    await run('default');
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    progress("  no way out of the engine's bridge network: building once more on the host's");
    await run('host');
  }
}

/** Whether apt said that it cannot get at its mirror. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof Error &&
  /Temporary failure resolving|Could not connect|Cannot initiate/.test(error.message);

/** The proxy settings of this environment, by the names that every Dockerfile accepts without declaring them. */
function proxies(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}

/** Removes all but the newest two images of a name: another checkout may be at the version before this one. */
async function removeSuperseded(docker: Docker, name: string): Promise<void> {
  const images = await docker.listImages({ filters: { label: [`${imageLabel}=${name}`] } });
  const superseded = images.sort((a, b) => b.Created - a.Created).slice(2);
  for (const { Id } of superseded) {
    await docker
      .getImage(Id)
      .remove()
      // In use by a container (409), or removed by somebody else meanwhile (404).
      .catch((error: unknown) => {
        if (statusOf(error) !== 409 && statusOf(error) !== 404) throw error;
      });
  }
}
