// What an image of ours is built from.

import type { BaseImage } from './target.ts';

export interface ImageSource {
  /** `target-debian12`, `sensor`. */
  readonly name: string;
  /** Folder below containers/. */
  readonly context: string;
  /** The Dockerfile's name in that folder; `Dockerfile` unless given. */
  readonly dockerfile?: string;
  readonly base: BaseImage;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Images that this one takes files from or stands on, by the build arguments that name them. */
  readonly parts?: Readonly<Record<string, ImageSource>>;
}
