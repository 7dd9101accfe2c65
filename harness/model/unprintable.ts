// Characters that cannot be seen, or that change how others are seen, and how they are written instead.

/** Controls (C0, DEL, C1), format characters (zero-width, Trojan Source), line separators, lone surrogates. */
export const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** As an escape. */
export const visible = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
};
