// What `atomclock/rules` offers: text in, rules out; events in, matches out. No file system, no Docker, no clock.
//
// `loadRules` reads texts of Sigma and EQL rules; `compileRules(…).session()` takes events one by one and gives matches;
// `explain` and `nearest` say why a rule did or did not match; `RuleCoverage` says which of its branches events proved.

export { formatProblem, type Problem } from '../model/errors.ts';
export type { Place } from '../model/place.ts';
export { type BranchCoverage, RuleCoverage } from './coverage.ts';
export { type Branch, branchesOf } from './coverage-branches.ts';
export { type Explanation, explain, type Finding, nearest, type Seen } from './explain.ts';
export { explanationText } from './explain-text.ts';
export { FedCategories } from './fed-categories.ts';
export { FedSources } from './fed-sources.ts';
export { type LoadedRules, loadRules, type RuleText, type UnusableRule } from './load.ts';
export type { Bounds } from './match/bounds.ts';
export type { Match } from './match/match.ts';
export { type CompileOptions, compileRules, type RuleSet } from './match/rule-set.ts';
export type { Session, SessionStats } from './match/session.ts';
export { timestampOf } from './match/timestamp.ts';
export { type Need, needsOf, type RuleNeeds } from './needs.ts';
export type { Predicate } from './predicate.ts';
export { foreignTo, hasOnlyNamesOf, isOfAnyLog } from './record-names.ts';
export type { Rule } from './rule.ts';
export { sensorsFor } from './sensors.ts';
export { flattenWindowsEvent } from './sigma/index.ts';
