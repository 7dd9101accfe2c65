// A run in two lines of words: what text reports end with.

import { hasFired } from '../model/fired.ts';
import type { CaseRecord, RuleRecord, RunRecord } from '../model/run-record.ts';
import { someNames } from '../model/some-names.ts';
import { type Fired, firedOn } from './fired.ts';
import type { Paint } from './table.ts';

/** `8 passed, 0 failed in 24.1 s`; for a replay of bare events, which has no cases, how many rules matched. */
export function verdictLine({ summary, run, cases, rules, gates = [] }: RunRecord, paint: Paint): string {
  const { pass, fail, error, skip } = summary.cases;
  const { total, unusable } = summary.rules;
  const fired = rules.filter(hasFired).length;
  const silent = rules.filter((rule) => (rule.silent ?? []).length > 0).length;
  const unseen = summary.attacks.unseen.length;
  const seconds = (workedMs(run) / 1000).toFixed(1);
  const parts =
    cases.length === 0 && !run.missing?.length
      ? [`${fired} of ${total} rules matched`]
      : [
          paint('green', `${pass} passed`),
          fail > 0 ? paint('red', `${fail} failed`) : '0 failed',
          ...(error > 0 ? [paint('magenta', `${error} errored`)] : []),
          ...(skip > 0 ? [`${skip} skipped`] : []),
          ...(run.missing?.length
            ? [
                paint(
                  'magenta',
                  `${run.missing.length} of ${cases.length + run.missing.length} cases missing`,
                ),
              ]
            : []),
        ];
  const unusableRules =
    unusable > 0 ? [paint('yellow', `${unusable} ${unusable === 1 ? 'rule' : 'rules'} unusable`)] : [];
  const silentRules = silent > 0 ? [paint('red', `${silent} ${silent === 1 ? 'rule' : 'rules'} silent`)] : [];
  const blind =
    unseen > 0 ? [paint('red', `${unseen} ${unseen === 1 ? 'attack' : 'attacks'} unseen by any rule`)] : [];
  const missed = gates.filter(({ met }) => !met).length;
  const unmet =
    missed > 0 ? [paint('red', `${missed} ${missed === 1 ? 'requirement' : 'requirements'} not met`)] : [];
  return `${[...parts, ...blind, ...unusableRules, ...silentRules, ...unmet].join(', ')} in ${seconds} s`;
}

/** From its start to its end, without the time in which it waited for edits or lay interrupted. */
const workedMs = ({ startedAt, finishedAt, pausedMs = 0 }: RunRecord['run']): number =>
  Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt) - pausedMs);

/** Of a matrix that was interrupted there are hundreds. */
const namedMissing = 6;

/** `2 of 9 cases are missing: a, b`, of many the first, and where all are; null where all cases are there. */
export function missingCases({ run, cases }: RunRecord): string | null {
  const { missing = [] } = run;
  if (missing.length === 0) return null;
  const names = someNames(missing, namedMissing);
  const all = missing.length > namedMissing ? ' (all: run.missing of --json)' : '';
  return `${missing.length} of ${cases.length + missing.length} cases are missing: ${names}${all}`;
}

/** `Unseen: 2 of 13 executed attacks: a, b`, with as many names as `most`; null where no attack executed. */
export function unseenAttacks({ summary }: RunRecord, most = Number.POSITIVE_INFINITY): string | null {
  const { executed, unseen } = summary.attacks;
  if (executed === 0) return null;
  const names = unseen.length === 0 ? '' : `: ${someNames(unseen, most)}`;
  return `Unseen: ${unseen.length} of ${executed} executed attacks${names}`;
}

/** What the cases of a run came to; nothing where there are none. */
export function countsOf({ summary, cases, rules }: RunRecord): string[] {
  if (cases.length === 0) return [];
  const { observations, mitigations } = summary;
  const { expected, detected } = expectedDetections(cases);
  return [
    counted(observations),
    ...(expected > 0 ? [`${detected} of ${expected} detections`] : []),
    ...(Object.keys(mitigations).length > 0 ? [`mitigations: ${counted(mitigations)}`] : []),
    ...(rules.length > 0 ? [firedRules(rules)] : []),
  ].filter((part) => part !== '');
}

/** Credited with an attack, and beside that what no rule should do. */
function firedRules(rules: readonly RuleRecord[]): string {
  const falsely = rules.filter(({ falsePositives }) => falsePositives.length > 0).length;
  const noisy = rules.filter(({ crossTalk }) => crossTalk.length > 0).length;
  return [
    `${rules.filter(hasFired).length} of ${rules.length} rules fired`,
    ...(falsely > 0 ? [`${falsely} with false positives`] : []),
    ...(noisy > 0 ? [`${noisy} with cross-talk`] : []),
  ].join(', ');
}

/** What fired of what was expected to: rules that fired unexpected prove nothing and count for nothing. */
export const expectedDetections = (cases: readonly CaseRecord[]): Pick<Fired, 'expected' | 'detected'> =>
  cases.map(firedOn).reduce(
    (sum, { expected, detected }) => ({
      expected: sum.expected + expected,
      detected: sum.detected + detected,
    }),
    { expected: 0, detected: 0 },
  );

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
