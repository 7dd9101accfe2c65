// The engine's account of a build, a pull or an import: JSON lines, the last of which may be an error.

import { createInterface } from 'node:readline';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { Progress } from './progress.ts';

/**
 * Follows the work to its end, saying each step.
 * @throws AtomclockError `lab/image-build` with the end of the output
 */
export async function buildProgress(stream: NodeJS.ReadableStream, progress: Progress): Promise<void> {
  const output: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    if (line === '') continue;
    const message = JSON.parse(line) as { stream?: string; status?: string; error?: string };
    const text = (message.stream ?? '').trimEnd();
    if (text !== '') output.push(text);
    if (/^Step \d+\/\d+ /.test(text)) progress(`  ${text.replace(/\s+/g, ' ').slice(0, 100)}`);
    if (message.error !== undefined) {
      throw new AtomclockError('lab/image-build', [...output.slice(-20), message.error].join('\n'), {
        exitCode: exitCodes.labUnavailable,
        hint: 'atomclock doctor --fix, when what it complains about is mended',
      });
    }
  }
}
