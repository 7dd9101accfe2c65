// Atomics in the forms in which others write them: what happened must be told as it was.

import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { CaseRecord, RunRecord } from '../../harness/model/run-record.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';

const timer = 'printf "[Timer]\\nOnActiveSec=1\\nAccuracySec=1s\\n" > /etc/systemd/system/p.timer';
const start = 'systemctl daemon-reload && systemctl start p.timer';
const service = (name: string, ...lines: string[]) =>
  `printf '%s\\n' '[Service]' ${lines.map((line) => `'${line}'`).join(' ')} > /etc/systemd/system/${name}.service`;

/** As Atomic Red Team writes a dependency. */
interface Needed {
  description: string;
  prereq_command: string;
  get_prereq_command: string;
}

/** The command, what must be observed, and what must be said. */
const forms: Record<
  string,
  { command: string; needs?: Needed; expected: Partial<CaseRecord>; reasons?: RegExp }
> = {
  'program of an entry that was there': {
    needs: {
      description: 'an entry that runs #{program}',
      prereq_command: 'test -e /etc/cron.d/old',
      get_prereq_command: [
        "printf '#!/bin/sh\\n:\\n' > #{program}; chmod +x #{program}",
        'echo "* * * * * root #{program}" > /etc/cron.d/old',
      ].join('\n'),
    },
    // While the kernel starts a program nobody may write into it, and cron starts this one again and again.
    command: "until printf '#!/bin/sh\\ntouch /tmp/p\\n' > #{program}; do :; done",
    expected: {
      observation: 'executed',
      proof: { scheduler: 'cron', commandLine: '/bin/sh /srv/job' } as never,
      given: { program: '/srv/job' },
    },
  },
  'mode and owner of tables': {
    command: 'chmod 0640 /etc/crontab; chown alice /etc/cron.d/e2scrub_all; touch /etc/cron.daily/dpkg',
    expected: { observation: 'performed' },
  },
  'prerequisite from the network': {
    needs: {
      description: 'a package',
      prereq_command: 'test -e /opt/tool',
      get_prereq_command: "bash -c ': > /dev/tcp/example.org/80'",
    },
    command: '/opt/tool',
    expected: { observation: null, verdict: 'skip' },
    reasons: /prerequisite not met: a package; getting it: .*\(targets have no network\)/,
  },
  'script beside it': {
    command: 'echo "* * * * * root $PathToAtomicsFolder/T1053.003/src/payload.sh" > /etc/cron.d/p',
    expected: { observation: 'executed' },
  },
  'script that is no program': {
    command: 'echo "touch /tmp/p" > /etc/cron.weekly/p; chmod +x /etc/cron.weekly/p',
    expected: { observation: 'inert' },
    reasons: /\/etc\/cron\.weekly\/p: anacron tried to run it and could not: .*ENOEXEC/,
  },
  'batch job': { command: 'echo "touch /tmp/p" | batch', expected: { observation: 'executed' } },
  "atd with an attack's command line": {
    command: [
      'mkdir -p /etc/systemd/system/atd.service.d',
      'printf "[Service]\\nExecStart=\\nExecStart=/bin/sh -c \'touch /tmp/by-unit; exec /usr/sbin/atd -f -l 9\'\\n" > /etc/systemd/system/atd.service.d/90-load.conf',
      'systemctl daemon-reload && systemctl restart atd',
      'until [ -e /tmp/by-unit ]; do :; done; echo "touch /tmp/p" | at now',
    ].join('\n'),
    expected: { observation: 'executed', proof: { scheduler: 'atd' } as never },
  },
  "cron by an attack's unit, on the real clock": {
    command: [
      'printf "[Service]\\nExecStart=/usr/sbin/cron -f -L 5\\n" > /etc/systemd/system/cron.service',
      'systemctl daemon-reload && systemctl restart cron',
      'echo "* * * * * root touch /tmp/p" > /etc/cron.d/p',
    ].join('\n'),
    expected: { observation: 'executed', proof: { scheduler: 'cron' } as never },
  },
  'daily script without anacron': {
    command:
      'printf "#!/bin/sh\\ntouch /tmp/p\\n" > /etc/cron.daily/p; chmod +x /etc/cron.daily/p; systemctl mask --now anacron.service',
    expected: { observation: 'inert' },
    reasons: /anacron\.service.* is masked/,
  },
  'job in a folder that is gone': {
    command: 'mkdir /tmp/d; cd /tmp/d; echo "touch /tmp/p" | at now + 1 minute; cd /; rmdir /tmp/d',
    expected: { observation: 'executed' },
    reasons: /launched and exited 1 before its shell started any program/,
  },
  'doubled backslash': {
    command: `printf '%s\\n' '* * * * * root printf "a\\\\b" >/tmp/p' > /etc/cron.d/p`,
    expected: { observation: 'executed' },
  },
  'service behind a target': {
    command: [
      'printf "[Timer]\\nOnActiveSec=1\\nAccuracySec=1s\\nUnit=q.target\\n" > /etc/systemd/system/p.timer',
      'printf "[Unit]\\nWants=r.service\\n" > /etc/systemd/system/q.target',
      service('r', 'ExecStart=/usr/bin/touch /tmp/p'),
      start,
    ].join('\n'),
    expected: { observation: 'executed' },
  },
  'failure that is forgiven': {
    command: [timer, service('p', 'ExecStartPre=-/bin/false', 'ExecStart=/usr/bin/touch /tmp/p'), start].join(
      '\n',
    ),
    expected: {
      observation: 'executed',
      proof: { commandLine: '/usr/bin/touch /tmp/p', exitCode: 0 } as never,
    },
  },
  'script that a unit runs': {
    command: [
      "printf '#!/bin/sh\\ntouch /tmp/p; exit 3\\n' > /opt/evil.sh; chmod +x /opt/evil.sh",
      timer,
      service('p', 'ExecStartPre=/bin/true', 'ExecStart=/opt/evil.sh with arguments'),
      start,
    ].join('\n'),
    expected: {
      observation: 'executed',
      proof: { commandLine: '/bin/sh /opt/evil.sh with arguments', exitCode: 3 } as never,
    },
  },
  'payload that a unit asks whether it may start': {
    command: [
      "printf '#!/bin/sh\\ntouch /tmp/p; exit 3\\n' > /opt/evil.sh; chmod +x /opt/evil.sh",
      timer,
      service('p', 'ExecCondition=/opt/evil.sh', 'ExecStart=/bin/true'),
      start,
    ].join('\n'),
    expected: {
      observation: 'executed',
      proof: { commandLine: '/bin/sh /opt/evil.sh', exitCode: 3 } as never,
    },
  },
  'payload in a unit that follows one that waits': {
    command: [
      timer,
      service('p', 'Type=oneshot', 'ExecStart=/bin/sleep 3', '[Unit]', 'OnSuccess=q.service'),
      service('q', 'ExecStart=/usr/bin/touch /tmp/p'),
      start,
    ].join('\n'),
    expected: { observation: 'executed', proof: { commandLine: '/usr/bin/touch /tmp/p' } as never },
  },
  'timer of a package, enabled': {
    command: 'systemctl enable fstrim.timer',
    expected: { observation: 'inert' },
    reasons: /fstrim\.timer is inactive \(dead\) and enabled: it starts with the next boot only/,
  },
  'failure before the payload': {
    command: [timer, service('p', 'ExecStartPre=/bin/false', 'ExecStart=/usr/bin/touch /tmp/p'), start].join(
      '\n',
    ),
    expected: { observation: 'inert' },
    reasons: /p\.service was launched and exited 1 before \/usr\/bin\/touch \/tmp\/p/,
  },
  'condition that does not hold': {
    command: [
      timer,
      `printf '[Unit]\\nConditionPathExists=/gone\\n[Service]\\nExecStart=/bin/true\\n' > /etc/systemd/system/p.service`,
      start,
    ].join('\n'),
    expected: { observation: 'inert' },
    reasons: /p\.service .*was skipped because of an unmet condition/,
  },
  'attack that goes on behind its back': {
    command: '(sleep 3; echo "* * * * * root touch /tmp/p" > /etc/cron.d/p) >/dev/null 2>&1 &',
    expected: { observation: 'executed' },
  },
  'transient timer from the background': {
    command:
      'setsid sh -c "sleep 3; systemd-run --on-active=1 --timer-property=AccuracySec=100ms touch /tmp/p" >/dev/null 2>&1 &',
    expected: { observation: 'executed' },
  },
  'nothing from the background': {
    command: 'sleep 300 >/dev/null 2>&1 &',
    expected: { observation: 'performed' },
  },
};

let record: RunRecord;
beforeAll(async () => {
  await using folder = await temporaryFolder({ 'T1053.003.yaml': atomicFile() });
  const technique = join(folder.path, 'T1053.003');
  await mkdir(join(technique, 'src'), { recursive: true });
  await rename(join(folder.path, 'T1053.003.yaml'), join(technique, 'T1053.003.yaml'));
  await writeFile(join(technique, 'src/payload.sh'), '#!/bin/sh\ntouch /tmp/p\n');
  await chmod(join(technique, 'src/payload.sh'), 0o755);
  ({ record } = await recordOf([
    'run',
    '--atomics',
    technique,
    '--get-prereqs',
    '--arg',
    'program=/srv/job',
    '--out',
    join(folder.path, 'run'),
  ]));
});

it.each(Object.entries(forms))('%s', (name, { expected, reasons }) => {
  const found = caseOf(record, name);
  expect(found, account(found)).toMatchObject(expected);
  if (reasons) expect(found.reasons.join('\n'), account(found)).toMatch(reasons);
});

function atomicFile(): string {
  const tests = Object.entries(forms).map(([name, { command, needs }]) => ({
    name,
    description: name,
    supported_platforms: ['linux'],
    ...(needs && {
      dependencies: [needs],
      input_arguments: { program: { description: 'a program', type: 'path', default: '/opt/job' } },
    }),
    executor: { name: 'sh', elevation_required: true, command },
  }));
  return stringify({ attack_technique: 'T1053.003', display_name: 'Forms', atomic_tests: tests });
}
