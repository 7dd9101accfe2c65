// The engine sensor as others see it: what the container engine itself says.

import { engineVocabulary } from '../../model/vocabularies/engine.ts';
import type { LiveDescriptor } from '../descriptor.ts';

export const engineDescriptor: LiveDescriptor = {
  kind: 'live',
  vocabulary: engineVocabulary,
  summary:
    "the container engine's own events: created, started, entered, with image, user, privileges, mounts",
  byDefault: true,
  sidecar: null,
  // What is told of targets begins with their creation.
  startsFirst: true,
  async start({ engineFeed, onRaw }) {
    const { startEngineSensor } = await import('./sensor.ts');
    return startEngineSensor(await engineFeed(), { onRaw });
  },
};
