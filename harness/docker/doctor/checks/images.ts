// The check on our images: all there, and built from the sources as they are now.

import type { TargetDefinition } from '../../../model/target.ts';
import type { Progress } from '../../host/progress.ts';
import { ensureImage, findImage, type ImageSource, sensorImage, targetImage } from '../../image/images.ts';
import type { Check } from './check.ts';

type Targets = ReadonlyMap<string, TargetDefinition>;

/** Every image that a run can need. */
const allImages = (targets: Targets): ImageSource[] => [
  ...[...targets].map(([name, definition]) => targetImage(name, definition)),
  sensorImage,
];

export async function checkImages(targets: Targets): Promise<Check> {
  const sources = allImages(targets);
  const tags = await Promise.all(sources.map(findImage));
  const missing = sources.filter((_, index) => tags[index] === undefined).map(({ name }) => name);
  const found = tags.filter((tag) => tag !== undefined).join(', ') || 'none';
  if (missing.length === 0) return { name: 'images', state: 'ok', found };
  return {
    name: 'images',
    state: 'failed',
    found,
    wrong: `not built, or built from older sources: ${missing.join(', ')}`,
    mend: 'atomclock doctor --fix',
  };
}

/** Builds what is missing, one after the other: they share the base image and the machine's two cores. */
export async function buildImages(targets: Targets, progress: Progress): Promise<void> {
  for (const source of allImages(targets)) await ensureImage(source, progress);
}
