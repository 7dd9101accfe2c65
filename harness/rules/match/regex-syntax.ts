// Reads the part of RE2's syntax that JavaScript's own engine can be trusted with. What is outside of it (and all
// that is wrong) is left to RE2 by giving no syntax tree.

/** A regular expression; repeats carry no greediness, since only whether it matches is asked. */
export type Regex =
  | { readonly kind: 'char'; readonly text: string }
  /** The inside of a bracket expression, in JavaScript's `u` syntax. */
  | { readonly kind: 'class'; readonly negated: boolean; readonly members: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'assertion'; readonly of: '^' | '$' | '\\A' | '\\z' | '\\b' }
  | { readonly kind: 'sequence'; readonly of: readonly Regex[] }
  | { readonly kind: 'choice'; readonly of: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly of: Regex; readonly min: number; readonly max: number };

/** Gives the syntax tree, or undefined when RE2 should have the pattern. */
export function parseRegex(source: string): Regex | undefined {
  try {
    return new RegexParser(source).parse();
  } catch (error) {
    if (error === foreign) return undefined;
    throw error;
  }
}

/** Thrown where the pattern leaves the common ground; never leaves this file. */
const foreign = Symbol('not in the common part of the syntaxes');

/** Deep nesting would exhaust the stack, here and in either engine. */
const deepest = 50;

class RegexParser {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#characters = [...source];
  }

  parse(): Regex {
    const regex = this.#choice();
    if (this.#peek() !== undefined) throw foreign;
    return regex;
  }

  /** choice: sequence ('|' sequence)* */
  #choice(): Regex {
    const alternatives = [this.#sequence()];
    while (this.#skip('|')) alternatives.push(this.#sequence());
    const [only, ...others] = alternatives;
    return only !== undefined && others.length === 0 ? only : { kind: 'choice', of: alternatives };
  }

  /** sequence: (atom quantifier?)* */
  #sequence(): Regex {
    const parts: Regex[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      parts.push(this.#quantified(this.#atom()));
    }
    const [only, ...others] = parts;
    return only !== undefined && others.length === 0 ? only : { kind: 'sequence', of: parts };
  }

  /** quantifier: ('*' | '+' | '?' | '{' n '}' | '{' n ',' m? '}') '?'? */
  #quantified(of: Regex): Regex {
    const limits = this.#quantifier();
    if (limits === undefined) return of;
    this.#skip('?');
    const next = this.#peek();
    // RE2 refuses `a**`; a brace that is not a quantifier means different things.
    if (of.kind === 'assertion' || next === '*' || next === '+' || next === '?' || next === '{')
      throw foreign;
    return { kind: 'repeat', of, ...limits };
  }

  #quantifier(): { readonly min: number; readonly max: number } | undefined {
    if (this.#skip('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#skip('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#skip('?')) return { min: 0, max: 1 };
    if (this.#peek() !== '{') return undefined;
    const braces = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(
      this.#characters.slice(this.#at, this.#at + 12).join(''),
    );
    if (braces === null) throw foreign;
    this.#at += braces[0].length;
    const min = Number(braces[1]);
    const max =
      braces[2] === undefined ? min : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3]);
    if (min > max || min > 1000 || (max > 1000 && max !== Number.POSITIVE_INFINITY)) throw foreign;
    return { min, max };
  }

  /** atom: '(' ('?:' | '?P'? '<' name '>')? choice ')' | '[' class ']' | '.' | '^' | '$' | '\' escape | character */
  #atom(): Regex {
    const character = this.#take();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#bracket();
      case '.':
        return { kind: 'any' };
      case '^':
      case '$':
        return { kind: 'assertion', of: character };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
      case '{':
      case ')':
        throw foreign;
      default:
        return { kind: 'char', text: character };
    }
  }

  #group(): Regex {
    this.#depth += 1;
    if (this.#depth > deepest) throw foreign;
    if (this.#skip('?') && !this.#skip(':')) {
      this.#skip('P');
      if (!this.#skip('<')) throw foreign;
      while (/\w/.test(this.#peek() ?? '')) this.#at += 1;
      if (!this.#skip('>')) throw foreign;
    }
    const regex = this.#choice();
    if (!this.#skip(')')) throw foreign;
    this.#depth -= 1;
    return regex;
  }

  #escape(): Regex {
    const character = this.#take();
    switch (character) {
      case 'A':
      case 'z':
      case 'b':
        return { kind: 'assertion', of: `\\${character}` };
      // JavaScript finds `\\B` between the two halves of a character too.
      case 'B':
        throw foreign;
      case 'd':
      case 'w':
      case 's':
        return { kind: 'class', negated: false, members: classMembers[character] };
      case 'D':
      case 'W':
      case 'S':
        return { kind: 'class', negated: true, members: classMembers[lowerOf[character]] };
      default:
        return { kind: 'char', text: this.#escapedCharacter(character) };
    }
  }

  #escapedCharacter(character: string): string {
    const control = controls[character];
    if (control !== undefined) return control;
    if (character === 'x') {
      const digits = /^[0-9a-fA-F]{2}/.exec(this.#characters.slice(this.#at, this.#at + 2).join(''));
      if (digits === null) throw foreign;
      this.#at += 2;
      return String.fromCharCode(Number.parseInt(digits[0], 16));
    }
    // Letters and digits have meanings of their own; all other escaped ASCII stands for itself.
    if (!/^[!-/:-@[-`{-~ ]$/.test(character)) throw foreign;
    return character;
  }

  /** class: '^'? (member ('-' member)?)+ */
  #bracket(): Regex {
    const negated = this.#skip('^');
    let members = '';
    // A bracket that comes first is a member.
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) members += this.#classItem();
    this.#at += 1;
    return { kind: 'class', negated, members };
  }

  #classItem(): string {
    const from = this.#classMember();
    if (this.#peek() !== '-' || this.#peek(1) === ']') return from.escaped;
    this.#at += 1;
    const to = this.#classMember();
    if (from.code === undefined || to.code === undefined || from.code > to.code) throw foreign;
    return `${from.escaped}-${to.escaped}`;
  }

  #classMember(): { readonly escaped: string; readonly code: number | undefined } {
    const character = this.#take();
    // Posix classes, and what looks like set operations, stay with RE2.
    if (character === '[' || (character === '&' && this.#peek() === '&')) throw foreign;
    if (character !== '\\') return classCharacter(character);
    const escaped = this.#take();
    if (escaped === 'd' || escaped === 'w' || escaped === 's')
      return { escaped: classMembers[escaped], code: undefined };
    return classCharacter(this.#escapedCharacter(escaped));
  }

  #peek(ahead = 0): string | undefined {
    return this.#characters[this.#at + ahead];
  }

  #take(): string {
    const character = this.#characters[this.#at];
    if (character === undefined) throw foreign;
    this.#at += 1;
    return character;
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }
}

/** RE2's own: ASCII alone, and no vertical tab among the spaces. */
const classMembers = { d: '0-9', w: '0-9A-Za-z_', s: '\\t\\n\\f\\r ' } as const;
const lowerOf = { D: 'd', W: 'w', S: 's' } as const;

const controls: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
};

const classCharacter = (character: string) => ({
  escaped: escapeCharacter(character),
  code: character.codePointAt(0),
});

/** A character as JavaScript's `u` syntax takes it everywhere. */
export const escapeCharacter = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
