// Verdicts and outcomes as badges: a sign and a word, then a colour.

import type { CaseRecord, Detection, MitigationRecord } from '../../model/run-record.ts';
import { html, type Markup } from './markup.ts';

interface Look {
  readonly tone: 'good' | 'bad' | 'odd' | 'none';
  readonly sign: string;
}

const badge = (word: string, { tone, sign }: Look): Markup =>
  html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${word}</span>`;

export const verdictBadge = (verdict: CaseRecord['verdict']): Markup => badge(verdict, verdicts[verdict]);
export const mitigationBadge = (verdict: MitigationRecord['verdict']): Markup =>
  badge(verdict, mitigations[verdict]);

/** For narrow cells: the sign alone is seen, the word is read out. */
export const outcomeBadge = (outcome: Detection['outcome']): Markup =>
  html`<span class="badge ${outcomes[outcome].tone}" title="${outcome}"><span aria-hidden="true">${outcomes[outcome].sign}</span><span class="hidden-text">${outcome}</span></span>`;

export const outcomeLegend = (): Markup =>
  html`<ul class="legend">${Object.entries(outcomeMeanings).map(
    ([outcome, meaning]) =>
      html`<li>${outcomeBadge(outcome as Detection['outcome'])} ${outcome}: ${meaning}</li>`,
  )}</ul>`;

const verdicts = {
  pass: { tone: 'good', sign: '✓' },
  fail: { tone: 'bad', sign: '✗' },
  error: { tone: 'odd', sign: '!' },
  skip: { tone: 'none', sign: '–' },
} as const satisfies Record<CaseRecord['verdict'], Look>;

const mitigations = {
  blocks: { tone: 'good', sign: '✓' },
  bypassed: { tone: 'bad', sign: '✗' },
  overblocks: { tone: 'bad', sign: '✗' },
  invalid: { tone: 'odd', sign: '!' },
  errored: { tone: 'odd', sign: '!' },
} as const satisfies Record<MitigationRecord['verdict'], Look>;

const outcomes = {
  detected: { tone: 'good', sign: '✓' },
  missed: { tone: 'bad', sign: '✗' },
  unexpected: { tone: 'odd', sign: '+' },
  evaded: { tone: 'none', sign: '○' },
} as const satisfies Record<Detection['outcome'], Look>;

const outcomeMeanings = {
  detected: 'fired on an event of the atomic',
  missed: 'expected, and did not fire',
  unexpected: 'fired, and was not expected to',
  evaded: 'a documented miss',
} as const satisfies Record<Detection['outcome'], string>;
