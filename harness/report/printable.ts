// Text from atomics, rules and targets, made harmless for a terminal: it may hold escape sequences.

import { unprintable, visible } from '../model/unprintable.ts';

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
