// Finds rules by what others call them: their id or their name.

import type { SigmaDocument } from './ast.ts';
import type { ReadDocument } from './document.ts';

export interface RuleDirectory {
  /** By id first, then by name. */
  find(reference: string): SigmaDocument | undefined;
  /** What to do where a reference finds nothing: other tools take titles for names. */
  hintAbout(reference: string): string | undefined;
  /** The id that the rule has among all rules: its own, else its slug. */
  idOf(document: SigmaDocument): string;
}

/** Ids and names that two documents share are reported; the first keeps them. */
export function directoryOf(read: readonly ReadDocument[]): RuleDirectory {
  const ids = new Map<SigmaDocument, string>();
  const byId = new Map<string, SigmaDocument>();
  const byName = new Map<string, SigmaDocument>();
  for (const { document, report } of read) {
    const { header, source } = document;
    const wanted = header.id ?? header.slug;
    const earlier = byId.get(wanted);
    if (earlier !== undefined && header.id !== undefined) {
      report.warning(
        'duplicate-id',
        header.place,
        `the id ${wanted} is taken by ${earlier.source.file}`,
        'Give each rule an id of its own.',
      );
    }
    let id = wanted;
    for (let number = 2; byId.has(id); number++) id = `${wanted}-${number}`;
    ids.set(document, id);
    byId.set(id, document);
    if (header.name === undefined) continue;
    const namesake = byName.get(header.name);
    if (namesake === undefined) byName.set(header.name, document);
    else if (namesake.source.file !== source.file || namesake !== document) {
      report.warning(
        'duplicate-name',
        header.place,
        `the name \`${header.name}\` is taken by ${namesake.source.file}`,
      );
    }
  }
  return {
    find: (reference) => byId.get(reference) ?? byName.get(reference),
    hintAbout(reference) {
      const titled = read.find(({ document }) => document.header.title === reference);
      return titled && `The rule of that title is in ${titled.document.source.file}: give it a \`name\`.`;
    },
    idOf: (document) => ids.get(document) ?? document.header.slug,
  };
}
