// Sigma 2.1: rule files in, rules out.

import { readSigmaFile } from './document.ts';
import { resolveSigma } from './resolve.ts';
import type { SigmaOptions, SigmaRules } from './result.ts';

/**
 * Reads one file that stands for itself: its correlations and filters see no other file. For a rule set, read each
 * file with `readSigmaFile` and give them all to `resolveSigma`.
 * @param file the name that places and slugs are made of
 * @param text YAML, one document or more
 * @param options ECS names unless told otherwise
 * @returns what can be used, what cannot, and why; throws nothing
 */
export function parseSigma(
  file: string,
  text: string,
  options: SigmaOptions = { fields: 'ecs' },
): SigmaRules {
  return resolveSigma([readSigmaFile(file, text)], options);
}

export { readSigmaFile } from './document.ts';
export { sensorsFor } from './providers.ts';
export { resolveSigma } from './resolve.ts';
export type { SigmaOptions } from './result.ts';
export { flattenWindowsEvent } from './windows-event.ts';
