// What is wrong with this machine, and with `fix` the mending of it.

import { readTargets } from '../content/targets.ts';
import type { Check } from '../docker/doctor/checks/check.ts';
import type { WantedImages } from '../docker/doctor/checks/images.ts';
import type { SensorProbe } from '../docker/doctor/checks/sensor.ts';
import { diagnose } from '../docker/doctor/diagnose.ts';
import { targetImage } from '../docker/image/images.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import type { TargetDefinition } from '../model/target.ts';
import type { SensorDescriptor } from '../telemetry/registry.ts';
import { sensors } from '../telemetry/registry.ts';
import { chooseTargets } from './choose-targets.ts';
import type { DoctorRequest } from './request.ts';
import { chosenSensors, sensorsNamed } from './sensors.ts';
import { stamped } from './world.ts';

export type { Check };

/** Whoever can be asked before something of the machine is changed; null where there is nobody. */
export type Confirm = ((question: string) => Promise<boolean>) | null;

/**
 * Checks this machine, and whether what a run on these targets with these sensors needs is there.
 * @param confirm asked before packages are installed
 * @returns a row for each check, in order, and whether the lab can run
 * @throws AtomclockError `run/unknown-target`, `run/unknown-sensor`
 */
export async function examine(
  { fix, targets, sensors: names }: DoctorRequest,
  confirm: Confirm,
  onEvent: OnRunEvent,
): Promise<{ ready: boolean; checks: Check[] }> {
  const say = stamped(onEvent);
  const images = wantedImages(targets, names);
  const checks = await diagnose({
    fix,
    confirm,
    progress: (message) => say({ kind: 'note', message }),
    images,
    targets: [...targetsOf(targets).values()].map(({ profile }) => profile),
    probe: probeOf(sensorsNamed(chosenSensors(names))),
  });
  return { ready: checks.every(({ state }) => state !== 'failed'), checks };
}

/** The images of the targets and sensors that are asked for, and all others that there are. */
export function wantedImages(
  targets: DoctorRequest['targets'],
  names: DoctorRequest['sensors'],
): WantedImages {
  const wanted = new Set([...targetsOf(targets).values()].map((definition) => targetImage(definition).name));
  // Targets that differ in their privileges share an image.
  const all = new Map([...readTargets().values()].map(targetImage).map((image) => [image.name, image]));
  const chosenImages = new Set(sensorsNamed(chosenSensors(names)).flatMap(imagesOf));
  const images = [...all.values(), ...sensors().flatMap(imagesOf)];
  const isNeeded = (image: WantedImages['needed'][number]): boolean =>
    wanted.has(image.name) || chosenImages.has(image);
  return { needed: images.filter(isNeeded), others: images.filter((image) => !isNeeded(image)) };
}

/** `none` alone means no target. */
const targetsOf = (names: DoctorRequest['targets']): Map<string, TargetDefinition> =>
  names.length === 1 && names[0] === 'none' ? new Map() : chooseTargets(names);

const imagesOf = (sensor: SensorDescriptor) =>
  sensor.kind === 'live' && sensor.sidecar ? [sensor.sidecar.image] : [];

/** The first that says when it is ready: it is the one that sees processes. */
function probeOf(chosen: readonly SensorDescriptor[]): SensorProbe | null {
  for (const sensor of chosen) {
    if (sensor.kind !== 'live' || !sensor.sidecar || !sensor.hearReady) continue;
    const { image, capAdd } = sensor.sidecar;
    return { image, capAdd, hearReady: sensor.hearReady };
  }
  return null;
}
