// Verdicts and outcomes as badges: a sign and a word, then a colour.

import type { CaseRecord, MitigationRecord } from '../../model/run-record.ts';
import type { Sight } from '../fired.ts';
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
export const sightBadge = (sight: Sight): Markup =>
  html`<span class="badge ${sights[sight].tone}" title="${sight}"><span aria-hidden="true">${sights[sight].sign}</span><span class="hidden-text">${sight}</span></span>`;

export const sightLegend = (): Markup =>
  html`<ul class="legend">${Object.entries(sightMeanings).map(
    ([sight, meaning]) => html`<li>${sightBadge(sight as Sight)} ${sight}: ${meaning}</li>`,
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
  notClaimed: { tone: 'none', sign: '–' },
} as const satisfies Record<MitigationRecord['verdict'], Look>;

const sights = {
  detected: { tone: 'good', sign: '✓' },
  missed: { tone: 'bad', sign: '✗' },
  unexpected: { tone: 'odd', sign: '+' },
  evaded: { tone: 'none', sign: '○' },
  'false positive': { tone: 'bad', sign: '‼' },
  'cross-talk': { tone: 'odd', sign: '≈' },
} as const satisfies Record<Sight, Look>;

const sightMeanings = {
  detected: 'fired on an event of the atomic',
  missed: 'expected, and did not fire',
  unexpected: 'fired, and was not expected to',
  evaded: 'a documented miss',
  'false positive': 'fired on a benign twin',
  'cross-talk': 'fired there, and on nothing of the atomic',
} as const satisfies Record<Sight, string>;
