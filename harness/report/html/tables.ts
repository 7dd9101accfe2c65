// The tables of the page: cases, rules against atomics, mitigations, rules.

import { procedureOf } from '../../model/case-key.ts';
import { bareMatches } from '../../model/fired.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../../model/run-record.ts';
import { firedOn, sightOf } from '../fired.ts';
import { mitigationBadge, sightBadge, sightLegend, verdictBadge } from './badge.ts';
import { type Content, html, type Markup } from './markup.ts';

/** @param anchorOf the id of the place that has a case's evidence */
export function casesTable({ cases }: RunRecord, anchorOf: (each: CaseRecord) => string): Content {
  const rows = cases.filter(({ mitigation }) => mitigation === null);
  return (
    rows.length > 0 &&
    html`<section aria-labelledby="cases"><h2 id="cases">Cases</h2>
${scrolling(
  'Cases',
  html`<table><thead><tr><th scope="col">Verdict</th><th scope="col">Case</th><th scope="col">Technique</th><th scope="col">User</th><th scope="col">Observation</th><th scope="col">Launched by</th><th scope="col">Rules</th></tr></thead>
<tbody data-searchable>${rows.map(
    (each) =>
      html`<tr><td>${verdictBadge(each.verdict)}</td><th scope="row"><a href="#${anchorOf(each)}">${each.id}</a>${each.kind === 'benign' && html` <span class="quiet">benign twin</span>`}<br><span class="quiet">${each.atomic.name}</span></th><td>${each.atomic.technique}</td><td>${each.user}</td><td>${each.observation ?? 'not run'}</td><td>${launchedBy(each)}</td><td>${fired(each)}</td></tr>\n`,
  )}</tbody></table>`,
)}</section>`
  );
}

export function detectionMatrix(
  { cases, rules }: RunRecord,
  anchorOf: (each: CaseRecord) => string,
): Content {
  const ran = cases.filter(({ mitigation, observation }) => mitigation === null && observation !== null);
  const attacks = ran.filter(({ kind }) => kind === 'attack');
  const twins = ran.filter(({ kind }) => kind === 'benign');
  const columns = [...attacks, ...twins];
  if (columns.length === 0 || rules.length === 0) return false;
  const cell = (rule: RuleRecord, each: CaseRecord): Content => {
    const sight = sightOf(rule, each);
    return sight && sightBadge(sight);
  };
  const group = (title: string, those: readonly CaseRecord[], className: string): Content =>
    those.length > 0 &&
    html`<th scope="colgroup" colspan="${those.length}" class="${className}">${title}</th>`;
  return html`<section aria-labelledby="matrix"><h2 id="matrix">Which rule sees which atomic</h2>
${sightLegend()}
${scrolling(
  'Rules against atomics',
  html`<table class="matrix"><thead><tr><th scope="col" rowspan="2">Rule</th>${group('Attacks', attacks, 'attack')}${group('Benign twins: no rule may fire', twins, 'benign')}</tr>
<tr>${columns.map(
    (each) =>
      html`<th scope="col" class="${each.kind}"><span><a href="#${anchorOf(each)}">${each.id}</a></span></th>`,
  )}</tr></thead>
<tbody data-searchable>${rules.map(
    (rule) =>
      html`<tr><th scope="row">${rule.slug}</th>${columns.map((each) => html`<td class="${each.kind}">${cell(rule, each)}</td>`)}</tr>\n`,
  )}</tbody></table>`,
)}</section>`;
}

export function mitigationsTable(
  { mitigations, cases }: RunRecord,
  anchorOf: (each: CaseRecord) => string,
): Content {
  const row = (each: MitigationRecord): Markup => {
    const treated = cases.find(({ id }) => id === each.case);
    return mitigationRow(each, treated && anchorOf(treated));
  };
  return (
    mitigations.length > 0 &&
    html`<section aria-labelledby="mitigations"><h2 id="mitigations">Mitigations</h2>
<p class="quiet">Each against a control without it: the atomic must execute there and not here, legitimate use must still work, and the reason seen must be the mitigation’s own.</p>
${scrolling(
  'Mitigations',
  html`<table><thead><tr><th scope="col">Verdict</th><th scope="col">Mitigation</th><th scope="col">ATT&amp;CK</th><th scope="col">Against</th><th scope="col">Without → with</th><th scope="col">Reason seen</th><th scope="col">Legitimate use</th></tr></thead>
<tbody data-searchable>${mitigations.map(row)}</tbody></table>`,
)}</section>`
  );
}

const mitigationRow = (each: MitigationRecord, anchor: string | undefined): Markup =>
  html`<tr><td>${mitigationBadge(each.verdict)}</td><th scope="row">${anchor === undefined ? each.id : html`<a href="#${anchor}">${each.id}</a>`}</th><td>${each.attack}</td><td>${procedureOf(each.case)}<br><span class="quiet">${each.target}</span></td><td>${each.control ?? '?'} → ${each.treated ?? '?'}</td><td>${each.stage && html`<span class="quiet">at ${each.stage}</span><br>`}<code>${each.reason}</code></td><td>${each.legitimate.map(
    ({ name, works, detail }) =>
      html`<div>${works ? '✓' : '✗'} ${name} <span class="quiet">${detail}</span></div>`,
  )}</td></tr>\n`;

export function rulesTable({ rules, cases }: RunRecord): Content {
  return (
    rules.length > 0 &&
    html`<section aria-labelledby="rules"><h2 id="rules">Rules</h2>
<p class="quiet">A branch is one way through a rule: an alternative, or an exclusion. It is proven when an atomic or a benign twin took it.</p>
${scrolling(
  'Rules',
  html`<table><thead><tr><th scope="col">Rule</th><th scope="col">Language</th><th scope="col">Techniques</th><th scope="col">${cases.length > 0 ? 'Fired in' : 'Matches'}</th><th scope="col">False positives, cross-talk</th><th scope="col">Branches proven</th></tr></thead>
<tbody data-searchable>${rules.map((rule) => ruleRow(rule, cases.length > 0))}</tbody></table>`,
)}</section>`
  );
}

function ruleRow(rule: RuleRecord, hasCases: boolean): Markup {
  const { branches, falsePositives, crossTalk, sensors } = rule;
  const sensorLine = Object.entries(sensors ?? {}).map(([name, fires]) => `${name} ${fires ? '✓' : '–'}`);
  return html`<tr><th scope="row">${rule.slug}<br><span class="quiet">${rule.title}<br>${rule.file}</span></th><td>${rule.language}</td><td>${rule.technique.join(', ')}</td><td>${firedCell(rule, hasCases)}${sensorLine.length > 0 && html`<div class="quiet">by sensor: ${sensorLine.join(', ')}</div>`}</td><td>${falsePositives.map(
    (each) =>
      html`<div>${sightBadge('false positive')} ${each.case}: <code>${each.eventIds.join(', ')}</code></div>`,
  )}${crossTalk.map(
    (each) =>
      html`<div>${sightBadge('cross-talk')} ${each.case}: <code>${each.eventIds.join(', ')}</code></div>`,
  )}</td><td>${branches.total > 0 && html`<span class="meter" aria-hidden="true"><i style="width: ${Math.round((100 * branches.proven) / branches.total)}%"></i></span>${branches.proven} of ${branches.total}`}${
    branches.unproven.length > 0 &&
    html`<details><summary>${branches.unproven.length} unproven</summary><ul>${branches.unproven.map(
      ({ branch, kind, place }) =>
        html`<li>${kind}: <code>${branch}</code> <span class="quiet">${place}</span></li>`,
    )}</ul></details>`
  }</td></tr>\n`;
}

function firedCell(rule: RuleRecord, hasCases: boolean): Content {
  const { error, unavailable, firedIn, silent = [] } = rule;
  if (error !== null) return html`<span class="badge bad">✗ unusable</span> ${error}`;
  if (unavailable !== undefined) return html`<span class="badge odd">not judged</span> ${unavailable}`;
  if (!hasCases) return `${bareMatches(rule)}`;
  return [
    firedIn.length > 0
      ? firedIn.map((id) => html`<div>${id}</div>`)
      : html`<span class="quiet">nowhere</span>`,
    silent.map(
      ({ technique }) =>
        html`<div><span class="badge bad"><span aria-hidden="true">✗</span> silent on ${technique}</span></div>`,
    ),
  ];
}

const launchedBy = ({ proof }: CaseRecord): Content =>
  proof &&
  html`${proof.scheduler} <span class="quiet">after ${Math.round(proof.latencyMs)} ms${proof.exitCode ? `, job exits ${proof.exitCode}` : ''}</span>`;

function fired(each: CaseRecord): Content {
  const { expected, detected, unexpected, falsely } = firedOn(each);
  if (falsely.length > 0) return html`${sightBadge('false positive')} false positive: ${falsely.join(', ')}`;
  return html`${detected} of ${expected}${unexpected.length > 0 && html`<br><span class="quiet">also ${unexpected.join(', ')}</span>`}`;
}

/** A wide table scrolls in a box of its own, which the keyboard can reach. */
const scrolling = (label: string, table: Markup): Markup =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
