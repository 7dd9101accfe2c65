// A fleet's rule file: read as auditctl reads it, and made to watch one target.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAuditRules } from '../../../../harness/model/audit-rule-file.ts';
import { packageRoot } from '../../../../harness/model/package-root.ts';
import { parseAccounts } from '../../../../harness/telemetry/accounts.ts';
import { readLook } from '../../../../harness/telemetry/audit/rule-file/look.ts';
import { translateRule } from '../../../../harness/telemetry/audit/rule-file/translate.ts';

const mountinfo = `1 0 0:58 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/var/lib/docker/overlay2/abc/diff,workdir=/var/lib/docker/overlay2/abc/work
2 1 0:61 / /run rw - tmpfs tmpfs rw
3 1 0:62 / /tmp rw - tmpfs tmpfs rw`;
const listed = `folder\t/etc/cron.d\t/etc/cron.d
file\t/etc/crontab\t/etc/crontab
absent\t/etc/at.allow\t/etc/at.allow
absent\t/var/spool/at\t/var/spool/at
folder\t/lib/systemd\t/usr/lib/systemd
folder\t/var/run/systemd/system\t/run/systemd/system
file\t/usr/bin/at\t/usr/bin/at
`;
const { rootfs, look } = readLook(`${listed}mounts\n${mountinfo}`, 'f'.repeat(64));
const target = {
  rootfs,
  look,
  key: 'atomclock=ffff',
  accounts: parseAccounts('alice:x:1000:1000::/:', 'cron:x:101:'),
};
const translate = (line: string) => {
  const { rules, problems } = parseAuditRules('x.rules', line);
  const [rule] = rules;
  if (!rule) expect.fail(problems[0]?.message);
  const translation = translateRule(rule, target);
  return 'skipped' in translation ? translation.skipped : translation.argv.join(' ');
};
const merged = '/var/lib/docker/overlay2/abc/merged';

describe('translation', () => {
  it.each([
    [
      '-w /etc/cron.d -p wa -k cron',
      `-a always,exit -F dir=${merged}/etc/cron.d -F perm=wa -k cron -k atomclock=ffff`,
    ],
    [
      '-w /etc/cron.d/ -k cron',
      `-a always,exit -F dir=${merged}/etc/cron.d -F perm=rwxa -k cron -k atomclock=ffff`,
    ],
    ['-w /etc/crontab -p w', `-a always,exit -F path=${merged}/etc/crontab -F perm=w -k atomclock=ffff`],
    ['-w /etc/at.allow -p wa', `-a always,exit -F path=${merged}/etc/at.allow -F perm=wa -k atomclock=ffff`],
    ['-w /lib/systemd -p wa', `-a always,exit -F dir=${merged}/usr/lib/systemd -F perm=wa -k atomclock=ffff`],
    [
      '-a always,exit -F arch=b64 -S execve,execveat -F key=exec',
      `-a always,exit -F arch=b64 -S execve -S execveat -F dir=${merged} -k exec -k atomclock=ffff`,
    ],
    [
      '-a exit,always -S unlink -F auid>=1000 -F auid!=unset -F uid=alice -F gid=cron',
      `-a always,exit -F arch=b64 -S unlink -F uid=1000 -F gid=101 -F dir=${merged} -k atomclock=ffff`,
    ],
    [
      '-a always,exit -F exe=/usr/bin/at -S execve -F arch=b64',
      `-a always,exit -F arch=b64 -S execve -F exe=${merged}/usr/bin/at -k atomclock=ffff`,
    ],
    [
      '-a never,exit -F arch=b64 -S openat -C euid!=obj_uid -C auid!=uid',
      `-a never,exit -F arch=b64 -S openat -F dir=${merged} -C euid!=obj_uid -k atomclock=ffff`,
    ],
  ])('%s', (line, expected) => {
    expect(translate(line)).toBe(expected);
  });

  it.each([
    [
      '-w /var/run/systemd/system -p wa',
      '/var/run/systemd/system lies on /run, a mount that audit does not see from outside',
    ],
    ['-a always,exit -F dir=/var/spool/at -F perm=wa', '/var/spool/at does not exist in the target'],
    ['-a never,user -F subj_type=crond_t', 'rules on the user list cannot be confined to a target'],
    ['-a always,exclude -F msgtype=CWD', 'rules on the exclude list cannot be confined to a target'],
  ])('%s cannot be had', (line, why) => {
    expect(translate(line)).toBe(why);
  });

  it('says what it left out', () => {
    const [rule] = parseAuditRules('x.rules', '-a always,exit -F arch=b64 -S execve -F auid>=1000').rules;
    expect(rule && translateRule(rule, target)).toMatchObject({
      notes: [expect.stringContaining('without auid>=1000')],
    });
  });
});

describe('a rule file', () => {
  it('is read past comments, settings and mistakes, each of which is told with its place', () => {
    const text =
      '## x\n-D\n-b 8192\n--backlog_wait_time 60000\n-f 1\n-i\n\n-w /a -k x\n-w\n-x y\n-a sometimes,exit -S all\n-a always,exit -F nonsense\n-w relative\n-w /a -p q\n-k alone\n-e 2\n';
    const { rules, problems } = parseAuditRules('f.rules', text);
    expect(rules).toMatchObject([
      { kind: 'watch', path: '/a', place: { file: 'f.rules', line: 8, column: 1 } },
    ]);
    expect(problems.map(({ place, message }) => `${place.line}: ${message}`)).toEqual([
      '9: -w needs a value',
      '10: expected an option of auditctl, got -x',
      '11: expected a list and an action such as always,exit after -a, got sometimes,exit',
      '12: expected FIELD=VALUE after -F, got nonsense',
      '13: expected an absolute path after -w, got relative',
      '14: expected letters of rwxa after -p, got q',
      '15: expected -w or -a',
    ]);
  });

  const folder = join(packageRoot, 'detections/audit');
  it.each(readdirSync(folder))('of our own is without mistakes: %s', (name) => {
    const { rules, problems } = parseAuditRules(name, readFileSync(join(folder, name), 'utf8'));
    expect(problems).toEqual([]);
    expect(rules.length).toBeGreaterThan(20);
    for (const rule of rules) expect(rule.keys).toHaveLength(1);
  });
});

describe('a look at a target', () => {
  it('knows Docker’s containerd store too', () => {
    const mounts =
      '1 0 0:58 / / rw - overlay overlay rw,lowerdir=/x,upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/9/fs,workdir=/y';
    expect(readLook(`mounts\n${mounts}`, 'abc').rootfs).toBe('/var/lib/docker/rootfs/overlayfs/abc');
  });

  it('says so where the root is something else', () => {
    expect(() => readLook('mounts\n1 0 8:1 / / rw - ext4 /dev/sda1 rw', 'abc')).toThrow(
      expect.objectContaining({ code: 'audit/unknown-storage' }),
    );
  });
});
