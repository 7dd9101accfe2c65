import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCaseTrace } from '../../harness/content/case-trace-file.ts';
import { readCase, readEvidenceFile } from '../../harness/content/evidence-folder.ts';
import { citedIn } from '../../harness/main/cited-events.ts';
import { traceKeyFor } from '../../harness/main/trace-key.ts';
import { readTraces } from '../../harness/main/traces.ts';
import type { RunEvent } from '../../harness/model/run-event.ts';
import type { CaseTrace } from '../../harness/model/traces.ts';
import { ordersOf } from '../orders.ts';
import { account, accounts } from './cases.ts';
import { atomclock, lineOn, type Outcome, recordOf, temporaryFolder } from './cli.ts';
import { killSensorOf, leftBehind } from './containers.ts';

// One of each mechanism: the whole set is `run` without a selector.
describe('the core of the bundled set', () => {
  let outcome: Outcome;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    outcome = await recordOf(['run', 'core', '--out', folder.path]);
    return () => folder[Symbol.asyncDispose]();
  });

  it('is as expected in every case', () => {
    const unexpected = outcome.record.cases.filter(({ verdict }) => verdict !== 'pass');
    expect(
      unexpected.map(({ id, verdict }) => ({ id, verdict })),
      accounts(outcome.record),
    ).toEqual([]);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
  });

  it('proves by the kernel that attacks executed', () => {
    // That those did which had to is said by their verdicts.
    const attacks = outcome.record.cases.filter(
      ({ kind, mitigation, observation }) => kind === 'attack' && !mitigation && observation === 'executed',
    );
    expect(attacks.length, accounts(outcome.record)).toBe(8);
    for (const attack of attacks) {
      const { id, observation, proof } = attack;
      expect({ id, observation, by: proof?.by, exitCode: proof?.exitCode }, account(attack)).toEqual({
        id,
        observation: 'executed',
        by: 'nonce',
        exitCode: 0,
      });
      expect(proof?.lineage.some((path) => /\/(atd|cron|anacron|systemd)$/.test(path))).toBe(true);
    }
  });

  it('fires every expected rule on the events of its own atomic', () => {
    for (const one of outcome.record.cases) {
      for (const { rule, outcome: fired, attributed } of one.detections.filter(({ expected }) => expected)) {
        expect({ rule, fired, attributed }, account(one)).toEqual({
          rule,
          fired: 'detected',
          attributed: true,
        });
      }
    }
    expect(outcome.record.summary.detections).toMatchObject({ missed: 0, unexpected: 0 });
  });

  it('fires nothing on benign twins and on an idle target', () => {
    expect(
      outcome.record.rules.flatMap(({ slug, falsePositives }) =>
        falsePositives.map((one) => ({ slug, ...one })),
      ),
    ).toEqual([]);
  });

  it('finds that each mitigation blocks, and that legitimate use goes on', () => {
    const verdicts = outcome.record.mitigations.map(({ id, atomic, verdict, reason }) => ({
      id,
      atomic,
      verdict,
      reason,
    }));
    expect(
      verdicts.filter(({ verdict }) => verdict !== 'blocks'),
      accounts(outcome.record),
    ).toMatchObject([
      // Declared to get by, and it does.
      { id: 'at-allow', atomic: 'timer-user', verdict: 'notClaimed' },
    ]);
    expect(new Set(verdicts.map(({ id }) => id))).toEqual(
      new Set(['at-allow', 'cron-allow', 'crontab-no-setgid']),
    );
  });

  it('keeps of each case what reports show of it, and that is what its evidence says', async () => {
    const { rules, placeholders = {}, cases } = await readEvidenceFile(folder.path);
    const keyOf = traceKeyFor(rules, placeholders);
    const cited = citedIn(outcome.record);
    const kept = new Map<string, CaseTrace | null>();
    for (const place of cases) {
      const of = outcome.record.cases.find(({ id }) => id === place.id) ?? null;
      kept.set(
        place.id,
        await readCaseTrace(folder.path, place, keyOf(of, cited.get(place.id) ?? new Set())),
      );
      await rm(join(folder.path, 'cases', place.folder, 'trace.json'));
    }
    expect([...kept.values()]).not.toContain(null);
    for (const [id, told] of (await readTraces(folder.path, outcome.record))?.cases ?? [])
      expect(kept.get(id)).toEqual(told);
  });

  it('is attributed while it runs as it is in judging', async () => {
    for (const id of (await readEvidenceFile(folder.path)).cases) {
      const { evidence, events } = await readCase(folder.path, id);
      const { judging, lives } = ordersOf(evidence, events, [0, 0.25, 0.5, 0.75, 1]);
      for (const live of lives) expect(live).toEqual(judging);
    }
  });

  it('tells as it goes what its record says in the end', async () => {
    const events = (await readFile(join(folder.path, 'progress.ndjson'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    const all = <K extends RunEvent['kind']>(kind: K) =>
      events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind);
    const { cases, summary } = outcome.record;
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
    expect(all('run-started')).toMatchObject([{ folder: folder.path, cases: cases.length + 1 }]);
    expect(all('run-finished')).toMatchObject([{ summary }]);
    expect(all('case-planned').map((one) => one.case)).toEqual(
      expect.arrayContaining(cases.map(({ id }) => id)),
    );
    for (const { id, verdict, steps, proof, detections } of cases) {
      const own = <E extends { case: string }>(told: readonly E[]) => told.filter((one) => one.case === id);
      expect(own(all('case-judged'))).toMatchObject([{ verdict }]);
      expect(own(all('step')).map(({ role, exitCode }) => ({ role, exitCode }))).toEqual(
        steps.map(({ role, exitCode }) => ({ role, exitCode })),
      );
      const launched = own(all('launched')).filter(({ of }) => of === 'attack');
      expect(launched.map((one) => one.proof.eventId)).toEqual(proof ? [proof.eventId] : []);
      const matched = new Set(own(all('matched')).map(({ rule }) => rule));
      expect(detections.filter(({ attributed, rule }) => attributed && !matched.has(rule))).toEqual([]);
    }
  });

  it('leaves no container', async () => {
    expect(await leftBehind(outcome.record.run.id)).toEqual([]);
  });

  it('is judged the same, byte for byte, when it is replayed', async () => {
    const replayed = await atomclock(['replay', folder.path, '--json']);
    expect(replayed.exitCode).toBe(outcome.exitCode);
    expect(replayed.stdout).toBe((await atomclock(['report', folder.path, '--report', 'json'])).stdout);
  });
});

describe('what is broken on purpose is seen', () => {
  const rule = (path: string) => `
title: Table dropped
id: 3f0a6c0e-8f0e-4f3c-9f55-6d1f6f9f2a10
status: test
logsource: { product: linux, category: file_event }
detection:
  selection:
    TargetFilename|startswith: ${path}
  condition: selection
level: low
`;

  it('a rule with a wrong path: exit 1, and what failed on the nearest event', async () => {
    await using folder = await temporaryFolder({ 'cron-table-dropped.yml': rule('/etc/cron.nowhere/') });
    const { exitCode, record } = await recordOf([
      'run',
      'cron-d-drop',
      '--mitigation',
      'none',
      '--rules',
      folder.path,
      '--out',
      `${folder.path}/run`,
    ]);
    expect(exitCode, record.cases.map(account).join('\n')).toBe(1);
    expect(record.cases[0]?.detections).toMatchObject([{ rule: 'cron-table-dropped', outcome: 'missed' }]);
    expect(record.cases[0]?.reasons.join('\n')).toContain('/etc/cron.nowhere/');
  });

  it('an atomic whose job never fires: inert, with the reason that cron gave', async () => {
    const atomic = `
attack_technique: T1053.003
display_name: Cron
atomic_tests:
- name: Broken table
  auto_generated_guid: 5d5be3a0-2f0c-4c1e-8a44-3a1c8a7d0f11
  description: A table that cron cannot read.
  supported_platforms: [linux]
  executor:
    name: sh
    elevation_required: true
    command: echo 'soon root touch /tmp/never' > /etc/cron.d/broken
    cleanup_command: rm -f /etc/cron.d/broken
`;
    await using folder = await temporaryFolder({ 'T1053.003.yaml': atomic });
    const { exitCode, record } = await recordOf([
      'run',
      '--atomics',
      `${folder.path}/T1053.003.yaml`,
      '--out',
      `${folder.path}/run`,
    ]);
    expect(record.cases[0], record.cases.map(account).join('\n')).toMatchObject({
      observation: 'inert',
      proof: null,
    });
    expect(record.cases[0]?.steps.find(({ role }) => role === 'attack')?.exitCode).toBe(0);
    expect(record.cases[0]?.reasons.join('\n')).toMatch(/bad minute/);
    expect(exitCode).toBe(1);
  });

  it('a sensor that dies in the middle: errored and exit 3, never missed', async () => {
    await using folder = await temporaryFolder();
    const run = atomclock(['run', 'timer-system', '--json', '--out', folder.path]);
    // The sensor is there before the first case starts.
    await lineOn(run.stderr, /idle@debian12/);
    expect(await killSensorOf(run.pid as number)).toBe(true);
    const { exitCode, stdout, stderr } = await run;
    expect(exitCode, stderr).toBe(3);
    const record = JSON.parse(stdout);
    expect(record.summary.detections.missed).toBe(0);
    expect(record.summary.cases.error).toBeGreaterThan(0);
  });

  it('kill -9 in the middle: the next run removes what was left', async () => {
    await using folder = await temporaryFolder();
    const run = atomclock(['run', '--out', folder.path], { forceKillAfterDelay: false });
    await lineOn(run.stderr, /at-stdin@debian12/);
    run.kill('SIGKILL');
    await run;
    expect((await leftBehind()).length).toBeGreaterThan(0);
    await recordOf(['run', 'at-stdin', '--mitigation', 'none', '--out', `${folder.path}/next`]);
    expect(await leftBehind()).toEqual([]);
  });
});
