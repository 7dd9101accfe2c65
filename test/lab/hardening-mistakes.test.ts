// Mitigations as they are applied wrongly: each leaves the machine as it was or breaks more than it closes, and none counts.

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { hardeningOf } from '../../harness/model/hardening.ts';
import type { MitigationRecord, RunRecord } from '../../harness/model/run-record.ts';
import { account } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';

interface Mistake {
  /** What somebody types. */
  apply: string;
  /** What the guide tells to look at; none where it tells of nothing. */
  check?: { command: string; exitCode?: number; output?: string };
  /** Capabilities that somebody knew to be needed. */
  capabilities?: readonly string[];
  stage?: 'submission' | 'execution';
  /** What shows that it was stopped, as the guide says; unless given what the client says to those who are not listed. */
  reason?: string;
  /** What must go on; unless given something that any of these leaves alone. */
  use?: { user?: string; command: string; proof?: 'succeeds' };
  verdict: MitigationRecord['verdict'];
  /** Of what the verdict says. */
  says: RegExp;
}

/** What was left as it was. */
const bypassed = { verdict: 'bypassed', says: /^the payload ran all the same: / } as const;
const overblocks = (says: RegExp) => ({ verdict: 'overblocks', says }) as const;
const notApplied = (says: RegExp) =>
  ({
    verdict: 'invalid',
    says: new RegExp(`did not take effect: applying it ended with ${says.source}`),
  }) as const;
const atForBob = { user: 'bob', command: "echo '#{command}' | at now" };
const isAtdIdle = { stage: 'execution', reason: 'No atd running?' } as const;
const hidesSpool = (file: string, line: string, then: string): string => `mkdir -p /etc/systemd/system/${file}
printf '[Service]\\n${line}\\n' > /etc/systemd/system/${file}/50-spool.conf
${then}`;
const spoolHidden = {
  stage: 'execution',
  reason: 'the spool is hidden',
  capabilities: ['SYS_ADMIN'],
} as const;

const ofAt: Record<string, Mistake> = {
  'at-allow-misspelt': {
    apply: "printf '%s\\n' root bob > /etc/at.alow",
    check: { command: 'runuser -u alice -- atq', exitCode: 1, output: 'You do not have permission' },
    verdict: 'invalid',
    says: /did not take effect: its check expects exit 1 .* ended with exit 0/,
  },
  // The same, and nobody looks.
  'at-allow-misspelt-unchecked': { apply: "printf '%s\\n' root bob > /etc/at.alow", ...bypassed },
  // The names that it has are nobody's.
  'at-allow-crlf': {
    apply: "printf 'root\\r\\nbob\\r\\n' > /etc/at.allow",
    use: atForBob,
    ...overblocks(/exit 1: You do not have permission/),
  },
  'at-allow-trailing-blank': {
    apply: "printf 'root \\nbob \\n' > /etc/at.allow",
    use: atForBob,
    ...overblocks(/exit 1: You do not have permission/),
  },
  'at-allow-group': {
    apply: 'groupadd operators; usermod --append --groups operators bob; echo @operators > /etc/at.allow',
    use: atForBob,
    ...overblocks(/exit 1: You do not have permission/),
  },
  // One that at cannot read is none: at.deny decides.
  'at-allow-unreadable': { apply: "umask 077; printf '%s\\n' root bob > /etc/at.allow", ...bypassed },
  'at-allow-folder': {
    apply: 'mkdir /etc/at.allow; touch /etc/at.allow/root /etc/at.allow/bob',
    use: atForBob,
    ...overblocks(/exit 1: You do not have permission/),
  },
  'at-deny-crlf': { apply: "printf 'alice\\r\\n' >> /etc/at.deny", ...bypassed },
  'at-deny-trailing-blank': { apply: "printf 'alice \\n' >> /etc/at.deny", ...bypassed },
  'at-deny-group': { apply: "printf '%%alice\\n@alice\\n' >> /etc/at.deny", ...bypassed },
  'at-deny-beaten-by-allow': {
    apply: 'echo alice >> /etc/at.deny; printf "%s\\n" root alice > /etc/at.allow',
    ...bypassed,
  },
  'at-mode-wrong': {
    apply: 'chmod 4755 /usr/bin/at',
    check: { command: "stat -c '%a %U' /usr/bin/at", output: '755 root' },
    verdict: 'invalid',
    says: /did not take effect: its check expects/,
  },
  'at-override-not-applied': {
    apply: 'dpkg-statoverride --add root root 0755 /usr/bin/at',
    check: { command: 'dpkg-statoverride --list /usr/bin/at', output: '755 /usr/bin/at' },
    ...bypassed,
  },
  'at-acl-without-tool': {
    apply: 'setfacl -m u:alice:--- /usr/bin/at',
    ...notApplied(/exit 127: .*not found/),
  },
  'at-alias': {
    apply: "echo 'alias at=false' > /etc/profile.d/at.sh; echo 'alias at=false' >> /home/alice/.bashrc",
    ...bypassed,
  },
  // It is on the way of whoever looks for at.
  'at-moved-along-the-path': {
    apply: 'dpkg-divert --local --rename --divert /usr/sbin/at --add /usr/bin/at',
    ...bypassed,
  },
  'at-spool-immutable-elsewhere': {
    apply: 'chattr +i /var/spool/at',
    capabilities: ['LINUX_IMMUTABLE'],
    ...notApplied(/exit 1: .*No such file/),
  },
  'at-failure-hidden': {
    apply: 'chattr +i /var/spool/cron/atjobs || true',
    check: { command: 'true' },
    ...bypassed,
  },
  'atd-masked-by-another-name': { apply: 'systemctl mask --now at.service', ...isAtdIdle, ...bypassed },
  'atd-masked-not-stopped': {
    apply: 'systemctl mask atd.service',
    check: { command: 'systemctl is-enabled atd.service', exitCode: 1, output: 'masked' },
    ...isAtdIdle,
    ...bypassed,
  },
  // The service manager starts it again.
  'atd-killed': {
    apply: 'systemctl kill --signal=KILL atd.service',
    ...isAtdIdle,
    ...bypassed,
  },
  // PAM takes what it cannot read for a module that says no: at no longer runs anybody's job, and not for the reason told.
  'pam-line-unreadable': {
    apply:
      "sed -i '1i acount required pam_access.so accessfile=/etc/security/access-atd.conf' /etc/pam.d/atd",
    check: { command: 'grep -c pam_access /etc/pam.d/atd', output: '1' },
    stage: 'execution',
    reason: "access denied for user `alice'",
    verdict: 'invalid',
    says: /the atomic did not run, but nothing says 'access denied for user `alice'': something else/,
  },
  ...Object.fromEntries(
    [
      // Nobody gives atd a password.
      ['pam-in-another-stack', 'atd', 'auth', '- : ALL EXCEPT root bob : ALL'],
      ['pam-of-another-service', 'at', 'account', '- : ALL EXCEPT root bob : ALL'],
      ['pam-access-without-origins', 'atd', 'account', '- : ALL EXCEPT root bob'],
    ].map(([id = '', service, stack, access]): [string, Mistake] => [
      id,
      {
        apply: `echo '${access}' > /etc/security/access-atd.conf
touch /etc/pam.d/${service}
echo '${stack} required pam_access.so accessfile=/etc/security/access-atd.conf' > /tmp/line
cat /etc/pam.d/${service} >> /tmp/line; cat /tmp/line > /etc/pam.d/${service}`,
        stage: 'execution',
        reason: "access denied for user `alice'",
        ...bypassed,
      },
    ]),
  ),
  'drop-in-of-no-unit': {
    apply: hidesSpool(
      'atd.d',
      'InaccessiblePaths=/var/spool/cron/atjobs',
      'systemctl daemon-reload; systemctl restart atd',
    ),
    ...spoolHidden,
    ...bypassed,
  },
  'drop-in-misspelt': {
    apply: hidesSpool(
      'atd.service.d',
      'InaccesiblePaths=/var/spool/cron/atjobs',
      'systemctl daemon-reload; systemctl restart atd',
    ),
    ...spoolHidden,
    ...bypassed,
  },
  'drop-in-without-restart': {
    apply: hidesSpool('atd.service.d', 'InaccessiblePaths=/var/spool/cron/atjobs', 'systemctl daemon-reload'),
    check: { command: 'systemctl show -P InaccessiblePaths atd', output: '/var/spool/cron/atjobs' },
    ...spoolHidden,
    ...bypassed,
  },
  // A service manager that may not mount leaves it out without a word.
  'drop-in-without-privilege': {
    apply: hidesSpool(
      'atd.service.d',
      'InaccessiblePaths=/var/spool/cron/atjobs',
      'systemctl daemon-reload; systemctl restart atd',
    ),
    check: { command: 'systemctl show -P InaccessiblePaths atd', output: '/var/spool/cron/atjobs' },
    ...spoolHidden,
    capabilities: [],
    ...bypassed,
  },
  'kernel-setting-not-taken': {
    apply: 'sysctl -w fs.protected_regular=2',
    ...notApplied(/exit \d+: .*(?:Read-only file system|permission denied)/),
  },
};

const ofCrontab: Record<string, Mistake> = {
  'crontab-override-not-forced': {
    apply: 'dpkg-statoverride --update --add root root 0755 /usr/bin/crontab',
    check: { command: "stat -c '%a %G' /usr/bin/crontab", output: '755 root' },
    reason: 'Permission denied',
    ...notApplied(/exit 2: .*already exists/),
  },
  'cron-allow-misspelt': { apply: "printf '%s\\n' root bob > /etc/cron.alow", ...bypassed },
  'cron-allow-unreadable': {
    apply: "umask 077; printf '%s\\n' root bob > /etc/cron.allow",
    use: { user: 'bob', proof: 'succeeds', command: "echo '@yearly true' | crontab -" },
    ...overblocks(/./),
  },
  'cron-allow-folder': {
    apply: 'mkdir /etc/cron.allow; touch /etc/cron.allow/root /etc/cron.allow/bob',
    use: { user: 'bob', proof: 'succeeds', command: "echo '@yearly true' | crontab -" },
    ...overblocks(/./),
  },
  'cron-deny-crlf': { apply: "printf 'alice\\r\\n' > /etc/cron.deny", ...bypassed },
  'cron-deny-group': { apply: "printf '%%alice\\n@alice\\n' > /etc/cron.deny", ...bypassed },
  // It stops her, and not as it says: the daemon's own folder is closed, to everybody.
  'cron-spool-closed': {
    apply: 'chown root:root /var/spool/cron/crontabs; chmod 0700 /var/spool/cron/crontabs',
    reason: 'Permission denied',
    use: { user: 'bob', proof: 'succeeds', command: "echo '@yearly true' | crontab -" },
    ...overblocks(/exit 1: .*Permission denied/),
  },
  'cron-masked-by-another-name': {
    apply: 'systemctl mask --now crond.service',
    stage: 'execution',
    reason: 'no daemon of cron runs',
    ...bypassed,
  },
  'cron-masked-not-stopped': {
    apply: 'systemctl mask cron.service',
    stage: 'execution',
    reason: 'no daemon of cron runs',
    ...bypassed,
  },
};

const ofCronFolder: Record<string, Mistake> = {
  'cron-d-closed-to-others': { apply: 'chmod 0700 /etc/cron.d', reason: 'Permission denied', ...bypassed },
  'cron-d-bound-writable': {
    apply: 'mount --bind /etc/cron.d /etc/cron.d',
    capabilities: ['SYS_ADMIN'],
    check: { command: 'mountpoint /etc/cron.d', output: 'is a mountpoint' },
    reason: 'Read-only file system',
    ...bypassed,
  },
  'cron-d-bound-without-privilege': {
    apply: 'mount --bind /etc/cron.d /etc/cron.d && mount -o remount,ro,bind /etc/cron.d',
    reason: 'Read-only file system',
    ...notApplied(/exit (?:1|32): .*permission denied/),
  },
  'cron-d-immutable-without-privilege': {
    apply: 'chattr +i /etc/cron.d',
    reason: 'Operation not permitted',
    ...notApplied(/exit 1: .*Operation not permitted/),
  },
  'cron-d-immutable-elsewhere': {
    apply: 'chattr +i /etc/cron.daily',
    capabilities: ['LINUX_IMMUTABLE'],
    reason: 'Operation not permitted',
    ...bypassed,
  },
};

const ofPolkit: Record<string, Mistake> = {
  'polkit-rule-unreadable': {
    apply: `echo 'polkit.addRule(function (action, subject) { return polkit.Result.NO;' > /etc/polkit-1/rules.d/10-no.rules
systemctl restart polkit.service`,
    reason: 'authentication required',
    ...bypassed,
  },
  'polkit-rule-after-another': {
    apply: `echo 'polkit.addRule(function (action, subject) { return polkit.Result.NO; });' > /etc/polkit-1/rules.d/90-no.rules
systemctl restart polkit.service`,
    reason: 'authentication required',
    ...bypassed,
  },
};

const ofSudo: Record<string, Mistake> = {
  'sudo-rule-refused': {
    apply: `echo 'alice ALL=(root NOPASSWD: /usr/bin/systemctl restart cron.service' > /etc/sudoers.d/upkeep
visudo --check --quiet`,
    reason: 'a password is required',
    ...notApplied(/exit 1/),
  },
  // The rule that gave too much is gone, and with it all that she had.
  'sudo-rule-refused-unchecked': {
    apply: "echo 'alice ALL=(root NOPASSWD: /usr/bin/systemctl restart cron.service' > /etc/sudoers.d/upkeep",
    reason: 'a password is required',
    use: { user: 'alice', proof: 'succeeds', command: 'sudo -n systemctl restart cron.service' },
    ...overblocks(/exit 1/),
  },
  'sudo-rule-passed-over': {
    apply: "echo 'alice ALL=(ALL) !ALL' > /etc/sudoers.d/zz-no.conf",
    reason: 'a password is required',
    ...bypassed,
  },
};

interface Group {
  readonly atomic: string;
  readonly target: string;
  readonly refusal: string;
  readonly mistakes: Readonly<Record<string, Mistake>>;
}

const groups: Group[] = [
  { atomic: 'at-stdin', target: 'debian12', refusal: 'You do not have permission', mistakes: ofAt },
  { atomic: 'crontab-stdin', target: 'debian12', refusal: 'not allowed to use', mistakes: ofCrontab },
  { atomic: 'cron-d-drop', target: 'debian12', refusal: '', mistakes: ofCronFolder },
  { atomic: 'systemd-run-refused', target: 'debian12-admin', refusal: '', mistakes: ofPolkit },
  { atomic: 'cron-d-sudo', target: 'debian12-admin', refusal: '', mistakes: ofSudo },
];

const yamlOf = (id: string, mistake: Mistake, { atomic, refusal }: Group): string => {
  const { apply, check, capabilities = [], stage = 'submission', reason = refusal } = mistake;
  const { use = { proof: 'succeeds', command: 'id' } } = mistake;
  return stringify({
    id,
    name: id,
    description: 'A mistake.',
    attack: 'M1018',
    ...(capabilities.length > 0 && { profile: { capabilities } }),
    apply: { command: apply },
    ...(check && { check }),
    stops: [{ atomic, stage, reason }],
    legitimate: [{ name: 'legitimate use', ...use }],
  });
};

describe.each(groups)('a mitigation of $atomic that is applied wrongly', (group) => {
  const { atomic, target, mistakes } = group;
  let record: RunRecord;
  let exit: number | undefined;
  beforeAll(async () => {
    const files = Object.entries(mistakes).map(
      ([id, mistake]) => [`${id}.yaml`, yamlOf(id, mistake, group)] as const,
    );
    await using folder = await temporaryFolder(Object.fromEntries(files));
    const named = files.flatMap(([name]) => ['--mitigation', join(folder.path, name)]);
    const out = ['--out', join(folder.path, 'run')];
    ({ record, exitCode: exit } = await recordOf(['run', atomic, '--target', target, ...named, ...out]));
  });

  it.each(Object.entries(mistakes))('%s', (id, { verdict, says }) => {
    const { cases, mitigations } = record;
    const found = mitigations.find((one) => one.id === id);
    const judged = cases.find(({ mitigation }) => mitigation === id);
    const control = cases.find(({ mitigation, kind }) => mitigation === null && kind === 'attack');
    const why = [found?.reason, ...[control, judged].map((one) => one && account(one))].join('\n');
    expect(found, why).toMatchObject({ control: 'executed', verdict });
    expect(found?.reason, why).toMatch(says);
    expect(judged?.verdict, why).toBe('fail');
  });

  it('fails the run, and stops nothing that it leaves alone', () => {
    expect(exit).toBe(1);
    expect(record.mitigations).toHaveLength(Object.keys(mistakes).length);
    const stops = hardeningOf(record.mitigations).flatMap(({ mitigations }) =>
      mitigations.filter(({ declared }) => declared.stopped > 0).map(({ id }) => id),
    );
    const tooMuch = Object.entries(mistakes).filter(([, { verdict }]) => verdict === 'overblocks');
    expect(stops.toSorted()).toEqual(tooMuch.map(([id]) => id).toSorted());
  });
});
