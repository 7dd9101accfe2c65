// A run of cron's, recorded as a run records it: for tests of what is done with its evidence.

import { placeOfCase, writeCase, writeEvidenceFile } from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import { evidenceVersion } from '../../../harness/model/evidence.ts';
import { expectationFor, type WrittenExpectation } from '../../../harness/model/expectation.ts';
import { anAtomic, anExpectation, runFacts } from '../engine/content.ts';
import { exec, exit, file, fork, resetClock, running } from '../engine/events.ts';
import { attackArgs, cron, cronChild, cronJob, marker, nonce, pid1, stepShell } from '../engine/story.ts';

interface RecordedRun {
  /** The table that the attack of each case drops, by the id of the case. */
  readonly tables: Readonly<Record<string, string>>;
  readonly rules: readonly { readonly file: string; readonly text: string }[];
  readonly expectation?: Partial<WrittenExpectation>;
}

export async function recordRun(
  folder: string,
  { tables, rules, expectation = {} }: RecordedRun,
): Promise<void> {
  for (const [id, table] of Object.entries(tables)) await recordCase(folder, id, table, expectation);
  await writeEvidenceFile(folder, {
    evidenceVersion,
    run: { ...runFacts, sensors: ['ebpf'] },
    rules: rules.map((rule) => ({ ...rule, bundled: false })),
    cases: Object.keys(tables).map(placeOfCase),
  });
}

async function recordCase(
  folder: string,
  id: string,
  table: string,
  expectation: Partial<WrittenExpectation>,
): Promise<void> {
  resetClock();
  const shell = stepShell();
  const job = cronJob(marker, '/usr/bin/touch');
  const [slug = '', target = ''] = id.split('@');
  const evidence = blankEvidence(
    {
      ...{
        id,
        kind: 'attack',
        atomic: anAtomic({ slug }),
        target,
        variant: null,
        mitigations: [],
        user: 'root',
      },
      key: { atomic: slug, variant: {}, target, mitigations: [] },
      expectation: expectationFor(anExpectation({ slug, ...expectation }), []),
      ...{ needsUserManager: false, skipped: null },
    },
    () => nonce,
  );
  const step = { role: 'attack' as const, user: 'root', command: 'do it', argv: attackArgs, exitCode: 0 };
  evidence.steps.push({ ...step, stdout: '', stderr: '', startedAt: '2026-01-01T00:00:00Z', ms: 1 });
  evidence.telemetry.perSensor = { ebpf: { events: 7, lost: 0 } };
  const events = [
    ...[running(pid1), running(cron), exec(shell), file('creation', table, shell)],
    ...[fork(cronChild), exec(job), exit(job)],
  ];
  await writeCase(folder, { evidence, events });
}
