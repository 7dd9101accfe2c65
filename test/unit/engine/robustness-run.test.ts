// Variants in a judged run: they fail nothing, and the record of what survives is the same in whatever order cases come.

import { describe, expect, it } from 'vitest';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import { type RuleBook, ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import { RunJudge } from '../../../harness/engine/judge/run-judge.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { RecordedCase } from '../../../harness/engine/run/run-case.ts';
import { runRecordSchema } from '../../../harness/model/run-record.ts';
import type { Change } from '../../../harness/model/variant.ts';
import { loadRules } from '../../../harness/rules/index.ts';
import { anExpectation, aPlannedCase, runFacts } from './content.ts';
import { exec, exit, file, fork, resetClock } from './events.ts';
import { attackArgs, cronChild, cronJob, marker, nonce, story } from './story.ts';

const expectation = anExpectation({
  detects: ['by-path', 'by-name'],
  evades: [{ rule: 'by-other', why: 'It looks elsewhere.' }],
  artifacts: [{ path: '/etc/cron.d/job', action: 'creation' }],
});
const texts = {
  'by-path': 'file where file.path like "/etc/cron.d/*"',
  'by-name': 'file where file.path like "/etc/cron.d/*" and file.name == "job"',
  'by-other': 'file where file.path like "/etc/cron.d/other"',
};
const book = (): RuleBook => {
  const { rules } = loadRules(
    Object.entries(texts).map(([slug, text]) => ({ file: `${slug}.eql`, text })),
    { fields: 'ecs' },
  );
  const bundled = new Set(Object.keys(texts));
  return ruleBook(rules, { unusable: [], bundled, fields: 'ecs', sensorsFor: () => ['ebpf'] });
};

/** A case whose attack writes this file, and whose job runs unless it is refused. */
function recorded(
  path: string,
  variant: string | null,
  changes: Change[] = [],
  isRefused = false,
): RecordedCase {
  const planned = aPlannedCase({
    expectation,
    variant: variant === null ? null : { axes: { name: variant }, changes },
  });
  const evidence = blankEvidence(planned, () => nonce);
  if (evidence.kind === 'idle') throw new TypeError('no case of an atomic');
  evidence.steps.push({
    ...{ role: 'attack', user: 'root', command: 'do it', argv: attackArgs, exitCode: isRefused ? 1 : 0 },
    ...{ stdout: '', stderr: isRefused ? 'no' : '', startedAt: '2026-01-01T00:00:00Z', ms: 5 },
  });
  evidence.telemetry.perSensor = { ebpf: { events: 5, lost: 0 } };
  const job = cronJob(marker, '/usr/bin/touch');
  return {
    evidence,
    events: [
      ...story({ after: (shell) => [file('creation', path, shell)] }),
      ...(isRefused ? [] : [fork(cronChild), exec(job), exit(job)]),
    ],
  };
}

const cases = (): RecordedCase[] => {
  resetClock();
  return [
    recorded('/etc/cron.d/job', null),
    recorded('/etc/cron.d/other', 'other', ['name']),
    recorded('/srv/job', 'elsewhere', ['place']),
    recorded('/etc/cron.d/job', 'refused', ['program'], true),
  ];
};

function judged(order: readonly number[]) {
  const rules = book();
  const judge = new RunJudge(rules, ['ebpf']);
  const all = cases();
  for (const at of order) {
    const one = all[at];
    if (one) judge.add(judgeCase(one.evidence, one.events, rules), at);
  }
  return judge.finish(runFacts);
}

describe('a run with variants', () => {
  const record = () => judged([0, 1, 2, 3]);

  it('fails none of them: not for what is not seen, not for what is, not for what did not run', () => {
    expect(
      record().cases.map(({ id, observation, verdict, seenBy }) => [id, observation, verdict, seenBy]),
    ).toEqual([
      ['atomic@debian12', 'executed', 'pass', ['by-path', 'by-name']],
      ['atomic~name=other@debian12', 'executed', 'pass', ['by-path', 'by-other']],
      ['atomic~name=elsewhere@debian12', 'executed', 'pass', []],
      ['atomic~name=refused@debian12', 'refused', 'pass', ['by-path', 'by-name']],
    ]);
    expect(record().cases[3]?.reasons).toEqual(['exit 1: no']);
    expect(record().summary.detections).toMatchObject({ missed: 0, unexpected: 0 });
  });

  it('tells what each rule survived, and what kept it from the cheapest evasion', () => {
    const { robustness, summary } = record();
    expect(
      robustness.map(({ rule, executed, survived, cheapest, level }) => [
        rule,
        executed,
        survived,
        cheapest?.case,
        level,
      ]),
    ).toEqual([
      ['by-path', 2, 1, 'atomic~name=elsewhere@debian12', { claimed: '4K', measured: '4' }],
      ['by-name', 2, 0, 'atomic~name=other@debian12', { claimed: '1K', measured: '1' }],
    ]);
    expect(robustness[1]?.cheapest?.why).toContain('file.name');
    expect(summary.variants).toMatchObject({
      executed: 2,
      seen: 1,
      refused: 1,
      cover: [{ rule: 'by-other', adds: 1 }],
    });
    expect(runRecordSchema.parse(record())).toEqual(record());
  });

  it.each([[[3, 2, 1, 0]], [[1, 0, 3, 2]], [[2, 3, 0, 1]]])('is the same in the order %j', (order) => {
    expect(judged(order)).toEqual(judged([0, 1, 2, 3]));
  });
});
