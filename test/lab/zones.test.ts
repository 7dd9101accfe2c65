// Whose clock a schedule is read by: a zone that an attack moves, or gives to the daemon; a table that cron does not read
// again; and jobs that are launched and skip their payload. Each is told as what really happens.

import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { CaseRecord, RunRecord } from '../../harness/model/run-record.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';

/** A table's line for two minutes from now, by the clocks of this zone. */
const soon = (zone: string, job: string): string =>
  `$(TZ=${zone} date -d "+2 minutes" "+%M %H") * * * root ${job}`;
const cronTz = (zone: string): string =>
  `mkdir -p /etc/systemd/system/cron.service.d; printf '[Service]\\nEnvironment=TZ=${zone}\\n' > /etc/systemd/system/cron.service.d/zone.conf; systemctl daemon-reload; systemctl restart cron`;

/** What cron must not see in between: it looks once a second here. */
const unseen = (...commands: readonly string[]): string =>
  ['pkill -STOP -x cron', ...commands, 'pkill -CONT -x cron'].join('\n');

/** The command, what must be observed, and what must be said. */
const forms: Record<string, { command: string; expected: Partial<CaseRecord>; reasons?: RegExp }> = {
  'zone moved by more than three hours': {
    command: [
      'ln -sf /usr/share/zoneinfo/Asia/Kolkata /etc/localtime',
      `echo "${soon('Asia/Kolkata', 'touch /tmp/p')}" > /etc/cron.d/p`,
    ].join('\n'),
    expected: { observation: 'executed', proof: { scheduler: 'cron' } as never },
  },
  'zone copied as a file': {
    command: [
      'rm /etc/localtime; cp /usr/share/zoneinfo/America/New_York /etc/localtime',
      `echo "${soon('America/New_York', 'touch /tmp/p')}" > /etc/cron.d/p`,
    ].join('\n'),
    expected: { observation: 'executed', proof: { scheduler: 'cron' } as never },
  },
  'zone given to the daemon': {
    command: [
      cronTz('Asia/Kathmandu'),
      `echo "${soon('Asia/Kathmandu', 'touch /tmp/p')}" > /etc/cron.d/p`,
    ].join('\n'),
    expected: { observation: 'executed', proof: { scheduler: 'cron' } as never },
  },
  'zone of the table, which is the job’s alone': {
    command: `printf 'TZ=Asia/Tokyo\\n%s\\n' "${soon('UTC', 'touch /tmp/p')}" > /etc/cron.d/p`,
    expected: { observation: 'executed', proof: { scheduler: 'cron' } as never },
  },
  'table with its old time': {
    command: unseen(
      'touch -r /etc/crontab /tmp/time',
      'echo "* * * * * root touch /tmp/p" >> /etc/crontab',
      'touch -r /tmp/time /etc/crontab',
    ),
    expected: { observation: 'inert' },
    reasons: /^cron did not read \/etc\/crontab again: its modification time \(\d{4}-\S+Z\) is that of/m,
  },
  'new table in a folder with its old time': {
    command: unseen(
      'touch -r /etc/cron.d /tmp/time',
      'echo "* * * * * root touch /tmp/p" > /etc/cron.d/p',
      'touch -r /tmp/time /etc/cron.d',
    ),
    expected: { observation: 'inert' },
    reasons: /^cron did not read \/etc\/cron\.d\/p: the modification time of \/etc\/cron\.d \(/m,
  },
  'table with an older time, which is another one': {
    command: ['echo "* * * * * root touch /tmp/p" >> /etc/crontab', 'touch -d 2001-01-01 /etc/crontab'].join(
      '\n',
    ),
    expected: { observation: 'executed' },
  },
  // What a fast clock makes likely: cron looks in the moment of the change.
  'table in a folder whose time cron has just seen': {
    command: [
      'cd /var/spool/cron/crontabs; touch . ; touch -r . /tmp/time; sleep 3',
      'echo "* * * * * touch /tmp/p" > root; chmod 0600 root',
      'touch -r /tmp/time .',
    ].join('\n'),
    expected: { observation: 'executed' },
  },
  'flock that is held': {
    command: [
      '(flock 9; exec sleep 100) 9>/tmp/lock >/dev/null 2>&1 &',
      'until ! flock -n /tmp/lock true; do :; done',
      'echo "* * * * * root flock -n /tmp/lock touch /tmp/p" > /etc/cron.d/p',
    ].join('\n'),
    expected: { observation: 'inert' },
    reasons:
      /flock -n \/tmp\/lock touch \/tmp\/p was launched: touch \/tmp\/p never ran: flock did not get its lock/,
  },
  'flag file that is missing': {
    command: 'echo "* * * * * root [ -e /tmp/flag ] && touch /tmp/p" > /etc/cron.d/p',
    expected: { observation: 'inert' },
    reasons: /was launched: touch \/tmp\/p never ran after \[ -e \/tmp\/flag \]/,
  },
  'flag file that comes late': {
    command: [
      'echo "* * * * * root [ -e /tmp/flag ] && touch /tmp/p" > /etc/cron.d/p',
      '(sleep 4; touch /tmp/flag; sleep 60) >/dev/null 2>&1 &',
    ].join('\n'),
    expected: { observation: 'executed' },
  },
  'script that may not be executed': {
    command: [
      'printf "#!/bin/sh\\ntouch /tmp/p\\n" > /opt/p.sh',
      'echo "* * * * * root test -x /opt/p.sh && /opt/p.sh" > /etc/cron.d/p',
    ].join('\n'),
    expected: { observation: 'inert' },
    reasons:
      /was launched: \/opt\/p\.sh never ran: .*test -x \/opt\/p\.sh did not hold|\/opt\/p\.sh never ran: it may not/,
  },
  'script with a dotted name': {
    command: [
      'mkdir /opt/jobs; printf "#!/bin/sh\\ntouch /tmp/p\\n" > /opt/jobs/p.sh; chmod +x /opt/jobs/p.sh',
      'echo "* * * * * root run-parts /opt/jobs" > /etc/cron.d/p',
    ].join('\n'),
    expected: { observation: 'inert' },
    reasons:
      /run-parts \/opt\/jobs was launched: \/opt\/jobs\/p\.sh never ran: its name p\.sh is none that run-parts takes/,
  },
  'at job that takes its time': {
    command: 'echo "sleep 8; touch /tmp/p" | at now',
    expected: { observation: 'executed', proof: { scheduler: 'atd', exitCode: 0 } as never },
  },
};

let record: RunRecord;
beforeAll(async () => {
  await using folder = await temporaryFolder({ 'T1053.003.yaml': atomicFile() });
  ({ record } = await recordOf([
    'run',
    '--atomics',
    join(folder.path, 'T1053.003.yaml'),
    '--out',
    join(folder.path, 'run'),
  ]));
});

it.each(Object.entries(forms))('%s', (name, { expected, reasons }) => {
  const found = caseOf(record, name);
  expect(found, account(found)).toMatchObject(expected);
  if (reasons) expect(found.reasons.join('\n'), account(found)).toMatch(reasons);
});

it('the wait lasts as long as the job: clean-up finds nothing of its scheduler’s', () => {
  const found = caseOf(record, 'at job that takes its time');
  const { timings, residue } = found;
  expect(timings.waitMs, account(found)).toBeGreaterThan(7_000);
  expect(residue.join('\n')).not.toMatch(/spool/);
});

function atomicFile(): string {
  const tests = Object.entries(forms).map(([name, { command }]) => ({
    name,
    description: name,
    supported_platforms: ['linux'],
    executor: { name: 'sh', elevation_required: true, command },
  }));
  return stringify({ attack_technique: 'T1053.003', display_name: 'Zones', atomic_tests: tests });
}
