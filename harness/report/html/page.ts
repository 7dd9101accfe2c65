// The report as one page that needs nothing else: no network, no framework.
//
// It carries the whole RunRecord, and the traces that the evidence has beyond it, as JSON; its script makes of them what is
// about to be seen. Nothing else in it can run: what comes from outside is only ever text, and the content security policy
// knows the one script by its hash.

import { createHash } from 'node:crypto';
import { hasFired } from '../../model/fired.ts';
import { hardeningOf } from '../../model/hardening.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { RunTraces } from '../../model/traces.ts';
import { conditionsOf } from '../bare.ts';
import { coverageOf, percentSeen, type TechniqueCoverage } from '../coverage.ts';
import { firedOn } from '../fired.ts';
import { coverText } from '../hardening.ts';
import type { Report, ReporterSettings } from '../reporter.ts';
import { expectedDetections, verdictLine } from '../summary-line.ts';
import { painter } from '../table.ts';
import { looks, type Meant, mitigationLook } from './badge.ts';
import { clientScript } from './client.ts';
import { embedded, trusted } from './embedded.ts';
import { type Content, html, type Markup } from './markup.ts';
import { style } from './style.ts';
import { type View, viewOf } from './view.ts';

export function renderHtml(record: RunRecord, { traces = null }: ReporterSettings): Report {
  const { run } = record;
  const view = viewOf(record);
  const script = clientScript();
  const title = run.file === undefined ? `Atomclock run ${run.id}` : 'Atomclock replay of a file';
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<nav aria-label="Contents"><ul class="contents">${contentsOf(record, view).map(
    ({ id, title, count }) =>
      html`<li><a href="#${id}">${title}${count !== null && html` <span class="count">${count}</span>`}</a></li>`,
  )}</ul>
<details id="filters" open hidden><summary>Show only</summary><label for="search">Search <kbd>/</kbd></label><input id="search" type="search" autocomplete="off" placeholder="procedure, rule, …"><div id="chips" role="group" aria-label="Show only"></div><p><output id="found" for="search"></output> <button type="button" id="clear" hidden>Show all</button></p></details>
</nav>
<main id="main" tabindex="-1">
<header><h1>${title}</h1>
<p class="verdict">${verdictSentence(record)}</p>
<p>${verdictLine(record, painter(false))}</p>
<p class="quiet">${[run.startedAt, ...conditionsOf(record), ...(run.file === undefined ? [`Docker ${run.host.docker || 'none'}`, `${run.host.cpus} CPUs`] : [])].join(' · ')}</p>
${facts(record)}
</header>
<p class="ill" id="missing" role="status"></p>
<noscript><p class="finding">This page makes its tables with its own script, which may not run here. The whole record is in it as JSON, in the element <code>#run-record</code>.</p></noscript>
<div class="${view.mitigations?.isWide ? '' : 'abreast'}">${blindSpots(coverageOf(record), record)}
${section('mitigations', 'Mitigations', record.mitigations.length > 0 && html`<p class="quiet">Each against a control without it: the procedure must execute there and not here, legitimate use must still work, and the reason seen must be the mitigation’s own.</p>${mitigationLegend(record)}<div id="mitigation-table"></div>${hardenings(record)}`)}</div>
${section('coverage', 'Which rule sees which procedure', view.matrices.length > 0 && html`${legend(view)}<div id="matrices"></div>`)}
${section('survival', 'What rules still see of variants', view.survival !== null && html`<p class="quiet">A variant is an attack with other values for some of its arguments: the same effect, other traces. Only those that executed count, and for each rule those of attacks that it sees as they are. Levels are those of Summiting the Pyramid, 1 to 5: A application, U user mode, K kernel mode.</p><div id="survival-table"></div>`)}
${section('sensors', 'Which telemetry shows which procedure', view.sensors !== null && html`<p class="quiet">Rules that see a procedure by the events of one sensor alone. What a run of fewer sensors would have seen: <code>atomclock replay DIR --sensor NAME</code></p><div id="sensor-table"></div>`)}
${section('findings', 'Findings', view.findings.length > 0 && html`<div id="finding-rows"></div>`)}
${section('cases', 'Cases', record.cases.length > 0 && html`<div id="case-rows"></div>`)}
${section('rules', 'Rules', record.rules.length > 0 && html`<p class="quiet">A branch is one way through a rule: an alternative, or an exclusion. It is proven when an atomic or a benign twin took it.</p><div id="rule-rows"></div>`)}
<footer>atomclock ${run.harness}. The RunRecord is in this page as JSON, in the element <code>#run-record</code>.</footer>
</main>
<script type="application/json" id="run-record">${embedded(record)}</script>
<script type="application/json" id="view">${embedded(view)}</script>
<script type="application/json" id="trace-ids">${embedded([...(traces?.cases.keys() ?? [])])}</script>
<script type="application/json" id="rule-traces">${embedded(traces?.rules ?? [])}</script>
<script>${trusted(script)}</script>
${traceElements(traces)}</body>
</html>
`;
  return { output: page.source };
}

/** First whether it is as expected, then what nobody saw: neither hides the other. */
function verdictSentence({ summary: { cases, attacks, rules }, cases: all }: RunRecord): string {
  const { fail, error } = cases;
  const odd = [
    ...(fail > 0 ? [`${fail} of ${all.length} cases failed`] : []),
    ...(error > 0 ? [`${error} could not be judged`] : []),
    ...(rules.falsePositives > 0 ? [`${rules.falsePositives} rules fired on benign work`] : []),
    ...(rules.silent > 0 ? [`${rules.silent} rules are silent on what they claim`] : []),
    ...(rules.unusable > 0 ? [`${rules.unusable} rules cannot be used`] : []),
  ];
  if (all.length === 0) return `${rules.fired} of ${rules.total} rules matched.`;
  const expected = odd.length === 0 ? 'All is as expected' : odd.join(', ');
  const seen =
    attacks.executed === 0
      ? 'no attack executed'
      : attacks.unseen.length === 0
        ? `some rule saw ${attacks.executed === 1 ? 'the executed attack' : `each of the ${attacks.executed} executed attacks`}`
        : `no rule saw ${attacks.unseen.length} of the ${attacks.executed} executed attacks`;
  return `${expected}; ${seen}.`;
}

/** After the script, which need not wait for them: each is parsed when its case is opened. */
const traceElements = (traces: RunTraces | null): Content =>
  traces &&
  [...traces.cases.values()].map(
    (trace, at) => html`<script type="application/json" id="trace-${at}">${embedded(trace)}</script>\n`,
  );

const hashOf = (source: string): string => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
/** Widths of meters are inline styles, which only this allows; styles can do no harm without a place to load from. */
const policyFor = (script: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

/** Sections that are empty are not there, but what the script fills is. */
const section = (id: string, title: string, content: Content): Content =>
  content
    ? html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${content}</section>`
    : html`<div hidden>${placeholders[id]?.map((name) => html`<div id="${name}"></div>`)}</div>`;

const placeholders: Readonly<Record<string, readonly string[]>> = {
  mitigations: ['mitigation-table'],
  coverage: ['matrices'],
  survival: ['survival-table'],
  sensors: ['sensor-table'],
  findings: ['finding-rows'],
  cases: ['case-rows'],
  rules: ['rule-rows'],
};

interface ContentsEntry {
  readonly id: string;
  readonly title: string;
  readonly count: number | null;
}

function contentsOf({ summary, mitigations, cases, rules }: RunRecord, view: View): ContentsEntry[] {
  const entry = (id: string, title: string, count: number, isCounted = true): ContentsEntry[] =>
    count > 0 ? [{ id, title, count: isCounted ? count : null }] : [];
  return [
    ...(summary.attacks.executed > 0
      ? [{ id: 'blind-spots', title: 'Blind spots', count: summary.attacks.unseen.length }]
      : []),
    ...entry('mitigations', 'Mitigations', mitigations.length),
    ...entry('coverage', 'Coverage', view.matrices.length, false),
    ...entry('survival', 'Variants', summary.variants?.executed ?? 0),
    ...entry('sensors', 'Telemetry', view.sensors?.sensors.length ?? 0, false),
    ...entry('findings', 'Findings', view.findings.length),
    ...entry('cases', 'Cases', cases.length),
    ...entry('rules', 'Rules', rules.length),
  ];
}

/** More names of a technique's would push everything else off the first screen. */
const shownUnseen = 12;

function blindSpots(techniques: readonly TechniqueCoverage[], { summary }: RunRecord): Content {
  const { executed, unseen } = summary.attacks;
  if (executed === 0) return false;
  const sentence =
    unseen.length === 0
      ? `Some rule saw ${executed === 1 ? 'the executed attack' : `every one of the ${executed} executed attacks`}.`
      : `${unseen.length} of ${executed} executed attacks: no rule saw anything of them.`;
  return html`<section aria-labelledby="blind-spots"><h2 id="blind-spots">Blind spots</h2>
<p class="${unseen.length === 0 ? 'sentence well' : 'sentence ill'}">${sentence}</p>
<ul class="techniques">${techniques.map(
    (each) =>
      html`<li><span class="technique">${each.technique}</span> <span class="meter" aria-hidden="true"><i style="width: ${percentSeen(each)}%"></i></span> <span>${each.seen} of ${each.executed} seen</span>${
        each.unseen.length > 0 &&
        html`<span class="names">${each.unseen.slice(0, shownUnseen).map((id) => html`<a href="${caseAddress(id)}">${id}</a> `)}${each.unseen.length > shownUnseen && html`<a href="${unseenAddress(each.technique)}">all ${each.unseen.length}</a>`}</span>`
      }</li>`,
  )}</ul></section>`;
}

/** As the page's script writes it (client/links.js). */
const caseAddress = (id: string): string => `#${new URLSearchParams({ case: id.toWellFormed() })}`;

const unseenAddress = (technique: string): string =>
  `#${new URLSearchParams({ show: `unseen,technique:${technique}` })}`;

const legend = ({ matrices }: View): Content => {
  const hasShares = matrices.some(({ rows }) =>
    rows.some(({ cells }) => cells.some((cell) => cell?.share !== undefined)),
  );
  return html`<ul class="legend">${Object.entries(looks.sights).map(meaning)}${
    hasShares &&
    html`<li><span class="badge none">3/4</span> fired in 3 of the 4 that executed, green where in more than half</li>`
  }</ul>`;
};

/** Of the verdicts that there are. */
const mitigationLegend = ({ mitigations }: RunRecord): Content =>
  html`<ul class="legend">${Object.entries(looks.mitigations)
    .filter(([known]) => mitigations.some((pair) => mitigationLook(pair) === known))
    .map(meaning)}</ul>`;

const meaning = ([word, { tone, sign, means }]: readonly [string, Meant]): Markup =>
  html`<li><span class="badge ${tone}" aria-hidden="true">${sign}</span> ${word}: ${means}</li>`;

/** What the mitigations come to on each target, where there are several. */
const hardenings = ({ mitigations, hardening = hardeningOf(mitigations) }: RunRecord): Content =>
  hardening
    .filter((one) => one.mitigations.length > 1)
    .map(
      (
        one,
        at,
      ) => html`<details class="kept"><summary>What each stops on ${one.target}, and which few stop most</summary>
<div class="scroll" role="region" aria-label="What each mitigation stops, ${at + 1}" tabindex="0"><table class="narrow"><thead><tr><th scope="col">Mitigation</th><th scope="col">ATT&amp;CK</th><th scope="col">Stops of what it declares</th><th scope="col">Stops of all</th><th scope="col">No longer works</th></tr></thead><tbody>${one.mitigations.map(
        ({ id, attack, declared, all, breaks }) =>
          html`<tr><th scope="row">${id}</th><td>${attack}</td><td>${declared.stopped} of ${declared.tried}</td><td>${all.stopped} of ${all.tried}</td><td>${breaks.join('; ')}</td></tr>`,
      )}</tbody></table></div>
<p>Few that stop most (greedy; a shorter list may exist): ${coverText(one.cover)}</p>
<p>Without breaking legitimate use: ${coverText(one.harmlessCover)}</p></details>`,
    );

function facts({ summary, cases, mitigations, rules }: RunRecord): Content {
  if (cases.length === 0)
    return html`<dl class="facts">${fact('Rules that matched', rules.filter(hasFired).length, rules.length)}</dl>`;
  const attacks = cases.filter(
    ({ kind, mitigation, observation }) => kind === 'attack' && mitigation === null && observation !== null,
  );
  const { expected, detected } = expectedDetections(cases);
  const twins = cases.filter(({ kind, observation }) => kind === 'benign' && observation !== null);
  const falsely = twins.filter((twin) => firedOn(twin).falsely.length > 0).length;
  const claimed = mitigations.filter(({ verdict }) => verdict !== 'notClaimed');
  const blocking = claimed.filter(({ claims }) => claims !== 'records');
  const recording = claimed.filter(({ claims }) => claims === 'records');
  const branches = rules.map((rule) => rule.branches);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const { executed, seen } = summary.attacks;
  return html`<dl class="facts">
${executed > 0 && fact('Attacks seen by a rule', seen, executed)}
${fact('Attacks executed, with proof', attacks.filter(({ proof }) => proof !== null).length, attacks.length)}
${expected > 0 && fact('Expected detections', detected, expected)}
${falsely > 0 && fact('Benign twins with a false positive', falsely, twins.length)}
${blocking.length > 0 && fact('Mitigations that block', summary.mitigations.blocks ?? 0, blocking.length)}
${recording.length > 0 && fact('Mitigations that put on record', summary.mitigations.records ?? 0, recording.length)}
${rules.length > 0 && fact('Rule branches proven', sum(branches.map(({ proven }) => proven)), sum(branches.map(({ total }) => total)))}
</dl>`;
}

const fact = (name: string, count: number, of: number): Markup =>
  html`<div><dt>${name}</dt><dd>${count} <small>of ${of}</small></dd></div>`;
