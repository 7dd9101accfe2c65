// The doctor's judgement of machines that this one is not.

import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkApi, checkEngine } from '../../../harness/docker/doctor/checks/engine.ts';
import { checkKernel, kernelFeatures } from '../../../harness/docker/doctor/checks/kernel.ts';
import {
  checkBtf,
  checkCapabilities,
  checkDisk,
  checkNode,
} from '../../../harness/docker/doctor/checks/machine.ts';
import type { EngineFacts } from '../../../harness/docker/host/connection.ts';

const facts: EngineFacts = {
  version: '27.0.0',
  apiVersion: '1.46',
  cgroupVersion: 2,
  cgroupDriver: 'systemd',
  kernel: release(),
  operatingSystem: 'Debian GNU/Linux 13',
  architecture: 'aarch64',
  cpus: 4,
  memoryBytes: 1,
  rootless: false,
  rootDirectory: '/',
  chosenBy: 'the default socket',
};
const remote = { ...facts, kernel: '1.2.3-elsewhere' };

describe('the checks', () => {
  it('note what the kernel has not got, and fail for none of it', () => {
    expect(checkKernel(facts, () => undefined)).toMatchObject({ state: 'ok' });
    const nothing = checkKernel(facts, () => 'built without');
    expect(nothing.state).toBe('note');
    expect(nothing.wrong?.split('\n')).toEqual(kernelFeatures.map((feature) => `${feature}: built without`));
    expect(checkKernel(remote, () => 'built without').state).toBe('skipped');
  });

  it('want Node 24', () => {
    expect(checkNode('24.0.0').state).toBe('ok');
    expect(checkNode('20.20.2')).toMatchObject({ state: 'failed', mend: expect.any(String) });
  });

  it.each([
    ['1.40', 'failed'],
    ['1.41', 'ok'],
    ['1.9', 'failed'],
    ['2.0', 'ok'],
  ])('judge API %s as %s', (apiVersion, state) => {
    expect(checkApi({ ...facts, apiVersion }).state).toBe(state);
  });

  it('want CAP_SYS_ADMIN in the bounding set of the machine', () => {
    expect(checkCapabilities(facts, 'CapBnd:\t000001fffeffffff\n').state).toBe('ok');
    const without = checkCapabilities(facts, 'CapBnd:\t00000000a80425fb\n');
    expect(without).toMatchObject({ state: 'failed', wrong: expect.stringContaining('CAP_SYS_ADMIN') });
  });

  it('say that a rootless engine cannot load the sensor', () => {
    expect(checkCapabilities({ ...facts, rootless: true }).state).toBe('failed');
  });

  it('want type information of the kernel', () => {
    expect(checkBtf(facts, '/no/such/file')).toMatchObject({ state: 'failed', mend: expect.any(String) });
  });

  it('do not judge this machine when the engine is on another', () => {
    expect(
      [checkBtf(remote), checkCapabilities(remote, ''), checkDisk(remote)].map(({ state }) => state),
    ).toEqual(['skipped', 'skipped', 'skipped']);
  });

  it('name what keeps the engine from answering, and the command that mends it', () => {
    const trouble = { kind: 'stopped' as const, wrong: 'it is down', mend: 'dockerd' };
    expect(checkEngine({ trouble })).toMatchObject({ state: 'failed', wrong: 'it is down', mend: 'dockerd' });
  });
});
