// The report as one page that needs nothing else: no network, no framework, no script to be read.
//
// The whole RunRecord lies in it as JSON, for whoever wants to take it out again. Nothing in it can run: text is escaped,
// and the content security policy knows the one script by its hash.

import { createHash } from 'node:crypto';
import { hasFired } from '../../model/fired.ts';
import type { CaseRecord, RunRecord } from '../../model/run-record.ts';
import { findingsOf } from '../findings.ts';
import { firedOn } from '../fired.ts';
import { printableJson } from '../json.ts';
import { placeText } from '../place.ts';
import type { Report } from '../reporter.ts';
import { expectedDetections, verdictLine } from '../summary-line.ts';
import { painter } from '../table.ts';
import { evidenceSection } from './evidence.ts';
import { type Content, html, Markup } from './markup.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { casesTable, detectionMatrix, mitigationsTable, rulesTable } from './tables.ts';

export function renderHtml(record: RunRecord): Report {
  const anchors = new Map(record.cases.map((each, index) => [each, `case-${index + 1}`]));
  const anchorOf = (each: CaseRecord): string => anchors.get(each) ?? '';
  const { run } = record;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Atomclock run ${run.id}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header><h1>Atomclock run ${run.id}</h1>
<p>${verdictLine(record, painter(false))}</p>
<p class="quiet">${run.startedAt} · ${run.clock} clock · sensors ${run.sensors.join(', ') || 'none'} · kernel ${run.host.kernel || 'unknown'} · Docker ${run.host.docker || 'none'} · ${run.host.cpus} CPUs${run.shard !== null && ` · shard ${run.shard}`}</p>
${facts(record)}
<div class="search" hidden><label for="search">Search</label> <input id="search" type="search" autocomplete="off"> <output id="found" for="search"></output></div>
</header>
<main>
${findingsSection(record)}
${casesTable(record, anchorOf)}
${detectionMatrix(record, anchorOf)}
${mitigationsTable(record, anchorOf)}
${rulesTable(record)}
${evidenceSection(record, anchorOf)}
</main>
<footer>atomclock ${run.harness}. The RunRecord is in this page as JSON, in the element <code>#run-record</code>.</footer>
<script type="application/json" id="run-record">${trusted(embeddedJson(record))}</script>
<script type="module">${trusted(script)}</script>
</body>
</html>
`;
  return { output: page.source };
}

/** Our own constants, and JSON that embeddedJson has made safe. */
const trusted = (source: string): Markup => new Markup(source);

/** No `<` means no `</script>` and no `<!--`. */
const embeddedJson = (record: RunRecord): string => printableJson(record).replaceAll('<', '\\u003c');

const hashOf = (source: string): string => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
/** Widths of meters are inline styles, which only this allows; styles can do no harm without a place to load from. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

function facts({ summary, cases, mitigations, rules }: RunRecord): Content {
  if (cases.length === 0) return fact('Rules that matched', rules.filter(hasFired).length, rules.length);
  const attacks = cases.filter(
    ({ kind, mitigation, observation }) => kind === 'attack' && mitigation === null && observation !== null,
  );
  const { expected, detected } = expectedDetections(cases);
  const twins = cases.filter(({ kind, observation }) => kind === 'benign' && observation !== null);
  const falsely = twins.filter((twin) => firedOn(twin).falsely.length > 0).length;
  const claimed = mitigations.filter(({ verdict }) => verdict !== 'notClaimed');
  const branches = rules.map((rule) => rule.branches);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  return html`<dl class="facts">
${fact('Attacks executed, with proof', attacks.filter(({ proof }) => proof !== null).length, attacks.length)}
${expected > 0 && fact('Expected detections', detected, expected)}
${falsely > 0 && fact('Benign twins with a false positive', falsely, twins.length)}
${claimed.length > 0 && fact('Mitigations that block', summary.mitigations.blocks ?? 0, claimed.length)}
${rules.length > 0 && fact('Rule branches proven', sum(branches.map(({ proven }) => proven)), sum(branches.map(({ total }) => total)))}
</dl>`;
}

const fact = (name: string, count: number, of: number): Markup =>
  html`<div><dt>${name}</dt><dd>${count} <small>of ${of}</small></dd></div>`;

function findingsSection(record: RunRecord): Content {
  const findings = findingsOf(record);
  return (
    findings.length > 0 &&
    html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>
${findings.map(
  ({ severity, about, id, place, bundled, reasons }) =>
    html`<div class="finding${severity !== 'fail' && ' minor'}"><b>${severity}</b> ${about} <code>${id}</code> <span class="quiet">${placeText(place)}${bundled && ' (bundled)'}</span><ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></div>\n`,
)}</section>`
  );
}
