// The Debian that all images are built on: one that is here, else a registry's, else one made from packages.

import type { Readable } from 'node:stream';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { BaseImage } from '../../model/target.ts';
import { connect, type Engine } from '../host/connection.ts';
import type { Progress } from '../host/progress.ts';
import { buildProgress } from './build-progress.ts';
import { imageId } from './image-id.ts';

/**
 * Makes sure that the base image is here.
 * @returns its tag and its id
 * @throws AtomclockError `lab/no-base-image` when no way leads to one
 */
export async function ensureBaseImage(
  base: BaseImage,
  progress: Progress,
): Promise<{ tag: string; id: string }> {
  const { docker, facts } = await connect();
  const tag = baseTag(base);
  const found = await imageId(docker, tag);
  if (found) return { tag, id: found };
  if (!(await imageId(docker, base.image))) await pull(docker, base.image, progress);
  if (await imageId(docker, base.image)) {
    await docker.getImage(base.image).tag({ repo: repository(tag), tag: nameOf(base) });
  } else {
    // Loaded when needed: most runs find their image.
    const { bootstrapImage } = await import('./bootstrap-image.ts');
    const made = await bootstrapImage(docker, facts, base, progress);
    await docker.getImage(made).tag({ repo: repository(tag), tag: nameOf(base) });
  }
  const id = await imageId(docker, tag);
  if (id) return { tag, id };
  throw new AtomclockError('lab/no-base-image', `${tag} was made, but the engine does not have it`, {
    exitCode: exitCodes.labUnavailable,
  });
}

/** `localhost/`: no engine will ever look for an image of ours at a public registry, where anybody could offer one. */
export const baseTag = (base: BaseImage): string => `localhost/atomclock/base:${nameOf(base)}`;

/** The suite; of what is not a Debian the image's own name, as far as a tag may hold it. */
const nameOf = ({ image, suite }: BaseImage): string => suite ?? image.replace(/[^\w.-]/g, '-');

const repository = (tag: string): string => tag.slice(0, tag.lastIndexOf(':'));

/** How long a registry may take to say its first word, and to deliver. */
const answerLimitMs = 4000;
const pullLimitMs = 180_000;

/** Tries a registry; whether it worked shows in the engine's images. */
async function pull(docker: Engine['docker'], image: string, progress: Progress): Promise<void> {
  progress(`base image: asking a registry for ${image}`);
  const giveUp = new AbortController();
  let timer = setTimeout(() => giveUp.abort(), answerLimitMs);
  try {
    const stream = (await docker.pull(image, { abortSignal: giveUp.signal })) as Readable;
    stream.once('data', () => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp.abort(), pullLimitMs);
    });
    giveUp.signal.addEventListener('abort', () => stream.destroy());
    await buildProgress(Promise.resolve(stream), progress);
  } catch {
    progress('base image: no registry answers');
  } finally {
    clearTimeout(timer);
  }
}
