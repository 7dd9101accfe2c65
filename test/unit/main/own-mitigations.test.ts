// Mitigations of the user's own: a file is named where a bundled one would be, and keeps its id.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTargets } from '../../../harness/content/targets.ts';
import { loadForRun } from '../../../harness/main/load-content.ts';
import type { RunRequest } from '../../../harness/main/request.ts';
import { selectionOf } from '../../../harness/main/resume.ts';
import { ContentError } from '../../../harness/model/errors.ts';
import { folderOf } from '../content/folder-of.ts';
import { bareRequest } from './bare-request.ts';

const targets = new Map([...readTargets()].filter(([name]) => name === 'debian12'));
const asking = (...names: string[]): RunRequest => ({
  ...bareRequest,
  mitigations: { kind: 'named', names },
});
const mitigation = (id: string, rest = "apply: {command: 'true'}") => `id: ${id}
name: n
description: d
attack: M1018
${rest}
stops: [{atomic: at-stdin, stage: submission, reason: no}]
legitimate: [{name: l, command: '#{command}'}]
`;
const files = {
  'mine.yaml': mitigation('mine'),
  'at-allow.yaml': mitigation('at-allow'),
  'other.yaml': mitigation('misnamed'),
  'bad.yaml': mitigation('bad', 'stops: 3'),
  'mistyped.yaml': mitigation('mistyped').replace('at-stdin', 'at-stdn'),
  'nowhere-else.yaml': mitigation('nowhere-else', "apply: {command: 'true'}\ntargets: [debian12-admn]"),
  'twice.yaml': mitigation('twice', "apply: {command: 'true'}\nbypasses: [{how: h, atomic: AT-stdin}]"),
  'elsewhere.yaml': mitigation('elsewhere', "apply: {command: 'true'}\ntargets: [debian12-admin]"),
  'exec.yaml': mitigation('exec', 'profile: {tmpfs: {/tmp: exec}, capabilities: [SYS_ADMIN], user: alice}'),
  'noexec.yaml': mitigation('noexec', 'profile: {tmpfs: {/tmp: noexec}}'),
  'confined.yaml': mitigation('confined', 'profile: {withoutCapabilities: [SYS_ADMIN]}'),
  'bobs.yaml': mitigation('bobs', 'profile: {user: bob}'),
};
const file = (name: string) => join(folderOf(files), name);
const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};
const treated = (...names: string[]) =>
  loadForRun(asking(...names), targets, () => {}).planned.flatMap((one) =>
    one.kind === 'attack' && one.mitigations.length > 0 ? [one] : [],
  );

describe('a file of a mitigation', () => {
  it.each([
    ['by itself', ['mine.yaml'], 'at-stdin@debian12+mine'],
    ['in place of a bundled one', ['at-allow.yaml'], 'at-stdin@debian12+at-allow'],
  ])('is applied %s', (_, [name = ''], id) => {
    const [first, ...others] = treated(file(name));
    expect(first?.id).toBe(id);
    expect(first?.mitigations).toMatchObject([{ apply: { command: 'true' } }]);
    expect(others).toEqual([]);
  });

  it('is applied together with a bundled one', () => {
    const ids = treated(`cron-allow+${file('mine.yaml')}`).map(({ id }) => id);
    expect(ids).toContain('at-stdin@debian12+cron-allow+mine');
  });

  it.each([
    ['is not there', 'nowhere.yaml'],
    ['is not called as it is', 'other.yaml'],
    ['cannot be read', 'bad.yaml'],
  ])('is refused where it %s', (_, name) => {
    expect(() => treated(file(name))).toThrow(ContentError);
  });

  it.each([
    [
      'an atomic',
      'mistyped.yaml',
      'mistyped.yaml:6:18',
      'reference/unknown-atomic',
      'Did you mean at-stdin?',
    ],
    ['a target', 'nowhere-else.yaml', 'nowhere-else.yaml:6:11', 'reference/unknown-target', 'debian12-admin'],
    ['one atomic in two ways', 'twice.yaml', 'twice.yaml:6:12', 'mitigation/claimed-twice', ''],
  ])('is refused where it names %s that there is not, or', (_, name, at, code, hint) => {
    const refused = caught(() => treated(file(name))) as ContentError;
    expect(refused).toBeInstanceOf(ContentError);
    const [problem] = refused.problems;
    expect(problem).toMatchObject({ code, severity: 'error' });
    expect(`${problem?.place.file}:${problem?.place.line}:${problem?.place.column}`).toMatch(
      new RegExp(`${at}$`),
    );
    expect(problem?.hint ?? '').toContain(hint);
  });

  it.each([
    ['exec.yaml', 'noexec.yaml', /mounts \/tmp with '(?:no)?exec', and (?:no)?exec with/],
    ['exec.yaml', 'confined.yaml', /exec needs the capability SYS_ADMIN, and confined takes it away/],
    ['exec.yaml', 'bobs.yaml', /(?:exec has alice|bobs has bob) attack, and/],
  ])('cannot be applied with what contradicts it: %s+%s', (one, other, why) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ])
      expect(() => treated(`${file(first as string)}+at-allow+${file(second as string)}`)).toThrow(
        expect.objectContaining({ code: 'run/mitigations-conflict', message: expect.stringMatching(why) }),
      );
    expect(treated(`${file('confined.yaml')}+at-allow+${file('noexec.yaml')}`)).not.toEqual([]);
  });

  it('is refused where nothing of the run is held against it, and says why', () => {
    expect(() => treated(file('elsewhere.yaml'))).toThrow(
      expect.objectContaining({
        code: 'run/nothing-held',
        exitCode: 4,
        message:
          'no attack of this run is held against elsewhere: on debian12 elsewhere is for debian12-admin',
      }),
    );
    const asked = { ...asking('at-allow'), selectors: ['at-backup'] };
    expect(() => loadForRun(asked, targets, () => {})).toThrow(
      /on debian12 none of these attacks is launched/,
    );
  });

  it('says on which target nothing is held against it', () => {
    const said: string[] = [];
    const two = new Map([...readTargets()].filter(([name]) => /^debian12(-admin)?$/.test(name)));
    const { planned } = loadForRun(asking(file('elsewhere.yaml')), two, (fact) => {
      if (fact.kind === 'note') said.push(fact.message);
    });
    expect(planned.map(({ id }) => id)).toContain('at-stdin@debian12-admin+elsewhere');
    expect(said).toEqual([
      'no attack of this run is held against elsewhere: on debian12 elsewhere is for debian12-admin',
    ]);
  });

  it('is refused beside the bundled one of its id', () => {
    expect(() => treated('at-allow', file('at-allow.yaml'))).toThrow(
      expect.objectContaining({ code: 'run/same-mitigation' }),
    );
  });

  it('means the same wherever a run is taken up', () => {
    const { mitigations } = selectionOf(asking('at-allow+mine.yaml', 'cron-allow'));
    expect(mitigations).toEqual({
      kind: 'named',
      names: [`at-allow+${join(process.cwd(), 'mine.yaml')}`, 'cron-allow'],
    });
  });
});
