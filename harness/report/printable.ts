// Text from atomics, rules and targets, made harmless for a terminal: it may hold escape sequences.

/**
 * Control characters and direction overrides as visible escapes; line breaks and tabs as one space.
 * For everything that is printed and was not written by the harness itself.
 */
export const printable = (text: string): string =>
  text
    .replace(/\s+/g, (blank) => (/[\r\n\t]/.test(blank) ? ' ' : blank))
    .replace(unprintable, visible)
    // At the start of a line, GitHub's runner takes these for commands.
    .replace(/^(?= *(?:::|##\[))/, '\\');

/** The same, but for text of several lines: line breaks stay. */
export const printableLines = (text: string): string => text.split(/\r?\n/).map(printable).join('\n');

/** Only what cannot be seen becomes visible; line breaks and tabs stay. For formats that lay text out themselves. */
export const visibleControls = (text: string): string =>
  text.replace(unprintable, (character) =>
    character === '\n' || character === '\t' ? character : visible(character),
  );

// Controls (C0, DEL, C1), format characters (zero-width, Trojan Source), line separators, lone surrogates.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const visible = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
};
