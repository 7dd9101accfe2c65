// The comparison of two runs as one page that needs nothing else; nothing in it can run.

import type { RunRecord } from '../../model/run-record.ts';
import { embedded, trusted } from '../html/embedded.ts';
import { type Content, html, type Markup } from '../html/markup.ts';
import { style } from '../html/style.ts';
import { placeText } from '../place.ts';
import type { Report } from '../reporter.ts';
import { placeOf } from './change-place.ts';
import {
  type Alone,
  aloneText,
  attacksSeen,
  type Change,
  type Comparison,
  comparisonLine,
  othersOf,
  whatWithoutNames,
} from './comparison.ts';

export function renderDiffHtml({ before, after, diff }: Comparison): Report {
  const { changed, alone } = othersOf(diff);
  const parts: readonly Part[] = [
    { id: 'worse', title: 'Worse', count: diff.worse.length, rows: rowsOf(diff.worse, after, 'worse') },
    { id: 'better', title: 'Better', count: diff.better.length, rows: rowsOf(diff.better, after, 'better') },
    { id: 'changed', title: 'Changed', count: changed.length, rows: rowsOf(changed, after, 'minor') },
    {
      id: 'alone',
      title: 'Only in one run',
      count: alone.reduce((sum, { changes }) => sum + changes.length, 0),
      rows: alone.map(aloneRow),
    },
  ];
  const shown = parts.filter(({ count }) => count > 0);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>Atomclock: ${before.run.id} → ${after.run.id}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the comparison</a>
<nav aria-label="Contents"><ul class="contents">${[...shown, runsPart].map(
    ({ id, title, count }) =>
      html`<li><a href="#${id}">${title}${count !== null && html` <span class="count">${count}</span>`}</a></li>`,
  )}</ul></nav>
<main id="main" tabindex="-1">
<header><h1>Atomclock: ${before.run.id} → ${after.run.id}</h1>
<p class="verdict">${verdictSentence(diff)}</p>
<p>${comparisonLine(diff)}</p>
</header>
${shown.map(
  ({ id, title, rows }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${rows}</section>
`,
)}${runs(before, after)}
<footer>atomclock diff. The comparison is in this page as JSON, in the element <code>#run-diff</code>.</footer>
</main>
<script type="application/json" id="run-diff">${embedded(diff)}</script>
</body>
</html>
`;
  return { output: page.source };
}

interface Part {
  readonly id: string;
  readonly title: string;
  readonly count: number;
  readonly rows: Content;
}

const runsPart = { id: 'runs', title: 'The two runs', count: null };

function verdictSentence({ worse, better }: Comparison['diff']): string {
  const things = (count: number) => `${count} ${count === 1 ? 'thing' : 'things'}`;
  const lost = worse.length === 0 ? 'Nothing is worse' : `${things(worse.length)} got worse`;
  return better.length === 0 ? `${lost}.` : `${lost}; ${things(better.length)} got better.`;
}

const rowsOf = (changes: readonly Change[], after: RunRecord, tone: 'worse' | 'better' | 'minor'): Markup[] =>
  changes.map((change) => {
    const { about, id, what, shownIn, because } = change;
    const at = placeOf(change, after);
    const names = about === 'rule' && shownIn.length > 1 ? shownIn : [];
    return html`<div class="finding ${tone}"><strong>${about} <code>${id}</code></strong>: ${
      names.length > 0
        ? html`${whatWithoutNames(what, names)}<ul>${names.map((name) => html`<li><code>${name}</code></li>`)}</ul>`
        : what
    }${because.length > 0 && html`<ul>${because.map((reason) => html`<li>${reason}</li>`)}</ul>`}${
      at && html`<div class="quiet"><code>${placeText(at.place)}</code>${at.bundled && ', bundled'}</div>`
    }</div>
`;
  });

const aloneRow = (alone: Alone): Markup =>
  html`<details class="kept" open><summary>${aloneText(alone)}</summary><ul>${alone.changes.map(
    ({ id, because }) => html`<li><code>${id}</code>${because.length > 0 && `: ${because.join('; ')}`}</li>`,
  )}</ul></details>
`;

/** What the two were run with: a difference here may be why there are others. */
const runs = (before: RunRecord, after: RunRecord): Markup =>
  html`<section aria-labelledby="runs"><h2 id="runs">The two runs</h2>
<div class="scroll" role="region" aria-label="The two runs" tabindex="0"><table class="narrow"><thead><tr><td></td><th scope="col">Old</th><th scope="col">New</th></tr></thead><tbody>${facts.map(
    ([name, factOf]) =>
      html`<tr><th scope="row">${name}</th><td>${factOf(before)}</td><td>${factOf(after)}</td></tr>`,
  )}</tbody></table></div></section>`;

const facts: readonly (readonly [name: string, factOf: (record: RunRecord) => string | number])[] = [
  ['Run', ({ run }) => run.id],
  ['Started', ({ run }) => run.startedAt],
  ['Cases', ({ cases }) => cases.length],
  ['Executed attacks that some rule saw', attacksSeen],
  ['Rules', ({ rules }) => rules.length],
  ['Sensors', ({ run }) => run.sensors.join(', ') || 'none'],
  ['Clock', ({ run }) => run.clock],
  ['Kernel', ({ run }) => run.host.kernel || 'unknown'],
  ['atomclock', ({ run }) => run.harness],
];
