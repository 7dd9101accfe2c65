// What the reports of a comparison are made from, and the words in which all of them tell it.

import type { RunRecord } from '../../model/run-record.ts';
import { someNames } from '../../model/some-names.ts';

/** Two runs and what is different in the newer one. */
export interface Comparison {
  readonly before: RunRecord;
  readonly after: RunRecord;
  readonly diff: Diff;
}

/** The engine's RunDiff; reports know nothing of the engine. */
export interface Diff {
  readonly worse: readonly Change[];
  readonly better: readonly Change[];
  readonly other: readonly Change[];
  readonly compared: { readonly cases: number; readonly mitigations: number; readonly rules: number };
}

export interface Change {
  readonly about: Kind;
  readonly id: string;
  readonly what: string;
  readonly shownIn: readonly string[];
  readonly because: readonly string[];
  readonly onlyIn?: 'old' | 'new';
}

export type Kind = 'case' | 'mitigation' | 'rule';

/** What only one of the runs has, of one kind. */
export interface Alone {
  readonly about: Kind;
  readonly onlyIn: 'old' | 'new';
  /** Those that fired first: with these something is lost, or won. */
  readonly changes: readonly Change[];
}

/** What is neither better nor worse in what both runs have, and what only one of them has. */
export function othersOf({ other }: Diff): { readonly changed: readonly Change[]; readonly alone: Alone[] } {
  const groups = Map.groupBy(other, ({ about, onlyIn }) => (onlyIn ? `${about} ${onlyIn}` : 'in both'));
  return {
    changed: groups.get('in both') ?? [],
    alone: [...groups.values()].flatMap((changes) => {
      const { about, onlyIn } = changes[0] ?? {};
      if (!about || !onlyIn) return [];
      const ordered = about === 'rule' ? [...changes.filter(hasFired), ...changes.filter(isSilent)] : changes;
      return [{ about, onlyIn, changes: ordered }];
    }),
  };
}

const hasFired = ({ shownIn }: Change): boolean => shownIn.length > 0;
const isSilent = (change: Change): boolean => !hasFired(change);

/** `61 rules only in the old run, where 12 fired` */
export function aloneText({ about, onlyIn, changes }: Alone): string {
  const fired = about === 'rule' ? changes.filter(hasFired).length : 0;
  return `${countOf(changes.length, about)} only in the ${onlyIn} run${fired > 0 ? `, where ${fired} fired` : ''}`;
}

/** The phrase of a change with no more names than `most`. */
export const whatText = ({ about, what, shownIn }: Change, most: number): string =>
  about === 'rule' && shownIn.length > most
    ? `${whatWithoutNames(what, shownIn)}${someNames(shownIn, most)}`
    : what;

/** `stopped firing in `; the whole of a phrase that ends with no names. */
export function whatWithoutNames(what: string, names: readonly string[]): string {
  const list = names.join(', ');
  return list !== '' && what.endsWith(list) ? what.slice(0, -list.length) : what;
}

/** `2 worse, 1 better, 0 changed; only in one run: 61 rules; in both runs: 10 cases, 2 mitigations, 7 rules` */
export function comparisonLine(diff: Diff): string {
  const { changed, alone } = othersOf(diff);
  const { cases, mitigations, rules } = diff.compared;
  const single = (['case', 'mitigation', 'rule'] as const).flatMap((kind) => {
    const count = alone
      .filter(({ about }) => about === kind)
      .reduce((sum, { changes }) => sum + changes.length, 0);
    return count > 0 ? [countOf(count, kind)] : [];
  });
  return [
    `${diff.worse.length} worse, ${diff.better.length} better, ${changed.length} changed`,
    ...(single.length > 0 ? [`only in one run: ${single.join(', ')}`] : []),
    `in both runs: ${countOf(cases, 'case')}, ${countOf(mitigations, 'mitigation')}, ${countOf(rules, 'rule')}`,
  ].join('; ');
}

const countOf = (count: number, kind: Kind): string => `${count} ${kind}${count === 1 ? '' : 's'}`;

/** `5 of 8`, executed attacks of a run that some rule saw. */
export const attacksSeen = ({ summary: { attacks } }: RunRecord): string =>
  `${attacks.seen} of ${attacks.executed}`;
