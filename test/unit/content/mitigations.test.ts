// Mitigations as files: the bundled three, and what is refused.

import { expect, it } from 'vitest';
import { loadMitigations } from '../../../harness/content/mitigations.ts';
import { folderOf } from './folder-of.ts';

const mitigation = (id: string) => `id: ${id}
name: n
description: d
attack: M1018
apply: {command: 'true'}
stops: [{atomic: at-stdin, stage: submission, reason: no}]
legitimate: [{name: l, command: id}]
`;

it('loads the bundled ones without a complaint', () => {
  const { mitigations, problems } = loadMitigations();
  expect(problems).toEqual([]);
  expect(mitigations.map(({ id }) => id)).toEqual(['at-allow', 'cron-allow', 'crontab-no-setgid']);
});

it('fills in who applies it and what proves a legitimate use', () => {
  const { mitigations } = loadMitigations(folderOf({ 'a.yaml': mitigation('a') }));
  expect(mitigations[0]).toMatchObject({
    apply: { user: 'root' },
    legitimate: [{ user: 'root', proof: 'executed' }],
    bypasses: [],
  });
});

it('keeps the good ones beside the bad ones', () => {
  const { mitigations, problems } = loadMitigations(
    folderOf({
      'a.yaml': mitigation('a'),
      'b.yaml': mitigation('other'),
      'c.yaml': mitigation('c').replace('submission', 'sometime'),
      'd.yaml': `${mitigation('d')}effect: none\n`,
      'e.yaml': '[',
      'sub/a.yaml': mitigation('a'),
    }),
  );
  expect(mitigations.map(({ id }) => id)).toEqual(['a']);
  expect(problems.map(({ code, place }) => `${code} ${place.line}:${place.column}`)).toEqual([
    'mitigation/id 1:5',
    'schema/invalid-value 6:35',
    'schema/unrecognized-keys 8:1',
    'yaml/missing-char 1:2',
    'mitigation/duplicate-id 1:5',
  ]);
});
