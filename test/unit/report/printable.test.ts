// Whatever a target says, the terminal shows it and does not obey it.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable, printableLines } from '../../../harness/report/printable.ts';

it.each([
  ['plain', 'plain'],
  ['\u001b[31mred', '\\x1b[31mred'],
  ['two\r\n  lines\tand a tab', 'two lines and a tab'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['\u009b2J', '\\x9b2J'],
  ['caché 漢字 🙂', 'caché 漢字 🙂'],
])('%j → %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('leaves nothing that a terminal would act on, and is stable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(printable(printable(text))).toBe(printable(text));
    }),
  );
});

it('keeps line breaks where asked to', () => {
  expect(printableLines('one\n\ttwo\u0007\r\nthree')).toBe('one\n two\\x07\nthree');
});
