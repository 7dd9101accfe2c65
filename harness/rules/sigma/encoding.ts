// The encodings that modifiers apply to a value: UTF-16 and Base64.

/** Text as a string of bytes: one character, U+0000 to U+00FF, for each. */
export type ByteString = string;

export const utf8Bytes = (text: string): ByteString =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');

export function utf16Bytes(text: string, order: 'le' | 'be'): ByteString {
  let bytes = '';
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const [high, low] = [String.fromCharCode(unit >> 8), String.fromCharCode(unit & 0xff)];
    bytes += order === 'le' ? low + high : high + low;
  }
  return bytes;
}

/** The byte order mark of UTF-16, low byte first. */
export const byteOrderMark: ByteString = '\u00ff\u00fe';

export const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

export const base64 = (bytes: ByteString): string => btoa(bytes);

/**
 * What stays the same of the Base64 text of `bytes`, whatever stands before and after them: one text for each
 * position, modulo three, that they may start at. Characters that also encode a neighbour's bits are cut off.
 */
export function base64Offsets(bytes: ByteString): readonly [string, string, string] {
  const at = (offset: 0 | 1 | 2): string => {
    const encoded = btoa('\0'.repeat(offset) + bytes);
    // The first characters also hold bits of what stands before: none of 0, 2 of 1, 3 of 2 bytes.
    const start = [0, 2, 3][offset] ?? 0;
    // The last ones hold bits of what follows, or are padding.
    const end = [0, 3, 2][(offset + bytes.length) % 3] ?? 0;
    return encoded.slice(start, encoded.length - end);
  };
  return [at(0), at(1), at(2)];
}
