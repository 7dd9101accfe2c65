// Lucene's regular expressions, said in RE2. Lucene has no anchors (the whole value must match anyway), no lazy
// quantifiers, and operators of its own, of which Elasticsearch enables all: " quotes, @ is any text, # is nothing,
// <n-m> is a number in a range. Intersection (&) and complement (~) have no like in RE2 and are refused.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { decimalInterval } from './decimal-interval.ts';

/** Why a pattern cannot be used. */
export interface RegexProblem {
  readonly message: string;
  readonly hint?: string;
}

/** The pattern in RE2 syntax (to be used with the flag s), or what is wrong with it. */
export function luceneToRe2(pattern: string): string | RegexProblem {
  const reader = new PatternReader(pattern);
  try {
    return reader.readAll();
  } catch (error) {
    if (error instanceof UnusablePattern) return error.problem;
    throw error;
  }
}

/** Ends the reading; never leaves this file. */
class UnusablePattern extends AtomclockError {
  readonly problem: RegexProblem;

  constructor(problem: RegexProblem) {
    super('eql/bad-regex', problem.message, { exitCode: exitCodes.badInput });
    this.problem = problem;
  }
}

const maxNesting = 100;

class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  readAll(): string {
    const whole = this.#characters.length === 0 ? '' : this.#readUnion();
    if (this.#at < this.#characters.length) this.#fail('expected the end of the regular expression');
    return whole;
  }

  /** union: sequence ('|' sequence)* */
  #readUnion(): string {
    if (++this.#depth > maxNesting) this.#fail(`expected at most ${maxNesting} groups inside of one another`);
    const branches = [this.#readSequence()];
    while (this.#take('|')) branches.push(this.#readSequence());
    this.#depth--;
    return branches.join('|');
  }

  /** sequence: repetition+ */
  #readSequence(): string {
    let sequence = this.#readRepetition();
    while (this.#more() && !this.#peek('|') && !this.#peek(')')) sequence += this.#readRepetition();
    return sequence;
  }

  /** repetition: atom ('?' | '*' | '+' | '{' n (',' m?)? '}')*; a second quantifier repeats the repetition. */
  #readRepetition(): string {
    const atom = this.#readAtom();
    let quantifier = this.#readQuantifier();
    let repeated = atom;
    while (quantifier !== undefined) {
      repeated = `${repeated === atom ? atom : `(?:${repeated})`}${quantifier}`;
      quantifier = this.#readQuantifier();
    }
    return repeated;
  }

  #readQuantifier(): string | undefined {
    for (const sign of ['?', '*', '+']) if (this.#take(sign)) return sign;
    if (!this.#take('{')) return undefined;
    const least = this.#readInteger();
    const most = this.#take(',') ? (this.#peek('}') ? '' : this.#readInteger()) : least;
    if (!this.#take('}')) this.#fail('expected } after the number of repetitions');
    if (most !== '' && Number(most) < Number(least)) {
      this.#fail(`expected repetitions that ascend, found ${least} to ${most}`);
    }
    return `{${least},${most}}`;
  }

  #readInteger(): string {
    let digits = '';
    while (/^\d$/.test(this.#current())) digits += this.#next();
    if (digits === '') this.#fail('expected a number of repetitions');
    return digits;
  }

  /** atom: '.' | '#' | '@' | '"' text '"' | '(' union? ')' | '<' interval '>' | '[' class ']' | escape | character */
  #readAtom(): string {
    if (this.#take('[')) return this.#readClass();
    if (this.#take('.')) return '.';
    if (this.#take('@')) return '(?:.*)';
    if (this.#take('#')) return '[^\\x00-\\x{10FFFF}]';
    if (this.#take('"')) return this.#readQuoted();
    if (this.#take('(')) return this.#readGroup();
    if (this.#take('<')) return this.#readInterval();
    const operator = this.#current();
    if (unsupportedOperators.has(operator)) {
      this.#fail(
        `the operator ${operator} of Lucene's regular expressions is not supported`,
        `Literally: \\${operator}`,
      );
    }
    const members = this.#readPredefined();
    return members === undefined ? quote(this.#readCharacter()) : `[${members}]`;
  }

  #readGroup(): string {
    if (this.#take(')')) return '(?:)';
    const inner = this.#readUnion();
    if (!this.#take(')')) this.#fail('expected ) to end the group');
    return `(?:${inner})`;
  }

  /** interval: n '-' m. Numbers as wide as one another stand for numbers of that width, zeros in front included. */
  #readInterval(): string {
    let text = '';
    while (this.#more() && !this.#peek('>')) text += this.#next();
    const [, from, to] = /^(\d{1,10})-(\d{1,10})$/.exec(text) ?? [];
    if (!this.#take('>') || from === undefined || to === undefined) {
      this.#fail('expected two numbers after <, as in <1-31>', 'Literally: \\<');
    }
    return `(?:${decimalInterval(from, to)})`;
  }

  #readQuoted(): string {
    let literal = '';
    while (this.#more() && !this.#peek('"')) literal += quote(this.#next());
    if (!this.#take('"')) this.#fail('expected " to end the quoted text');
    return `(?:${literal})`;
  }

  /** class: '^'? (escape | character ('-' character)?)+ — the first character may be `]`. */
  #readClass(): string {
    const negated = this.#take('^') ? '^' : '';
    let members = '';
    do members += this.#readClassMember();
    while (this.#more() && !this.#peek(']'));
    if (!this.#take(']')) this.#fail('expected ] to end the character class');
    return `[${negated}${members}]`;
  }

  #readClassMember(): string {
    const predefined = this.#readPredefined();
    if (predefined !== undefined) return predefined;
    const from = this.#readCharacter();
    if (!this.#take('-')) return quoteInClass(from);
    const to = this.#readCharacter();
    if ((from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0))
      this.#fail(`expected a range that ascends, found ${from}-${to}`);
    return `${quoteInClass(from)}-${quoteInClass(to)}`;
  }

  /** `\d \D \s \S \w \W`; other letters behind a backslash mean nothing in Lucene. */
  #readPredefined(): string | undefined {
    if (!this.#peek('\\')) return undefined;
    const letter = this.#characters[this.#at + 1] ?? '';
    if (!/^[A-Za-z]$/.test(letter)) return undefined;
    if (!/^[dDsSwW]$/.test(letter)) {
      this.#fail(
        `expected \\d \\D \\s \\S \\w or \\W, found \\${letter}`,
        "Lucene's regular expressions have no other letters behind a backslash, and no anchors.",
      );
    }
    this.#at += 2;
    return predefinedMembers[letter];
  }

  #readCharacter(): string {
    this.#take('\\');
    if (!this.#more()) this.#fail('expected a character, found the end of the regular expression');
    return this.#next();
  }

  #current(): string {
    return this.#characters[this.#at] ?? '';
  }

  #next(): string {
    const character = this.#current();
    this.#at++;
    return character;
  }

  #more(): boolean {
    return this.#at < this.#characters.length;
  }

  #peek(character: string): boolean {
    return this.#current() === character;
  }

  #take(character: string): boolean {
    if (!this.#more() || !this.#peek(character)) return false;
    this.#at++;
    return true;
  }

  #fail(message: string, hint?: string): never {
    throw new UnusablePattern({
      message: `${message} (at character ${this.#at + 1} of the regular expression)`,
      ...(hint !== undefined && { hint }),
    });
  }
}

/** What each stands for inside of a class; Lucene's white space is tab, line feed, carriage return and blank. */
const predefinedMembers: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\x00-/:-\\x{10FFFF}',
  s: '\\t\\n\\r ',
  S: '\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F!-\\x{10FFFF}',
  w: '0-9A-Z_a-z',
  W: '\\x00-/:-@\\[-\\^`{-\\x{10FFFF}',
};

const unsupportedOperators: ReadonlySet<string> = new Set(['&', '~']);

const quote = (character: string): string =>
  /^[\\.+*?()|[\]{}^$]$/.test(character) ? `\\${character}` : character;
const quoteInClass = (character: string): string =>
  /^[\\[\]^-]$/.test(character) ? `\\${character}` : character;
