// The vocabularies of all sensors there are, by name: a sensor is what has one.

import type { SensorName } from '../event.ts';
import { auditVocabulary } from './audit.ts';
import { ebpfVocabulary } from './ebpf.ts';
import { engineVocabulary } from './engine.ts';
import { inventoryVocabulary } from './inventory.ts';
import { journalVocabulary } from './journal.ts';
import { residueVocabulary } from './residue.ts';
import type { Vocabulary } from './vocabulary.ts';

export type { Vocabulary } from './vocabulary.ts';

/** In the order in which sensors are named everywhere. */
const known = new Map<SensorName, Vocabulary>(
  [
    ebpfVocabulary,
    journalVocabulary,
    auditVocabulary,
    engineVocabulary,
    inventoryVocabulary,
    residueVocabulary,
  ].map((vocabulary) => [vocabulary.sensor, vocabulary]),
);

export const vocabularies = (): readonly Vocabulary[] => [...known.values()];

export const sensorNames = (): readonly SensorName[] => [...known.keys()];

export const isSensor = (name: string): boolean => known.has(name);

/** Undefined for a sensor that nobody knows here: nothing can be concluded from its silence. */
export const vocabularyOf = (sensor: SensorName): Vocabulary | undefined => known.get(sensor);

/**
 * Makes a further sensor known until what is given back is disposed of. Registering the sensor itself does it
 * (telemetry/registry.ts).
 * @throws TypeError when there is one of this name: two sensors could not be told apart
 */
export function addVocabulary(vocabulary: Vocabulary): Disposable {
  const { sensor } = vocabulary;
  if (known.has(sensor)) throw new TypeError(`there is a sensor ${sensor} already`);
  known.set(sensor, vocabulary);
  return { [Symbol.dispose]: () => void known.delete(sensor) };
}

/** Whether events of the sensor can have the field. */
export const gives = ({ fields, families }: Vocabulary, field: string): boolean =>
  fieldSet(fields).has(field) || families.some((family) => field.startsWith(family));

/** Whether some event of the sensor may have one of these values in the field. */
export function mayHave(
  vocabulary: Vocabulary,
  field: string,
  values: readonly (string | number)[],
): boolean {
  if (!gives(vocabulary, field)) return false;
  const all = Object.hasOwn(vocabulary.values, field) ? vocabulary.values[field] : undefined;
  return all === undefined || values.some((value) => all.includes(value));
}

/** The sensors of which events can have the field. */
export const sensorsGiving = (field: string): readonly SensorName[] =>
  vocabularies()
    .filter((vocabulary) => gives(vocabulary, field))
    .map(({ sensor }) => sensor);

/** The sensors that tell this action; where none names it, those that may: what they watch names it. */
export function sensorsTelling(action: string, category?: string): readonly SensorName[] {
  const of = ({ actions }: Vocabulary): readonly string[] =>
    category === undefined ? Object.values(actions).flat() : (actions[category] ?? []);
  const naming = vocabularies().filter((vocabulary) => of(vocabulary).includes(action));
  const telling =
    naming.length > 0
      ? naming
      : vocabularies().filter(({ furtherActionsIn = [] }) =>
          category === undefined ? furtherActionsIn.length > 0 : furtherActionsIn.includes(category),
        );
  return telling.map(({ sensor }) => sensor);
}

/** The sensors with events of the category; `any` for any event. */
export const sensorsOfCategory = (category: string): readonly SensorName[] =>
  vocabularies()
    .filter(({ actions }) => category === 'any' || Object.hasOwn(actions, category))
    .map(({ sensor }) => sensor);

/** Names as a set, made once for each list. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();
function fieldSet(fields: readonly string[]): ReadonlySet<string> {
  const made = sets.get(fields) ?? new Set(fields);
  sets.set(fields, made);
  return made;
}
