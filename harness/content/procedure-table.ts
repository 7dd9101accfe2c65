// The bundled procedures as one table for people: what each must do, where, who sees it and who does not.

import type { Atomic } from '../model/atomic.ts';
import type { WrittenExpectation } from '../model/expectation.ts';
import type { TargetDefinition } from '../model/target.ts';

/**
 * Attacks by technique, in the order of their files, as a Markdown table; what differs on some targets is told beside.
 * @param expectations by GUID
 * @param targets whose families an atomic that runs on some targets alone may differ by; unless given by any
 */
export function procedureTable(
  atomics: readonly Atomic[],
  expectations: ReadonlyMap<string, WrittenExpectation>,
  targets?: ReadonlyMap<string, Pick<TargetDefinition, 'families'>>,
): string {
  const attacks = atomics.filter(({ kind }) => kind === 'attack');
  const rows = attacks.map((atomic) => {
    const expectation = expectations.get(atomic.guid);
    const own = targets && expectation?.targets?.flatMap((name) => targets.get(name)?.families ?? []);
    return rowOf(atomic, expectation, (family) => own?.includes(family) ?? true);
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const head = ['Technique', 'Procedure', 'Does', 'Targets', 'Seen by', 'Evades'];

function rowOf(
  atomic: Atomic,
  expectation: WrittenExpectation | undefined,
  isTold: (family: string) => boolean,
): string[] {
  const { technique, slug, name } = atomic;
  const { observation, reason, targets, detects = [], evades = [] } = expectation ?? {};
  const families = Object.entries(expectation?.families ?? {}).filter(([family]) => isTold(family));
  return [
    technique,
    `\`${slug}\`: ${text(name)}`,
    [
      withReason(observation ?? 'not said', reason),
      ...families.flatMap(([family, other]) =>
        other.observation === undefined
          ? []
          : [`${family}: ${withReason(other.observation, other.reason ?? undefined)}`],
      ),
    ].join('; '),
    targets === undefined ? 'all' : targets.join(', '),
    listed(detects, families, 'detects'),
    listed(
      evades.map(({ rule }) => rule),
      families,
      'evades',
    ),
  ];
}

const withReason = (observation: string, reason: string | undefined): string =>
  reason === undefined ? observation : `${observation} (${text(reason)})`;

/** Rules by name; of a family those that differ from what holds elsewhere. */
function listed(
  rules: readonly string[],
  families: readonly (readonly [string, WrittenExpectation['families'][string]])[],
  of: 'detects' | 'evades',
): string {
  const elsewhere = families.flatMap(([family, difference]) => {
    const own = difference[of]?.map((rule) => (typeof rule === 'string' ? rule : rule.rule));
    if (own === undefined || own.join() === rules.join()) return [];
    const more = own.filter((rule) => !rules.includes(rule));
    const isMore = rules.length > 0 && own.length === rules.length + more.length;
    return [isMore ? `${family}: also ${more.join(', ')}` : `${family}: ${own.join(', ') || '–'}`];
  });
  return [rules.join(', ') || '–', ...elsewhere].join('; ');
}

/** What Markdown would take for its own: the end of a cell, and lines. */
const text = (written: string): string => written.replace(/\s+/g, ' ').replaceAll('|', '\\|');

/** Where a file has the table: between two lines that say who writes it. */
export const tableMarks = {
  begin: '<!-- written by `npm run table`: begin -->',
  end: '<!-- written by `npm run table`: end -->',
} as const;

/**
 * The text of a file with the table put in the place of the one that it has.
 * @throws TypeError where the file has no place for it
 */
export function withTable(file: string, table: string): string {
  const begin = file.indexOf(tableMarks.begin);
  const end = file.indexOf(tableMarks.end);
  if (begin < 0 || end < begin)
    throw new TypeError(`expected the lines ${tableMarks.begin} and ${tableMarks.end}`);
  return `${file.slice(0, begin + tableMarks.begin.length)}\n\n${table}\n\n${file.slice(end)}`;
}
