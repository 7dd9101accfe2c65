// The check on our images: those that are asked for are there and built from the sources as they are now; the others are
// named.

import type { ImageSource } from '../../../model/image-source.ts';
import type { Progress } from '../../host/progress.ts';
import { ensureImage, findImage } from '../../image/images.ts';
import type { Check } from './check.ts';

export interface WantedImages {
  /** Without these the lab that was asked for cannot run. */
  readonly needed: readonly ImageSource[];
  /** All further ones: a run that asks for one builds it. */
  readonly others: readonly ImageSource[];
}

/** @param find tells the tag of an image that is here and up to date */
export async function checkImages(
  { needed, others }: WantedImages,
  find: typeof findImage = findImage,
): Promise<Check> {
  const look = (sources: readonly ImageSource[]) =>
    Promise.all(sources.map(async (source) => ({ name: source.name, tag: await find(source) })));
  const [wanted, further] = await Promise.all([look(needed), look(others)]);
  const missing = namesOf(wanted.filter(({ tag }) => tag === undefined));
  const later = namesOf(further.filter(({ tag }) => tag === undefined));
  const tags = [...wanted, ...further].flatMap(({ tag }) => tag ?? []);
  const found = [
    tags.join(', ') || 'none',
    ...(later ? [`not built: ${later} (built when a run asks for it)`] : []),
  ].join('; ');
  if (!missing) return { name: 'images', state: 'ok', found };
  return {
    name: 'images',
    state: 'failed',
    found,
    wrong: `not built, or built from older sources: ${missing}`,
    mend: 'atomclock doctor --fix',
  };
}

const namesOf = (images: readonly { readonly name: string }[]): string =>
  images.map(({ name }) => name).join(', ');

/**
 * Builds what is missing, side by side: most of a build is waiting for packages, and what several need is made once.
 * @throws what the first that failed has thrown, when all have ended
 */
export async function buildImages(
  { needed }: Pick<WantedImages, 'needed'>,
  progress: Progress,
  ensure: typeof ensureImage = ensureImage,
): Promise<void> {
  const ended = await Promise.allSettled(
    needed.map((source) =>
      ensure(source, needed.length > 1 ? (line) => progress(`${source.name}: ${line.trim()}`) : progress),
    ),
  );
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
