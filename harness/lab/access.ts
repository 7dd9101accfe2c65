// Who may do what in a lab: a token for the trainer, another for viewers, compared in constant time.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The trainer starts and stops things; a viewer looks on. */
export type Role = 'trainer' | 'viewer';

export class Access {
  readonly #digests: readonly (readonly [Role, Buffer])[];
  readonly tokens: Readonly<Record<Role, string>>;

  constructor() {
    this.tokens = { trainer: newToken(), viewer: newToken() };
    this.#digests = (['trainer', 'viewer'] as const).map((role) => [role, digestOf(this.tokens[role])]);
  }

  /** Whose token this is; null: nobody's. Takes as long for a token that is nearly right as for any other. */
  roleOf(token: string): Role | null {
    const given = digestOf(token);
    let found: Role | null = null;
    for (const [role, digest] of this.#digests) if (timingSafeEqual(digest, given)) found = role;
    return found;
  }
}

const newToken = (): string => randomBytes(32).toString('base64url');

/** All of one length, whatever was given. */
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
