// The browser of the system, for tests that need one: where there is none they are skipped.

import { existsSync } from 'node:fs';

/** undefined where none is installed; `CHROMIUM` names another. */
export const chromiumPath: string | undefined = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
