// Content and variants, written out for others: Atomic Red Team's own schema.

import { artFiles } from '../content/art-export.ts';
import { loadAtomics } from '../content/atomics.ts';
import { AtomclockError, ContentError, exitCodes } from '../model/errors.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import { axesFor } from './load-content.ts';
import type { ArtRequest } from './request.ts';
import { selectProcedures } from './select-variants.ts';
import { stamped } from './world.ts';
import { writeFiles } from './write-files.ts';

export interface ExportedArt {
  /** As they were written. */
  readonly files: readonly string[];
  readonly atomics: number;
  readonly variants: number;
}

/**
 * Writes the selected atomics with their variants as Atomic Red Team has its own: `DIR/T1053.003/T1053.003.yaml`.
 * @throws ContentError when no atomic can be used; AtomclockError `export/nothing-selected`, `run/unknown-axis`,
 *   `output/unwritable`
 */
export async function exportArt(request: ArtRequest, onEvent: OnRunEvent): Promise<ExportedArt> {
  const say = stamped(onEvent);
  const { selectors, variants, art } = request;
  const bundled = request.atomics.length === 0 || selectors.length > 0;
  const { atomics, problems, written } = loadAtomics({ bundled, foreign: request.atomics });
  if (atomics.length === 0) throw new ContentError(problems);
  for (const problem of problems) say({ kind: 'problem', problem });
  const axes = axesFor(request, say);
  const chosen = selectProcedures(selectors, atomics, axes, variants);
  if (chosen.problems.length > 0 || chosen.selected.length === 0) {
    const message = chosen.problems.map((problem) => problem.message).join('\n') || 'nothing is selected';
    throw new AtomclockError('export/nothing-selected', message, {
      exitCode: exitCodes.nothingSelected,
      hint: 'See what there is: atomclock list',
    });
  }
  const parsed = new Map(written.atomics.map((each) => [each.atomic.guid, each]));
  const exported = chosen.selected.flatMap((atomic) => {
    const one = parsed.get(atomic.guid);
    return one ? [{ parsed: one, atomic, variants: chosen.variantsOf(atomic) }] : [];
  });
  return {
    files: await writeFiles(art, artFiles(exported)),
    atomics: exported.length,
    variants: exported.reduce((sum, { variants: { length } }) => sum + length, 0),
  };
}
