// The data that the page carries: the record, what is shown of it, and for each case its traces, parsed when they are asked for.

import { byId, dataIn } from './dom.js';

/** @typedef {import('../../../model/run-record.ts').RunRecord} RunRecord */
/** @typedef {import('../../../model/run-record.ts').CaseRecord} CaseRecord */
/** @typedef {import('../../../model/traces.ts').RuleTrace} RuleTrace */
/** @typedef {import('../../../model/traces.ts').CaseTrace} CaseTrace */
/** @typedef {import('../view.ts').View} View */

export const record = /** @type {RunRecord} */ (dataIn(byId('run-record')));
export const view = /** @type {View} */ (dataIn(byId('view')));

export const ruleTraces = new Map(
  /** @type {RuleTrace[]} */ (dataIn(byId('rule-traces'))).map((trace) => [trace.slug, trace]),
);

const traceIds = /** @type {string[]} */ (dataIn(byId('trace-ids')));

/**
 * @param {string} caseId
 * @returns {CaseTrace | undefined} undefined where the page was made without the evidence of the case
 */
export function traceOf(caseId) {
  const element = document.getElementById(`trace-${traceIds.indexOf(caseId)}`);
  return element === null ? undefined : /** @type {CaseTrace} */ (dataIn(element));
}
