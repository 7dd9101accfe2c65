// The comparison of two runs as text: what got worse first.

import { printable } from './printable.ts';
import type { Report, ReporterSettings } from './reporter.ts';
import { type Paint, painter, type Style, wrap } from './table.ts';

/** The engine's RunDiff, as far as it is shown; reports know nothing of the engine. */
interface Diff {
  readonly worse: readonly Change[];
  readonly better: readonly Change[];
  readonly other: readonly Change[];
  readonly compared: { readonly cases: number; readonly mitigations: number; readonly rules: number };
}

interface Change {
  readonly about: string;
  readonly id: string;
  readonly what: string;
  readonly because: readonly string[];
}

export function renderDiff(diff: Diff, { color, columns }: ReporterSettings): Report {
  const paint = painter(color);
  const { cases, mitigations, rules } = diff.compared;
  const lines = [
    ...section('Worse', 'red', diff.worse, columns, paint),
    ...section('Better', 'green', diff.better, columns, paint),
    ...section('Changed', 'yellow', diff.other, columns, paint),
    `${diff.worse.length} worse, ${diff.better.length} better, ${diff.other.length} changed; ` +
      `in both runs: ${cases} cases, ${mitigations} mitigations, ${rules} rules`,
  ];
  return { output: `${lines.join('\n')}\n` };
}

function section(
  title: string,
  style: Style,
  changes: readonly Change[],
  columns: number,
  paint: Paint,
): string[] {
  if (changes.length === 0) return [];
  const rows = summedUp(changes).flatMap(({ about, id, what, because }) => [
    ...wrap(printable(`${about} ${id}: ${what}`), columns - 4).map(
      (line, index) => `  ${index > 0 ? '  ' : ''}${line}`,
    ),
    ...because.flatMap((reason) =>
      wrap(printable(reason), columns - 6).map((line) => `      ${paint('dim', line)}`),
    ),
  ]);
  return [paint(style, title), ...rows, ''];
}

/** A longer list of what only one run has says nothing that its length does not; JSON has all of it. */
const mostAlone = 5;

/** Many of a kind that only one of the runs has become one line. */
function summedUp(changes: readonly Change[]): Change[] {
  const kindOf = ({ about, what }: Change) => (what.startsWith('only in ') ? `${about} ${what}` : undefined);
  const alone = Map.groupBy(changes, kindOf);
  return changes.flatMap((change) => {
    const alike = alone.get(kindOf(change)) ?? [];
    if (kindOf(change) === undefined || alike.length <= mostAlone) return [change];
    if (alike[0] !== change) return [];
    const { about, what } = change;
    const names = alike.slice(0, 3).map(({ id }) => id);
    const id = `${names.join(', ')} and ${alike.length - names.length} more ${about}s`;
    return [{ about, id, what, because: [] }];
  });
}
