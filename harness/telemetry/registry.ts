// All sensors there are. A new one is a folder with its descriptor, its vocabulary in model/vocabularies, and a line in
// each list. What a sensor needs beyond its descriptor is loaded when it is started.

import type { SensorName } from '../model/event.ts';
import { addVocabulary } from '../model/vocabularies/index.ts';
import { auditDescriptor } from './audit/descriptor.ts';
import type { SensorDescriptor } from './descriptor.ts';
import { ebpfDescriptor } from './ebpf/descriptor.ts';
import { engineDescriptor } from './engine/descriptor.ts';
import { inventoryDescriptor } from './inventory/descriptor.ts';
import { journalDescriptor } from './journal/descriptor.ts';
import { residueDescriptor } from './residue/descriptor.ts';

export type { LiveDescriptor, SensorDescriptor, SnapshotDescriptor } from './descriptor.ts';

/** In the order in which sensors are named everywhere. */
const registered: SensorDescriptor[] = [
  ebpfDescriptor,
  journalDescriptor,
  auditDescriptor,
  engineDescriptor,
  inventoryDescriptor,
  residueDescriptor,
];

export const sensors = (): readonly SensorDescriptor[] => registered;

export const nameOf = ({ vocabulary }: SensorDescriptor): SensorName => vocabulary.sensor;

/** The sensors that a run uses unless told otherwise. */
export const defaultSensors = (): SensorName[] => registered.filter(({ byDefault }) => byDefault).map(nameOf);

/**
 * Adds a sensor, with its vocabulary, until what is given back is disposed of: from then on it can be chosen, is
 * started, and rules, lint, help and lists know of it.
 * @throws TypeError when there is one of this name, or the name cannot be a file's
 */
export function registerSensor(descriptor: SensorDescriptor): Disposable {
  const name = nameOf(descriptor);
  // It names the file of its raw records, and stands between commas on the command line.
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
    throw new TypeError(`expected a sensor's name of lower-case letters, digits and hyphens, got '${name}'`);
  const vocabulary = addVocabulary(descriptor.vocabulary);
  registered.push(descriptor);
  return {
    [Symbol.dispose]() {
      registered.splice(registered.indexOf(descriptor), 1);
      vocabulary[Symbol.dispose]();
    },
  };
}
