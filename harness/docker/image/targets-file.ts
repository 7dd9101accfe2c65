// Reads containers/targets.yaml, the list of targets that the lab can start.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { ContentError, type Problem } from '../../model/errors.ts';
import { packageRoot } from '../../model/package-root.ts';
import { type TargetDefinition, targetsFileSchema } from '../../model/target.ts';

/**
 * The targets by name.
 * @throws ContentError with every problem of the file
 */
export function readTargets(
  file: string = join(packageRoot, 'containers/targets.yaml'),
): ReadonlyMap<string, TargetDefinition> {
  return parseTargets(readFileSync(file, 'utf8'), file);
}

/** As `readTargets`, from text. */
export function parseTargets(text: string, file: string): ReadonlyMap<string, TargetDefinition> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return {
      code: 'targets/invalid',
      message,
      place: { file, line, column: col },
      sourceLine: text.split('\n')[line - 1] ?? '',
      severity: 'error',
    };
  };
  if (document.errors.length > 0) {
    throw new ContentError(
      document.errors.map(({ pos, message }) => problem(pos[0], message.split('\n')[0] ?? '')),
    );
  }
  const result = targetsFileSchema.safeParse(document.toJS());
  if (result.success) return new Map(Object.entries(result.data.targets));
  throw new ContentError(
    result.error.issues.map(({ path, message }) => {
      const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
      return problem(node?.range?.[0] ?? 0, `${path.join('.')}: ${message}`);
    }),
  );
}
