// How much it takes to get past a rule, in the levels of MITRE CTID's Summiting the Pyramid: by its fields, and by a change.
//
// Levels: 1 ephemeral (a name, a path as it was written, a time), 2 brought by the adversary (a program at a path, the text
// of a payload), 3 a tool that is there (its arguments, what started it), 4 some ways of the technique (the place of a file,
// how it gets there), 5 the technique itself (the scheduler's own process, its own log). Columns: A what an application
// tells, U what a program hands over in user mode, K what the kernel saw.
//
// Of conditions: `and` is as weak as its weakest part, `or` as strong as its strongest (whoever wants past it has to get
// past each). `not A` has the level of A, and by De Morgan an exclusion of several is as weak as the weakest of them, since
// one way through is enough. Stages of a sequence and rules of a correlation count as an `and`. What any event of its kind
// has (`event.category`, `host.os.type`) says nothing and is left out.
// @source MITRE CTID, Summiting the Pyramid: Levels; Combining Observables

import type { Change } from '../../model/variant.ts';
import { filtersOf } from '../../rules/match/plan.ts';
import type { FieldTest, Predicate } from '../../rules/predicate.ts';
import type { Rule } from '../../rules/rule.ts';
import { schedulerOfProgram } from '../../schedulers/index.ts';

const columns = ['A', 'U', 'K'] as const;
type Column = (typeof columns)[number];

/** A level with its column. */
interface Standing {
  readonly level: number;
  readonly column: Column;
}

/** Fields of ECS: the first that fits counts, a star for any rest. Not here: fields that say nothing. */
const fieldTable: readonly (readonly [field: string, standing: Standing])[] = [
  ['process.name', { level: 1, column: 'K' }],
  ['process.parent.name', { level: 1, column: 'K' }],
  ['process.executable', { level: 2, column: 'K' }],
  ['process.parent.executable', { level: 2, column: 'K' }],
  ['process.command_line', { level: 3, column: 'K' }],
  ['process.args', { level: 3, column: 'K' }],
  ['process.parent.*', { level: 3, column: 'K' }],
  ['process.*user*', { level: 3, column: 'K' }],
  ['process.*leader*', { level: 3, column: 'K' }],
  ['user.*', { level: 3, column: 'K' }],
  ['file.name', { level: 1, column: 'K' }],
  ['file.extension', { level: 1, column: 'K' }],
  ['file.path', { level: 4, column: 'K' }],
  ['file.directory', { level: 4, column: 'K' }],
  ['file.target_path', { level: 4, column: 'K' }],
  ['file.mode', { level: 4, column: 'K' }],
  ['file.uid', { level: 4, column: 'K' }],
  ['file.Ext.original.*', { level: 4, column: 'K' }],
  ['message', { level: 5, column: 'A' }],
  ['log.*', { level: 5, column: 'A' }],
  ['atomclock.schedule.*', { level: 2, column: 'A' }],
];

/** What a change of each kind costs: it gets past what observes no more than that. */
const changeTable: Readonly<Record<Change, number>> = {
  'shell-text': 1,
  'path-text': 1,
  name: 1,
  time: 1,
  program: 3,
  arguments: 3,
  lineage: 3,
  'file-operation': 4,
  place: 4,
};

/** The highest level: nothing that still is the technique gets past it. */
export const highestLevel = 5;

/** The level that a variant reaches: its dearest change. */
export const levelOfChanges = (changes: readonly Change[]): number =>
  Math.max(1, ...changes.map((change) => changeTable[change]));

/**
 * What a rule claims by its fields.
 * @param rules all of them, for those that a correlation names
 * @returns `4K`; null where none of its fields says anything
 */
export function claimedLevel(rule: Rule, rules: readonly Rule[]): string | null {
  const standing = standingOf(rule, rules);
  return standing && `${standing.level}${standing.column}`;
}

function standingOf({ query }: Rule, rules: readonly Rule[]): Standing | null {
  if (query.kind === 'correlation') {
    return weakest(
      query.rules
        .map((id) => rules.find((rule) => rule.id === id))
        .map((part) => (part ? standingOf(part, rules) : null)),
    );
  }
  return weakest(filtersOf(query).map(({ where }) => standingIn(where, false)));
}

function standingIn(predicate: Predicate, isDenied: boolean): Standing | null {
  switch (predicate.kind) {
    case 'and':
    case 'or': {
      const parts = predicate.of.map((part) => standingIn(part, isDenied));
      return (predicate.kind === 'and') === isDenied ? strongest(parts) : weakest(parts);
    }
    case 'not':
      return standingIn(predicate.of, !isDenied);
    case 'field':
      return standingOfField(predicate);
    case 'keyword':
      return { level: 1, column: 'A' };
    case 'computed':
      return weakest(predicate.fields.map(standingOfName));
    case 'constant':
      return null;
  }
}

/** The scheduler's own process is nobody's to choose. */
function standingOfField({ field, test }: FieldTest): Standing | null {
  const isOfProgram = /^process\.(?:parent\.)?executable$/.test(field);
  const isDaemon = isOfProgram && test.op === 'equals' && schedulerOfProgram(`${test.value}`) !== undefined;
  return isDaemon ? { level: highestLevel, column: 'K' } : standingOfName(field);
}

const standingOfName = (field: string): Standing | null =>
  fieldTable.find(([pattern]) => isLike(field, pattern))?.[1] ?? null;

const isLike = (field: string, pattern: string): boolean => {
  const [start = '', ...rest] = pattern.split('*');
  return rest.length === 0
    ? field === pattern
    : field.startsWith(start) && rest.every((part) => field.slice(start.length).includes(part));
};

const order = ({ level, column }: Standing): number => level * columns.length + columns.indexOf(column);
const weakest = (parts: readonly (Standing | null)[]): Standing | null =>
  pick(parts, (a, b) => order(a) < order(b));
const strongest = (parts: readonly (Standing | null)[]): Standing | null =>
  pick(parts, (a, b) => order(a) > order(b));

const pick = (
  parts: readonly (Standing | null)[],
  isBetter: (one: Standing, other: Standing) => boolean,
): Standing | null =>
  parts.reduce((best, part) => (part && (!best || isBetter(part, best)) ? part : best), null);
