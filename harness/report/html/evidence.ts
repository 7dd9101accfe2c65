// What proves each case: how the job was launched, what was typed and answered, what it touched and what was left.

import type { CaseRecord, RunRecord } from '../../model/run-record.ts';
import { verdictBadge } from './badge.ts';
import { type Content, html, type Markup } from './markup.ts';

/** @param anchorOf the id under which the tables link to a case */
export const evidenceSection = ({ cases }: RunRecord, anchorOf: (each: CaseRecord) => string): Content =>
  cases.length > 0 &&
  html`<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
${cases.map((each) => caseDetails(each, anchorOf(each)))}</section>`;

const caseDetails = (each: CaseRecord, anchor: string): Markup =>
  html`<details class="case" id="${anchor}"><summary>${verdictBadge(each.verdict)} <code>${each.id}</code> <span class="quiet">${each.atomic.name}</span></summary><div>
${list('Why', each.reasons)}${proofPart(each)}${detectionsPart(each)}${stepsPart(each)}${list(
  'Artifacts',
  each.artifacts.map(
    ({ path, action, eventId }) => html`${action} <code>${path}</code> <span class="quiet">${eventId}</span>`,
  ),
)}${list('Left behind after cleanup', each.residue)}
<p class="quiet">${each.telemetry.events} events, ${each.telemetry.lost} lost${Object.entries(
    each.telemetry.perSensor,
  ).map(
    ([sensor, { events, lost }]) => ` · ${sensor} ${events}${lost !== 0 ? ` (${lost} lost)` : ''}`,
  )} · ${each.atomic.source} · ${each.atomic.guid}</p>
</div></details>\n`;

const proofPart = ({ proof }: CaseRecord): Content =>
  proof &&
  html`<h3>Proof of execution</h3>
<pre>${proof.commandLine}</pre>
<ol class="lineage" aria-label="Lineage, from the payload up">${proof.lineage.map((name) => html`<li><code>${name}</code></li>`)}</ol>
<p>Ran as ${proof.user}, launched by ${proof.scheduler} ${Math.round(proof.latencyMs)} ms after the attack began, known by its ${proof.by}; event <code>${proof.eventId}</code>, ${proof.exitCode === null ? 'exit code unknown' : `exit code ${proof.exitCode}`}.</p>`;

const detectionsPart = ({ kind, detections }: CaseRecord): Content =>
  list(
    'Detections',
    detections.map(
      ({ rule, outcome, attributed, eventIds, timeToDetectMs, nearest }) =>
        html`<code>${rule}</code> ${attributed && kind === 'benign' ? 'false positive' : outcome}${timeToDetectMs !== null && ` after ${Math.round(timeToDetectMs)} ms`} <span class="quiet">${eventIds.join(', ')}</span>${nearest && html`<br>closest: ${nearest}`}`,
    ),
  );

const stepsPart = ({ steps }: CaseRecord): Content =>
  steps.length > 0 &&
  html`<h3>Steps</h3>${steps.map(
    ({ role, user, command, exitCode, stdout, stderr, ms }) =>
      html`<p><b>${role}</b> as ${user}, ${exitCode === null ? 'ended by its time limit' : `exit ${exitCode}`}, ${Math.round(ms)} ms</p>
<pre>${command}</pre>${stdout && html`<pre aria-label="standard output">${stdout}</pre>`}${stderr && html`<pre aria-label="standard error">${stderr}</pre>`}`,
  )}`;

const list = (title: string, items: readonly Content[]): Content =>
  items.length > 0 && html`<h3>${title}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
