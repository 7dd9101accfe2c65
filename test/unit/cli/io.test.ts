// NO_COLOR, FORCE_COLOR and terminals.

import { expect, it } from 'vitest';
import { wantsColor } from '../../../harness/cli/io.ts';

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: 'false' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
])('%j on a terminal: %s → %s', (env, isTty, color) => {
  expect(wantsColor(env, isTty)).toBe(color);
});
