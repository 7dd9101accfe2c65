// What an image of ours is built from.

import type { TargetDefinition } from './target.ts';

export interface ImageSource {
  /** `target-debian12`, `sensor`. */
  readonly name: string;
  /** Folder below containers/. */
  readonly context: string;
  readonly base: TargetDefinition['base'];
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Images that this one takes files from, by the build arguments that name them. */
  readonly parts?: Readonly<Record<string, ImageSource>>;
}
