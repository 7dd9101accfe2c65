// Walks over the tokens of a query, and reports when the next one is not what the grammar expects.

import type { ProblemText, Source } from '../../model/source.ts';
import { hintFor } from './hints.ts';
import { maxDepth } from './limits.ts';
import { refuse } from './problem.ts';
import { describeToken, type Keyword, type Punctuator, type Token } from './token.ts';

export class Cursor {
  readonly source: Source;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(source: Source, tokens: readonly Token[]) {
    this.source = source;
    this.#tokens = tokens;
  }

  get token(): Token {
    return this.#tokenAt(this.#at);
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#tokenAt(this.#at + 1);
  }

  /** Where the token before the current one ended. */
  get lastEnd(): number {
    return this.#at === 0 ? 0 : this.#tokenAt(this.#at - 1).end;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  is(sign: Punctuator | Keyword): boolean {
    return isSign(this.token, sign);
  }

  isFollowedBy(sign: Punctuator | Keyword): boolean {
    return isSign(this.following, sign);
  }

  /** Takes the sign when it is next. */
  take(sign: Punctuator | Keyword): boolean {
    if (!this.is(sign)) return false;
    this.next();
    return true;
  }

  /** Takes the sign or refuses what stands there instead. Throws ContentError. */
  expect(sign: Punctuator | Keyword, hint?: string): Token {
    if (!this.is(sign)) this.unexpected(`\`${sign}\``, hint);
    return this.next();
  }

  /** Refuses the current token. Throws ContentError. */
  unexpected(expected: string, hint = hintFor(this.token, this.following)): never {
    this.refuse(this.token.start, {
      code: 'syntax',
      message: `expected ${expected}, found ${describeToken(this.token)}`,
      ...(hint !== undefined && { hint }),
    });
  }

  /** Refuses at an offset. Throws ContentError. */
  refuse(offset: number, problem: ProblemText): never {
    refuse(this.source, offset, problem);
  }

  /** Runs a step that can contain itself, and counts how deep. Throws ContentError beyond the limit. */
  nested<T>(step: () => T): T {
    if (this.#depth >= maxDepth) {
      this.refuse(this.token.start, {
        code: 'too-deep',
        message: `expected at most ${maxDepth} expressions inside of one another`,
      });
    }
    this.#depth++;
    try {
      return step();
    } finally {
      this.#depth--;
    }
  }

  #tokenAt(index: number): Token {
    const end = {
      kind: 'end',
      value: '',
      start: this.source.text.length,
      end: this.source.text.length,
    } as const;
    return this.#tokens[index] ?? this.#tokens.at(-1) ?? end;
  }
}

const isSign = (token: Token, sign: Punctuator | Keyword): boolean =>
  (token.kind === 'punctuator' || token.kind === 'keyword') && token.value === sign;
