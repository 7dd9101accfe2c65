// How much memory a replay may take before anything of it is given back.

import { setFlagsFromString } from 'node:v8';

/**
 * Of the whole process, which is for whoever owns it to ask for: the command line does, a library must not.
 *
 * Events die young, and a case's die with it: room for more of them than V8 starts with, and a heap that doubles before
 * anything is given back, take some hundred MiB and save no time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
