// Mitigations as files: what the bundled ones have, what is filled in, and what is refused.

import { describe, expect, it } from 'vitest';
import { loadMitigations } from '../../../harness/content/mitigations.ts';
import { auditKeysOf, mitigationFor } from '../../../harness/model/mitigation.ts';
import { claimOn } from '../../../harness/model/mitigation-claim.ts';
import { folderOf } from './folder-of.ts';

const mitigation = (id: string) => `id: ${id}
name: n
description: d
attack: M1018
apply: {command: 'true'}
stops: [{atomic: at-stdin, stage: submission, reason: no}]
legitimate: [{name: l, command: '#{command}'}]
`;
const load = (text: string) => loadMitigations(folderOf({ 'a.yaml': text }));

describe('the bundled ones', () => {
  const { mitigations, problems } = loadMitigations();

  it('load without a complaint, and are as many as were measured', () => {
    expect(problems).toEqual([]);
    expect(mitigations.length).toBeGreaterThanOrEqual(26);
    expect(mitigations.filter(({ tags }) => tags.includes('core')).map(({ id }) => id)).toEqual([
      'at-allow',
      'cron-allow',
      'crontab-no-setgid',
    ]);
  });

  it.each(mitigations.map((each) => [each.id, each] as const))(
    '%s can be shown to be as it says',
    (_, each) => {
      // One that changes nothing in the target but who attacks has nothing to look at; of audit rules auditctl says it.
      expect([each.check, each.profile?.user, each.audit].some((shown) => shown !== undefined)).toBe(true);
      expect(each.bypasses.length).toBeGreaterThan(0);
      for (const { atomic, tag, command } of each.bypasses) expect(atomic ?? tag ?? command).toBeDefined();
    },
  );
});

it('fills in who applies it and what proves a legitimate use', () => {
  const { mitigations } = load(mitigation('a'));
  expect(mitigations[0]).toMatchObject({
    apply: { user: 'root' },
    tags: [],
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

it.each([
  ['a stop of nothing', mitigation('a').replace('atomic: at-stdin, ', ''), 'either an atomic or a tag'],
  [
    'a stop of both',
    mitigation('a').replace('atomic: at-stdin', 'atomic: at-stdin, tag: at'),
    'either an atomic',
  ],
  [
    'a bypass of two kinds',
    `${mitigation('a')}bypasses: [{how: h, atomic: at-stdin, command: id}]\n`,
    'one of atomic, tag and command',
  ],
  ['one that does nothing', mitigation('a').replace(/apply.*\n/, ''), 'expected apply, profile or audit'],
  [
    'one that says nothing',
    mitigation('a').replace(/stops.*\n/, 'stops: []\n'),
    'expected stops or records, or bypasses',
  ],
  [
    'an audit rule that auditctl would not take',
    `${mitigation('a')}audit: ['-w /etc/cron.d -z wa -k jobs']\n`,
    'expected an option of auditctl, got -z',
  ],
  [
    'a setting for an audit rule',
    `${mitigation('a')}audit: ['-e 2']\n`,
    'expected a rule, got the setting -e',
  ],
  [
    'an audit rule without a key',
    `${mitigation('a')}audit: ['-w /etc/cron.d -p wa']\n`,
    'expected a key of letters',
  ],
  [
    "the harness's own key",
    `${mitigation('a')}audit: ['-w /etc/cron.d -p wa -k atomclock=mine']\n`,
    'expected a key of letters',
  ],
  ['a record of nothing', `${mitigation('a')}records: [{key: jobs}]\n`, 'either an atomic or a tag'],
  [
    'a capability that there is not',
    `${mitigation('a')}profile: {capabilities: [SYS_ADMN]}\n`,
    'there is no capability SYS_ADMN',
  ],
  [
    'a capability by its name in the kernel',
    `${mitigation('a')}families: {cronie: {profile: {withoutCapabilities: [CAP_SETUID]}}}\n`,
    'there is no capability CAP_SETUID',
  ],
  [
    'an option that no tmpfs has',
    `${mitigation('a')}profile: {tmpfs: {/tmp: 'nosuid,noexecc'}}\n`,
    "a tmpfs has no option 'noexecc'",
  ],
  [
    'options that are separated by more than commas',
    `${mitigation('a')}families: {cronie: {profile: {tmpfs: {/tmp: 'noexec, nosuid'}}}}\n`,
    "a tmpfs has no option ' nosuid'",
  ],
  [
    'an option of a tmpfs with a value that the kernel does not take',
    `${mitigation('a')}profile: {tmpfs: {/tmp: 'size=12zz'}}\n`,
    "expected a number of bytes, with k, m, g or %, got 'size=12zz'",
  ],
  ['a use that nothing would show', mitigation('a').replace("'#{command}'", 'id'), 'expected #{command}'],
  [
    'a way around that nothing would show',
    `${mitigation('a')}bypasses: [{how: h, command: touch /tmp/x}]\n`,
    'expected #{command}',
  ],
  ['no ATT&CK id', mitigation('a').replace('M1018', 'T1053'), 'ATT&CK mitigation id'],
])('refuses %s', (_, text, message) => {
  const { mitigations, problems } = load(text);
  expect(mitigations).toEqual([]);
  expect(problems.map((problem) => problem.message).join()).toContain(message);
});

it.each([
  '',
  'noexec,nosuid,nodev,noatime,ro',
  'size=50%,nr_inodes=4k,mode=1777,uid=0,gid=12,mpol=interleave:0-1',
])('takes a tmpfs with the options %j', (options) => {
  const { mitigations, problems } = load(`${mitigation('a')}profile: {tmpfs: {/tmp: '${options}'}}\n`);
  expect(problems).toEqual([]);
  expect(mitigations[0]?.profile?.tmpfs).toEqual({ '/tmp': options });
});

it('says where an option of a tmpfs stands, and what was meant', () => {
  const { problems } = load(`${mitigation('a')}profile:\n  tmpfs:\n    /tmp: noexecc\n`);
  const lines = mitigation('a').split('\n').length;
  expect(problems).toMatchObject([{ place: { line: lines + 2, column: 11 }, hint: 'Did you mean noexec?' }]);
});

it('is otherwise on a family, and not at all on another', () => {
  const text = `${mitigation('a')}families:
  cronie: {apply: {command: 'false'}}
  busybox: {notApplicable: it has no lists}
`;
  const [written] = load(text).mitigations;
  if (!written) throw new RangeError('not loaded');
  expect(mitigationFor(written, [])?.apply?.command).toBe('true');
  expect(mitigationFor(written, ['cronie'])).toMatchObject({
    apply: { command: 'false' },
    stops: [{ atomic: 'at-stdin' }],
  });
  expect(mitigationFor(written, ['cronie'])).not.toHaveProperty('families');
  expect(mitigationFor(written, ['cronie', 'busybox'])).toBeNull();
});

it('claims by the first name that it has for an atomic, and by tags after all names', () => {
  const text = `${mitigation('a').replace('stops: [{atomic: at-stdin, stage: submission, reason: no}]', 'stops: []')}audit: ['-w /etc/cron.d -p wa -k jobs']
records: [{tag: cron, key: jobs}]
bypasses: [{how: h, atomic: other}]
`;
  const [written] = load(text).mitigations;
  if (!written) throw new RangeError('not loaded');
  const guid = '00000000-0000-4000-8000-000000000000';
  const claimed = (slug: string, tags: string[]) => claimOn(written, { slug, guid, tags });
  expect(claimed('one', ['cron'])).toEqual({ kind: 'records', key: 'jobs' });
  expect(claimed('other', ['cron'])).toEqual({ kind: 'bypass', how: 'h' });
  expect(claimed('one', [])).toBeNull();
  expect(auditKeysOf(written)).toEqual(['jobs']);
});
