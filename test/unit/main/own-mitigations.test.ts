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
legitimate: [{name: l, command: id}]
`;
const files = {
  'mine.yaml': mitigation('mine'),
  'at-allow.yaml': mitigation('at-allow'),
  'other.yaml': mitigation('misnamed'),
  'bad.yaml': mitigation('bad', 'stops: 3'),
};
const file = (name: string) => join(folderOf(files), name);
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
