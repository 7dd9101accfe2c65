// What an edit of a rule changed, for who watches: each rule that reads otherwise than before, and the verdict.

import type { RuleRecord, RunRecord } from '../model/run-record.ts';
import { someNames } from './names.ts';
import { printable, printableLines } from './printable.ts';
import { verdictLine } from './summary-line.ts';
import { painter } from './table.ts';

/**
 * @param before what was shown last; null: all rules are shown
 * @param ms how long it took to judge
 */
export function renderWatched(
  record: RunRecord,
  before: RunRecord | null,
  { color, ms }: { readonly color: boolean; readonly ms: number },
): string {
  const paint = painter(color);
  const known = new Map(before?.rules.map((rule) => [rule.slug, rule]));
  const changed = record.rules.filter((rule) => !isSame(rule, known.get(rule.slug)));
  const gone = [...known.keys()].filter((slug) => !record.rules.some((rule) => rule.slug === slug));
  const same = record.rules.length - changed.length;
  return [
    ...changed.flatMap((rule) => linesOf(rule, known.get(rule.slug), paint)),
    ...gone.map((slug) => `${printable(slug)}  is gone`),
    ...(before !== null && same > 0 ? [`${same} ${same === 1 ? 'rule' : 'rules'} as before`] : []),
    `${verdictLine(record, paint)}; judged in ${(ms / 1000).toFixed(2)} s`,
    '',
  ].join('\n');
}

const isSame = (rule: RuleRecord, other: RuleRecord | undefined): boolean =>
  JSON.stringify(rule) === JSON.stringify(other);

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
