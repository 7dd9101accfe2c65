import { describe, expect, it } from 'vitest';
import { account, caseOf } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';

const atomic = (files: number, programs: number) => `
attack_technique: T1053.002
display_name: At
atomic_tests:
- name: Job under a flood
  auto_generated_guid: 5d5be3a0-2f0c-4c1e-8a44-3a1c8a7d0f21
  description: An at job while ${files} files are made and ${programs} programs started.
  supported_platforms: [linux]
  executor:
    name: bash
    elevation_required: true
    command: |
      mkdir /var/flood
      perl -e 'for (1..${files}) { open(my $f, ">", "/var/flood/$_"); print $f "x"; close $f }' >/dev/null &
      for i in $(seq ${programs}); do /bin/true; done >/dev/null &
      echo 'touch /tmp/atomclock-flood' | at now
      wait
`;

const underFlood = async (flood: string, env: Record<string, string> = {}) => {
  await using folder = await temporaryFolder({ 'T1053.002.yaml': flood });
  const words = ['run', '--atomics', `${folder.path}/T1053.002.yaml`, '--out', `${folder.path}/run`];
  return await recordOf(words, env);
};

describe('a flood in the target', () => {
  it('loses nothing, and the job in it is proven', async () => {
    const { exitCode, record } = await underFlood(atomic(25_000, 2_500));
    const flooded = caseOf(record, 'job-under-a-flood');
    expect(flooded, account(flooded)).toMatchObject({ observation: 'executed', proof: { scheduler: 'atd' } });
    expect(flooded.telemetry.lost).toBe(0);
    // 25,000 creations and closes, 2,500 forks, executions and ends.
    expect(flooded.telemetry.perSensor.ebpf?.events).toBeGreaterThan(57_500);
    expect(exitCode).toBe(0);
  });

  it('is errored with the loss, never missed, where the buffer is too small', async () => {
    const { exitCode, record } = await underFlood(atomic(10_000, 500), { ATOMCLOCK_SENSOR_RING_KIB: '16' });
    const flooded = caseOf(record, 'job-under-a-flood');
    expect(flooded, account(flooded)).toMatchObject({ observation: 'errored', verdict: 'error' });
    expect(flooded.telemetry.lost).toBeGreaterThan(0);
    expect(flooded.reasons.join()).toMatch(/lost \d+ events/);
    expect(exitCode).toBe(3);
  });
});
