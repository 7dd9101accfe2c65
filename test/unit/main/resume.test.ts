// An interrupted run taken up again: what counts as the same request, and which cases are kept.

import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeCase } from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { PlannedCase } from '../../../harness/engine/run/plan.ts';
import type { RunRequest } from '../../../harness/main/request.ts';
import {
  keptCase,
  readBegunRun,
  refuseOtherPlan,
  resumedRequest,
  selectionOf,
  writeBegunRun,
} from '../../../harness/main/resume.ts';
import type { CaseEvidence } from '../../../harness/model/evidence.ts';
import { aMitigation, anAtomic, aPlannedCase } from '../engine/content.ts';
import { bareRequest } from './bare-request.ts';

const asked: RunRequest = {
  ...bareRequest,
  selectors: ['core'],
  mitigations: { kind: 'named', names: ['a+b'] },
  rules: ['mine'],
  clock: 'real',
  shard: { index: 1, count: 2 },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomclock-resume-'));
});

describe('the request', () => {
  const begun = {
    id: 'r',
    startedAt: '2026-01-01T00:00:00Z',
    planned: ['a@t'],
    selection: selectionOf(asked),
  };

  it('is read as it was written', async () => {
    await writeBegunRun(folder, begun);
    expect(await readBegunRun(folder)).toEqual(begun);
  });

  it.each([
    ['no file', null, 'resume/nothing'],
    ['half a file', '{"id": "r", "pla', 'resume/damaged'],
    ['another form', '{"id": "r"}', 'resume/damaged'],
  ])('is refused with %s', async (_, text, code) => {
    if (text !== null) await writeFile(join(folder, 'request.json'), text);
    await expect(readBegunRun(folder)).rejects.toMatchObject({ code, exitCode: 2 });
  });

  it.each<[string, RunRequest]>([
    ['nothing', { ...bareRequest, jobs: 3 }],
    ['the same', asked],
    ['part of it', { ...bareRequest, clock: 'real' }],
  ])('is the one that was made, where today names %s', (_, today) => {
    const { mitigations, clock, shard, jobs, selectors } = resumedRequest(today, begun, folder);
    expect({ mitigations, clock, shard, selectors }).toEqual({
      mitigations: asked.mitigations,
      clock: 'real',
      shard: { index: 1, count: 2 },
      selectors: ['core'],
    });
    expect(jobs).toBe(today.jobs);
  });

  it.each<[string, Partial<RunRequest>]>([
    ['selectors', { selectors: ['T1053.003'] }],
    ['mitigations', { mitigations: { kind: 'all' } }],
    ['rules', { rules: ['other'] }],
    ['targets', { targets: ['debian13'] }],
  ])('is refused where today names other %s', (name, change) => {
    expect(() => resumedRequest({ ...bareRequest, ...change }, begun, folder)).toThrow(`other ${name}`);
  });

  it('is refused where the content makes other cases today', () => {
    const planned = [aPlannedCase({})];
    expect(() => refuseOtherPlan({ ...begun, planned: ['atomic@debian12'] }, planned)).not.toThrow();
    expect(() => refuseOtherPlan({ ...begun, planned: ['gone@debian12'] }, planned)).toThrow(
      '+ atomic@debian12, - gone@debian12',
    );
  });
});

describe('a case', () => {
  const stopper = aMitigation({ id: 'stopper', stops: ['atomic'] });
  const planned = aPlannedCase({ mitigations: [stopper] });
  const idle: PlannedCase = { kind: 'idle', id: 'idle@debian12', target: 'debian12' };
  const blank = (one: PlannedCase): CaseEvidence => blankEvidence(one, () => 'c0ffee');

  it.each<[string, PlannedCase]>([
    ['an attack under a mitigation', planned],
    ['an idle control', idle],
  ])('is kept when it is whole: %s', async (_, one) => {
    await writeCase(folder, { evidence: blank(one), events: [] });
    expect((await keptCase(folder, one))?.evidence).toEqual(blank(one));
  });

  it.each<[string, PlannedCase]>([
    ['the atomic', { ...planned, atomic: anAtomic({ command: 'do something else' }) }],
    [
      'a mitigation',
      { ...planned, mitigations: [{ ...stopper, apply: { command: 'false', user: 'root' } }] },
    ],
    ['the user', { ...planned, user: 'alice' }],
  ])('is run again when it was of another content: %s', async (_, today) => {
    await writeCase(folder, { evidence: blank(planned), events: [] });
    expect(await keptCase(folder, today)).toBeNull();
    expect(await readdir(join(folder, 'cases'))).toEqual([]);
  });

  it('is run again when the lab failed, when its evidence is damaged, and when there is none', async () => {
    const fault = { code: 'lab/target-gone', message: 'gone' };
    await writeCase(folder, { evidence: { ...blank(planned), faults: [fault] }, events: [] });
    expect(await keptCase(folder, planned)).toBeNull();
    await writeCase(folder, { evidence: blank(planned), events: [] });
    await writeFile(join(folder, 'cases', planned.id, 'case.json'), '{');
    expect(await keptCase(folder, planned)).toBeNull();
    expect(await keptCase(folder, planned)).toBeNull();
  });
});
