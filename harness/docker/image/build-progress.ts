// The engine's account of a build, a pull or an import: JSON lines, the last of which may be an error.

import { StringDecoder } from 'node:string_decoder';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { isEngineLoss } from '../host/engine-loss.ts';
import type { Progress } from '../host/progress.ts';

/**
 * Follows the work to its end, saying each step.
 * @returns the last status: the new image's id, after an import
 * @throws AtomclockError `lab/image-build` with the end of the output
 */
export async function buildProgress(
  work: Promise<NodeJS.ReadableStream>,
  progress: Progress,
): Promise<string> {
  let status = '';
  const output: string[] = [];
  for await (const line of linesOf(await accepted(work))) {
    if (line === '') continue;
    const message = JSON.parse(line) as { stream?: string; status?: string; error?: string };
    status = message.status ?? status;
    const text = (message.stream ?? '').trimEnd();
    if (text !== '') output.push(text);
    if (/^Step \d+\/\d+ /.test(text)) progress(`  ${text.replace(/\s+/g, ' ').slice(0, 100)}`);
    if (message.error !== undefined) {
      throw failure([...output.slice(-20), message.error].join('\n'));
    }
  }
  return status;
}

/** Unlike readline, ends with an error when the stream is cut: an engine that dies must not be waited for. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (cause) {
    throw failure('the engine closed the connection in the middle', cause);
  }
  yield rest;
}

/** The engine may refuse before it starts: no Dockerfile, no such registry. */
async function accepted(work: Promise<NodeJS.ReadableStream>): Promise<NodeJS.ReadableStream> {
  try {
    return await work;
  } catch (cause) {
    if (isEngineLoss(cause)) throw cause;
    throw failure(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

const failure = (message: string, cause?: unknown): AtomclockError =>
  new AtomclockError('lab/image-build', message, {
    exitCode: exitCodes.labUnavailable,
    hint: 'atomclock doctor --fix, when what it complains about is mended',
    cause,
  });
