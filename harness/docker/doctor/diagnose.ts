// All checks of the machine in order, and with `fix` the mending of what can be mended.

import { AtomclockError } from '../../model/errors.ts';
import type { TargetNeeds } from '../host/bearable-jobs.ts';
import type { Confirm } from '../host/install-engine.ts';
import type { Progress } from '../host/progress.ts';
import { type Check, type CheckName, checkNames } from './checks/check.ts';
import { checkApi, checkCgroup, checkEngine, lookForEngine } from './checks/engine.ts';
import { buildImages, checkImages, type WantedImages } from './checks/images.ts';
import { checkJobs } from './checks/jobs.ts';
import { checkKernel } from './checks/kernel.ts';
import { checkBtf, checkCapabilities, checkDisk, checkNode } from './checks/machine.ts';
import { checkSensor, type SensorProbe } from './checks/sensor.ts';

export interface DiagnoseOptions {
  /** Mend what is wrong; without it nothing is changed. */
  fix: boolean;
  confirm: Confirm;
  progress: Progress;
  /** What the lab that is asked for consists of. */
  images: WantedImages;
  targets: readonly TargetNeeds[];
  /** The sensor that must load into the kernel; null: none is asked for that must. */
  probe: SensorProbe | null;
}

/** Every check, in the order of `checkNames`. */
export async function diagnose({
  fix,
  confirm,
  progress,
  images: wanted,
  targets,
  probe,
}: DiagnoseOptions): Promise<Check[]> {
  const failures = new Map<CheckName, AtomclockError>();
  const mend = async (name: CheckName, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AtomclockError)) throw error;
      failures.set(name, error);
    }
  };
  let look = await lookForEngine();
  if (fix && 'trouble' in look) {
    const { trouble } = look;
    await mend('engine', async () => {
      // Loaded when needed: it brings a shell along.
      const { mendEngine } = await import('../host/install-engine.ts');
      await mendEngine(trouble, confirm, progress);
    });
    look = await lookForEngine();
  }
  const checks = [checkNode(), checkEngine(look)];
  if ('trouble' in look) checks.push(...withoutEngine(checks));
  else {
    const { facts } = look.engine;
    checks.push(
      checkApi(facts),
      checkCgroup(facts),
      checkBtf(facts),
      checkCapabilities(facts),
      checkDisk(facts),
      checkKernel(facts),
      checkJobs(facts, targets),
    );
    let images = await checkImages(wanted);
    if (fix && images.state === 'failed') {
      await mend('images', () => buildImages(wanted, progress));
      images = await checkImages(wanted);
    }
    checks.push(images, await checkSensor(facts, probe, { trust: fix }));
  }
  return checks.map((check) => withFailure(check, failures.get(check.name)));
}

const withoutEngine = (done: readonly Check[]): Check[] =>
  checkNames
    .filter((name) => !done.some((check) => check.name === name))
    .map((name) => ({ name, state: 'skipped', found: 'needs the engine' }));

/** A check whose mending failed says why, and what is left to do by hand. */
function withFailure(check: Check, failure: AtomclockError | undefined): Check {
  if (failure === undefined || check.state !== 'failed') return check;
  return { ...check, wrong: failure.message, ...(failure.hint !== undefined && { mend: failure.hint }) };
}
