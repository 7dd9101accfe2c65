// What `atomclock` offers to programs: run attacks, judge evidence, compile rules. Nothing here prints or exits.
//
// `run` and `replay` are the commands of these names; `loadRules` and `compileRules` are rules alone, without files and
// Docker (`atomclock/rules` has all of them); `atomclock/vitest` has matchers for tests.

export { AtomclockError, ContentError, type ExitCode, formatProblem, type Problem } from '../model/errors.ts';
export type { Observation } from '../model/expectation.ts';
export type { GateName } from '../model/gates.ts';
export type { Place } from '../model/place.ts';
export type { OnRunEvent, RunEvent } from '../model/run-event.ts';
export type {
  CaseRecord,
  Detection,
  GateRecord,
  MitigationRecord,
  Proof,
  RobustnessRecord,
  RuleRecord,
  RunRecord,
  Silence,
  Step,
} from '../model/run-record.ts';
export type { Finding } from '../report/findings.ts';
export {
  type CompileOptions,
  compileRules,
  type LoadedRules,
  loadRules,
  type Match,
  type Rule,
  type RuleSet,
  type RuleText,
  type Session,
  type UnusableRule,
} from '../rules/index.ts';
export type { JobOptions, LabOptions, OneOrMany, ReplayOptions, RunOptions } from './options.ts';
export { type ReplayResult, replay } from './replay.ts';
export type { Result } from './result.ts';
export { type RunResult, run } from './run.ts';
