// Attacks that were recorded, judged again: for tests without a container engine.

import { openMisses } from '../main/case-misses.ts';
import { placeholderValues } from '../main/placeholder-values.ts';
import { Detonations } from './detonations.ts';
import { checkOptions, listOf, placeholdersOf, type RecordedOptions } from './options.ts';
import { replay } from './replay.ts';

/**
 * Judges the evidence of a run again, by the rules that it was recorded with or by those of `rules`.
 *
 * ```js
 * const past = await recorded('runs/20261128-132652-4c3a', { rules: 'rules/' });
 * expect(await past.case('cron-d-drop')).toFire('my-rule');
 * ```
 * @param folder what a run left
 * @throws as `replay`
 */
export async function recorded(folder: string, options: RecordedOptions = {}): Promise<Detonations> {
  checkOptions('recorded', options);
  const result = await replay(folder, options);
  const judgedBy = {
    rules: listOf(options.rules),
    placeholders: placeholderValues(placeholdersOf(options)),
  };
  const missesOf = await openMisses(folder, judgedBy, result.record.run.sensors);
  return new Detonations(result, missesOf);
}
