import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';

const atomic = (number: number, name: string, command: string) => `
- name: ${name}
  auto_generated_guid: 5d5be3a0-2f0c-4c1e-8a44-3a1c8a7d0f3${number}
  description: A schedule that nobody wants to wait for.
  supported_platforms: [linux]
  executor:
    name: sh
    elevation_required: true
    command: |
      ${command}
`;

const atomics = `
attack_technique: T1053.003
display_name: Far schedules
atomic_tests:${[
  atomic(1, 'January', "echo '17 3 1 1 * root touch /tmp/far' > /etc/cron.d/far"),
  atomic(2, 'Next boot', "echo '@reboot root touch /tmp/far' > /etc/cron.d/far"),
  atomic(
    3,
    'Every day',
    "printf '#!/bin/sh\\ntouch /tmp/far\\n' > /etc/cron.daily/far; chmod +x /etc/cron.daily/far",
  ),
  atomic(4, 'In three days', "echo 'touch /tmp/far' | at now + 3 days"),
].join('')}`;

describe('a job that is due in days or months', () => {
  let record: RunRecord;
  beforeAll(async () => {
    await using folder = await temporaryFolder({ 'T1053.003.yaml': atomics });
    const words = ['run', '--atomics', `${folder.path}/T1053.003.yaml`, '--out', `${folder.path}/run`];
    ({ record } = await recordOf(words));
  });

  it.each([
    ['january', 'cron'],
    ['next-boot', 'cron'],
    ['every-day', 'anacron'],
    ['in-three-days', 'atd'],
  ])('%s is launched by the real %s, whose clock alone was moved', (slug, scheduler) => {
    const found = caseOf(record, slug);
    expect(found, account(found)).toMatchObject({
      observation: 'executed',
      proof: { scheduler, exitCode: 0 },
    });
    expect(found.proof?.latencyMs).toBeLessThan(600_000);
  });
});
