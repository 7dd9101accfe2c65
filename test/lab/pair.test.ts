// A pair: what is written in a container that has a machine's schedules mounted is run by the machine.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCase } from '../../harness/content/evidence-folder.ts';
import { connect } from '../../harness/docker/host/connection.ts';
import { account, accounts, caseOf } from './cases.ts';
import { type Outcome, recordOf, temporaryFolder } from './cli.ts';

describe('debian12-mounted', () => {
  let outcome: Outcome;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let volumesBefore: Set<string>;
  beforeAll(async () => {
    volumesBefore = await volumes();
    folder = await temporaryFolder();
    outcome = await recordOf([
      'run', 'cron-d-drop', 'crontab-stdin', 'systemd-run-timer', 'container-cron', 'schedules-saved-in-container',
      'container-entered-cron', 'container-given-folders', 'scheduler-version-in-container', '--target', 'debian12-mounted', '--mitigation', 'none', '--out', folder.path,
    ]); // biome-ignore format: one line a word would hide it
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const found = (slug: string) => caseOf(outcome.record, slug);

  it('is as expected', () => {
    const unexpected = outcome.record.cases.filter(
      ({ verdict }) => verdict === 'fail' || verdict === 'error',
    );
    expect(
      unexpected.map(({ id }) => id),
      accounts(outcome.record),
    ).toEqual([]);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
  });

  it.each(['cron-d-drop', 'crontab-stdin'])(
    '%s is written in the container and run by the machine',
    async (slug) => {
      const { id, proof, artifacts } = found(slug);
      const { events } = await readCase(folder.path, { id, folder: id });
      const placeOf = (eventId: string | undefined) =>
        events.find(({ event }) => event.id === eventId)?.container?.id;
      const written = placeOf(artifacts[0]?.eventId);
      const run = placeOf(proof?.eventId);
      expect(written).toMatch(/^[0-9a-f]{64}$/);
      expect(run).toMatch(/^[0-9a-f]{64}$/);
      expect(written).not.toBe(run);
      expect(proof?.lineage).toContain('/usr/sbin/cron');
    },
  );

  it('has the container itself, and who enters it, seen as the attack’s, and not what a twin does so', () => {
    const fired = (slug: string) =>
      outcome.record.rules
        .filter(
          ({ slug: rule, firedIn, falsePositives, crossTalk }) =>
            [...firedIn, ...falsePositives, ...crossTalk].some(
              (at) => (typeof at === 'string' ? at : at.case) === found(slug).id,
            ) && /^container-(?:given|runs)/.test(rule),
        )
        .map(({ slug: rule }) => rule);
    expect(fired('cron-d-drop')).toEqual(['container-given-schedules']);
    expect(fired('container-cron')).toEqual([
      'container-given-schedules',
      'container-runs-scheduler-as-root',
    ]);
    expect(fired('container-entered-cron')).toEqual(fired('container-cron'));
    for (const twin of ['schedules-saved-in-container', 'scheduler-version-in-container']) {
      expect(fired(twin)).toEqual([]);
      expect(found(twin).observation, account(found(twin))).toBe('performed');
    }
  });

  it('proves that who makes and who enters a container is told of, and that a question is let off', () => {
    const branches = outcome.record.rules
      .filter(({ slug }) => /^container-(?:given|runs)/.test(slug))
      .map(({ slug, branches: { total, unproven } }) => ({ slug, total, unproven }));
    expect(branches).toEqual([
      { slug: 'container-given-schedules', total: 4, unproven: [] },
      { slug: 'container-runs-scheduler-as-root', total: 3, unproven: [] },
    ]);
  });

  it('leaves nothing of the machine but its schedules to the container', () => {
    const { verdict, reasons } = found('systemd-run-timer');
    expect(verdict, account(found('systemd-run-timer'))).toBe('skip');
    expect(reasons[0]).toContain('prerequisite not met');
  });

  it('leaves no volume behind', async () => {
    const left = [...(await volumes())].filter((name) => !volumesBefore.has(name));
    // Another run on this engine may have some at this moment: of ours nothing refers to.
    expect(await unused(left)).toEqual([]);
  });
});

async function volumes(): Promise<Set<string>> {
  const { docker } = await connect();
  const { Volumes } = await docker.listVolumes();
  return new Set(Volumes.map(({ Name }) => Name));
}

async function unused(names: readonly string[]): Promise<string[]> {
  const { docker } = await connect();
  const { Volumes } = await docker.listVolumes({ filters: JSON.stringify({ dangling: ['true'] }) });
  return Volumes.map(({ Name }) => Name).filter((name) => names.includes(name));
}
