// What an edit changed, for who watches: each case that was run or came out otherwise, each rule that reads otherwise than
// before, and the verdict.

import type { CaseRecord, RuleRecord, RunRecord } from '../model/run-record.ts';
import { someNames } from '../model/some-names.ts';
import { verdictStyles } from './console.ts';
import { printable, printableLines } from './printable.ts';
import { verdictLine } from './summary-line.ts';
import { painter } from './table.ts';

/**
 * @param before what was shown last; null: all rules are shown
 * @param ms how long it took to judge, and to run what was run
 * @param ran ids of the cases that were run for it
 */
export function renderWatched(
  record: RunRecord,
  before: RunRecord | null,
  { color, ms, ran = [] }: { readonly color: boolean; readonly ms: number; readonly ran?: readonly string[] },
): string {
  const paint = painter(color);
  const known = new Map(before?.rules.map((rule) => [rule.slug, rule]));
  // Of what was run anew the events have other ids.
  const isSame = ran.length > 0 ? readsAlike : isIdentical;
  const changed = record.rules.filter((rule) => !isSame(rule, known.get(rule.slug)));
  const gone = [...known.keys()].filter((slug) => !record.rules.some((rule) => rule.slug === slug));
  const same = record.rules.length - changed.length;
  return [
    ...(before ? caseLines(record, before, new Set(ran), paint) : []),
    ...changed.flatMap((rule) => linesOf(rule, known.get(rule.slug), paint)),
    ...gone.map((slug) => `${printable(slug)}  is gone`),
    ...(before !== null && same > 0 ? [`${same} ${same === 1 ? 'rule' : 'rules'} as before`] : []),
    `${verdictLine(record, paint)}; ${ran.length > 0 ? 'run and judged' : 'judged'} in ${(ms / 1000).toFixed(2)} s`,
    '',
  ].join('\n');
}

const isIdentical = (rule: RuleRecord, other: RuleRecord | undefined): boolean =>
  JSON.stringify(rule) === JSON.stringify(other);

const readsAlike = (rule: RuleRecord, other: RuleRecord | undefined): boolean =>
  JSON.stringify(rule, withoutIds) === JSON.stringify(other, withoutIds);

const withoutIds = (key: string, value: unknown): unknown => (key === 'eventIds' ? undefined : value);

/** The cases that were run, in whatever way they came out, and of the others those that came out otherwise. */
function caseLines(
  { cases }: RunRecord,
  before: RunRecord,
  ran: ReadonlySet<string>,
  paint: ReturnType<typeof painter>,
): string[] {
  const known = new Map(before.cases.map((one) => [one.id, one]));
  const shown = cases.filter((one) => ran.has(one.id) || outcome(one) !== outcome(known.get(one.id)));
  const gone = before.cases.filter(({ id }) => !cases.some((one) => one.id === id));
  return [
    ...shown.flatMap((one) => {
      const [is, was] = [outcome(one), outcome(known.get(one.id))];
      const change = was === null ? `new: ${is}` : was === is ? `${is}, as before` : `${was} → ${is}`;
      const reasons = one.verdict === 'pass' ? [] : one.reasons;
      return [
        `${printable(one.id)}  ${paint(verdictStyles[one.verdict], change)}`,
        ...reasons.flatMap(indented),
      ];
    }),
    ...gone.map(({ id }) => `${printable(id)}  is gone`),
  ];
}

/** `executed, pass`; of no case null. */
const outcome = (one: CaseRecord | undefined): string | null =>
  one ? `${one.observation ?? 'not run'}, ${one.verdict}` : null;

const namesInLine = 6;

function linesOf(
  rule: RuleRecord,
  before: RuleRecord | undefined,
  paint: ReturnType<typeof painter>,
): string[] {
  const { slug, error, unavailable, firedIn, falsePositives, crossTalk, silent = [] } = rule;
  const name = printable(slug);
  if (error !== null) return [`${name}  ${paint('red', 'unusable')}`, ...indented(error)];
  if (unavailable !== undefined) return [`${name}  not judged: ${printable(unavailable)}`];
  const also = before ? firedIn.filter((id) => !before.firedIn.includes(id)) : [];
  const noLonger = before ? before.firedIn.filter((id) => !firedIn.includes(id)) : [];
  const listed = (title: string, ids: readonly string[]): string[] =>
    ids.length > 0 ? indented(`${title}: ${someNames(ids, namesInLine)}`) : [];
  return [
    `${name}  ${paint(firedIn.length > 0 ? 'green' : 'yellow', `fires in ${firedIn.length}`)}`,
    ...(before ? [] : listed('in', firedIn)),
    ...listed('now in', also),
    ...listed('no longer in', noLonger),
    ...listed(
      'false positive on',
      falsePositives.map((one) => one.case),
    ),
    ...listed(
      'cross-talk in',
      crossTalk.map((one) => one.case),
    ),
    ...silent.flatMap(({ technique, nearest }) =>
      indented(`silent on ${technique}; closest in ${nearest.case}: ${nearest.text}`),
    ),
  ];
}

const indented = (text: string): string[] =>
  printableLines(text)
    .split('\n')
    .map((line) => `  ${line}`);
