// A job's shell text as the simple commands that it is made of: what it would run, and under which condition.

export interface SimpleCommand {
  /** Words without their quotes; expansions stand as they were written. */
  readonly words: readonly string[];
  /** Whether it runs only when something before it came out in a certain way. */
  readonly isConditional: boolean;
  /** The file that it reads as its standard input, where it is given one. */
  readonly stdin: string | null;
  /** The words of the command whose output it reads, where it is in a pipeline. */
  readonly reads: readonly string[] | null;
}

/**
 * Splits a shell's text, as far as that can be done without running it.
 * @returns null where the text has parts that are not followed here (`case`, functions, an end that is missing)
 * @source POSIX.1-2024, Shell Command Language, 2.3 Token Recognition, 2.9 Shell Commands
 */
export function simpleCommands(text: string): SimpleCommand[] | null {
  const tokens = tokensOf(text);
  return tokens && new Commands().read(tokens);
}

type Token = { readonly word: string; readonly isQuoted: boolean } | { readonly operator: string };

class Commands {
  readonly #found: SimpleCommand[] = [];
  /** For each group that is open, whether what is in it is conditional. */
  readonly #groups: boolean[] = [false];
  #isConditional = false;
  #words: string[] = [];
  #stdin: string | null = null;
  #reads: readonly string[] | null = null;

  read(tokens: readonly Token[]): SimpleCommand[] | null {
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] as Token;
      if ('word' in token) {
        if (this.#words.length === 0 && !token.isQuoted && this.#reserved(token.word)) continue;
        if (token.word === 'case' && this.#words.length === 0) return null;
        this.#words.push(token.word);
      } else if (/[<>]/.test(token.operator)) {
        const target = tokens[++at];
        if (!target || !('word' in target)) return null;
        if (token.operator === '<') this.#stdin = target.word;
      } else if (token.operator === '(') {
        if (this.#words.length > 0) return null;
        this.#open();
      } else if (!this.#operator(token.operator)) return null;
    }
    this.#end(false);
    return this.#groups.length === 1 ? this.#found : null;
  }

  /** Whether the word was one that only structures what follows. */
  #reserved(word: string): boolean {
    switch (word) {
      case 'if':
      case 'while':
      case 'until':
      case '{':
        this.#open();
        return true;
      case 'then':
      case 'do':
      case 'else':
      case 'elif':
        this.#groups[this.#groups.length - 1] = true;
        this.#isConditional = true;
        return true;
      case 'fi':
      case 'done':
      case '}':
        this.#close();
        return true;
      case 'for':
        this.#open();
        return false;
      default:
        return word === '!';
    }
  }

  #operator(operator: string): boolean {
    switch (operator) {
      case '&&':
      case '||':
        this.#end(false);
        this.#isConditional = true;
        return true;
      case '|':
      case '|&':
        this.#end(true);
        return true;
      case ')':
        this.#end(false);
        this.#close();
        return this.#groups.length > 0;
      case ';;':
        return false;
      default:
        this.#end(false);
        this.#isConditional = this.#groups.at(-1) ?? false;
        return true;
    }
  }

  #open(): void {
    this.#groups.push(this.#isConditional);
  }

  #close(): void {
    this.#groups.pop();
    this.#isConditional = this.#groups.at(-1) ?? false;
  }

  #end(isPiped: boolean): void {
    const words = this.#words;
    if (words.length > 0)
      this.#found.push({
        words,
        isConditional: this.#isConditional,
        stdin: this.#stdin,
        reads: this.#reads,
      });
    this.#reads = isPiped ? words : null;
    this.#words = [];
    this.#stdin = null;
  }
}

const operators = ['&&', '||', ';;', '|&', '<<<', '<<-', '<<', '&>>', '&>', '>>', '>&', '<&', '>|', '<>'];

/** Words and operators; null where a quote or an expansion is not closed, or a here-document begins. */
function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  let word: string | undefined;
  let isQuoted = false;
  const endWord = () => {
    if (word !== undefined) tokens.push({ word, isQuoted });
    word = undefined;
    isQuoted = false;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\') {
      at += 1;
      if (text[at] !== '\n') {
        word = (word ?? '') + (text[at] ?? '');
        isQuoted = true;
      }
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return null;
      word = (word ?? '') + text.slice(at + 1, end);
      isQuoted = true;
      at = end;
    } else if (character === '"') {
      const end = endOfQuote(text, at);
      if (end < 0) return null;
      word = (word ?? '') + text.slice(at + 1, end).replace(/\\([$`"\\])/g, '$1');
      isQuoted = true;
      at = end;
    } else if (character === '`' || (character === '$' && /[({]/.test(text[at + 1] ?? ''))) {
      const end = endOfExpansion(text, at);
      if (end < 0) return null;
      word = (word ?? '') + text.slice(at, end + 1);
      at = end;
    } else if (/[ \t]/.test(character)) endWord();
    else if (character === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = (end < 0 ? text.length : end) - 1;
    } else if (/[|&;<>()\n]/.test(character)) {
      const operator = operators.find((candidate) => text.startsWith(candidate, at)) ?? character;
      if (operator === '<<' || operator === '<<-') return null;
      // A number right before a redirection names the descriptor.
      if (/^[<>]/.test(operator) && word !== undefined && /^\d+$/.test(word) && !isQuoted) word = undefined;
      endWord();
      // A descriptor is no file: `2>&1`.
      const copied = /^(?:[<>]&)$/.test(operator) ? /^[\d-]+/.exec(text.slice(at + 2))?.[0] : undefined;
      if (copied === undefined) tokens.push({ operator });
      at += operator.length - 1 + (copied?.length ?? 0);
    } else word = (word ?? '') + character;
  }
  endWord();
  return tokens;
}

/** Where the double quote that begins there ends. */
function endOfQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
    else if (text[at] === '$' && text[at + 1] === '(') {
      at = endOfExpansion(text, at);
      if (at < 0) return -1;
    }
  }
  return -1;
}

/** Where `$(…)`, `${…}` or a pair of backquotes ends. */
function endOfExpansion(text: string, start: number): number {
  if (text[start] === '`') return text.indexOf('`', start + 1);
  const [open, close] = text[start + 1] === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === "'") {
      at = text.indexOf("'", at + 1);
      if (at < 0) return -1;
    } else if (text[at] === open) depth += 1;
    else if (text[at] === close) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}
