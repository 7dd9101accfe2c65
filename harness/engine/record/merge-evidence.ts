// The evidence of shards → that of the run that they were put together to, so that it can be replayed.

import { idInMerge, isIdleId } from '../../model/case-key.ts';
import { type EvidenceFile, evidenceVersion } from '../../model/evidence.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { someNames } from '../../model/some-names.ts';
import { mostNames, refusal } from './merge.ts';

export interface MergedEvidence {
  readonly file: EvidenceFile;
  /** The folders of its cases: from which folder of which run, to which of its own. */
  readonly copies: readonly { readonly run: number; readonly from: string; readonly to: string }[];
}

/**
 * Puts together what each run has beside its record. Replayed, it gives the merged record.
 * @param merged the record of all
 * @param files those of the runs, in the order of `inShardOrder`
 * @throws AtomclockError `merge/different-runs` where they were not judged by the same texts of rules
 */
export function mergeEvidence(merged: RunRecord, files: readonly EvidenceFile[]): MergedEvidence {
  const [first] = files;
  if (!first) throw refusal('nothing', 'expected at least one run to merge');
  refuseOtherRules(files);
  const { missing = [], ...run } = merged.run;
  const order = new Map(merged.cases.map(({ id }, at) => [id, at]));
  // Idle controls come first, as they were run; what the record does not have is damaged, and is kept behind the rest.
  const placeOf = (id: string) => (isIdleId(id) ? -1 : (order.get(id) ?? order.size));
  const named = (id: string, run: number) => (files.length === 1 ? id : idInMerge(id, run + 1));
  const all = files
    .flatMap((file, at) => file.cases.map(({ id, folder }) => ({ id: named(id, at), run: at, folder })))
    .toSorted((a, b) => placeOf(a.id) - placeOf(b.id));
  const ids = all.map(({ id }) => id);
  const cases = withFolders(ids);
  const { rules, placeholders } = first;
  return {
    file: {
      evidenceVersion,
      run,
      rules,
      ...(placeholders && { placeholders }),
      cases,
      ...(missing.length > 0 && { planned: [...new Set([...ids, ...missing])] }),
    },
    copies: cases.flatMap(({ folder: to }, at) => {
      const origin = all[at];
      return origin ? [{ run: origin.run, from: origin.folder, to }] : [];
    }),
  };
}

/** Where older versions put runs together, several idle controls have one id: the later ones get a folder with a number. */
function withFolders(ids: readonly string[]): EvidenceFile['cases'] {
  const times = new Map<string, number>();
  return ids.map((id) => {
    const time = (times.get(id) ?? 0) + 1;
    times.set(id, time);
    return { id, folder: time === 1 ? id : `${id}.${time}` };
  });
}

function refuseOtherRules([first, ...others]: readonly EvidenceFile[]): void {
  const textOf = (file: EvidenceFile | undefined) =>
    new Map(file?.rules.map((rule) => [rule.file, rule.text]));
  const placeholdersOf = (file: EvidenceFile | undefined) => JSON.stringify(file?.placeholders ?? {});
  const known = textOf(first);
  for (const other of others) {
    const texts = textOf(other);
    const differing = [...new Set([...known.keys(), ...texts.keys()])].filter(
      (file) => known.get(file) !== texts.get(file),
    );
    if (differing.length > 0)
      throw refusal(
        'different-runs',
        `expected the same rules in all runs; other texts: ${someNames(differing, mostNames)}`,
      );
    if (placeholdersOf(other) !== placeholdersOf(first))
      throw refusal('different-runs', 'expected the same values for placeholders in all runs');
  }
}
