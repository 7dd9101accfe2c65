// Backslashes in regular expressions: PCRE's escapes in RE2's spelling.

export interface RegexFault {
  /** Where in the pattern. */
  readonly index: number;
  readonly message: string;
  readonly hint?: string;
}

/** What was read of the pattern and how it is written; or why it can't be. */
export type Escape = { readonly read: string; readonly written: string } | { readonly fault: RegexFault };

/** Escapes that mean the same inside and outside of a class: one character, or a set of them. */
export function escapeAt(pattern: string, at: number): Escape {
  const rest = pattern.slice(at, at + 40);
  const letter = rest.charAt(1);
  const fault = (message: string, hint?: string): Escape => ({
    fault: { index: at, message, ...(hint === undefined ? {} : { hint }) },
  });
  const set = /^\\(?:[dDwWsStnrfa]|[pP](?:\{\^?\w+\}|[A-Z]))/.exec(rest);
  if (set !== null) return { read: set[0], written: set[0] };
  const code =
    /^\\(?:x\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{4})|o\{([0-7]{1,7})\}|(0[0-7]{0,2}))/.exec(
      rest,
    );
  if (code !== null) {
    const [read, braced, hex, unicode, octalBraced, octal] = code;
    const point = octalBraced ?? octal;
    const number =
      point === undefined
        ? Number.parseInt(braced ?? unicode ?? (hex || '0'), 16)
        : Number.parseInt(point, 8);
    return { read, written: `\\x{${number.toString(16).toUpperCase()}}` };
  }
  if (letter === 'e') return { read: '\\e', written: '\\x1B' };
  const control = /^\\c([A-Za-z[\]^_?@\\])/.exec(rest);
  if (control !== null) {
    const number = (control[1] ?? '').toUpperCase().charCodeAt(0) ^ 64;
    return { read: control[0], written: `\\x{${number.toString(16).toUpperCase()}}` };
  }
  if (/\d/.test(letter) || /^\\[gk][{<'\d-]/.test(rest)) {
    return fault(`a backreference (\`${rest.slice(0, 2)}\`) is not supported`);
  }
  if (/[A-Za-z]/.test(letter)) return fault(`\`${rest.slice(0, 2)}\` is not supported`);
  const character = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0);
  return { read: `\\${character}`, written: /^[!-~ ]$/.test(character) ? quoteRegex(character) : character };
}

/** Inside of a character class some escapes mean something else. */
export function classEscapeAt(pattern: string, at: number): Escape {
  const letter = pattern.charAt(at + 1);
  const read = `\\${letter}`;
  if (letter === 'b') return { read, written: '\\x08' };
  if (letter === 'h') return { read, written: horizontalSpace };
  if (letter === 'v') return { read, written: verticalSpace };
  if (letter === '') return { fault: { index: at, message: 'a lone backslash at the end of the pattern' } };
  return escapeAt(pattern, at);
}

export const verticalSpace = '\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}';
export const horizontalSpace = '\\t \\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}';

/** A character, or a text, that stands for itself. */
export const quoteRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
