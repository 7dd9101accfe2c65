// Which sensors provide a log source: those whose vocabulary has events that the taxonomy counts as its own.

import type { SensorName } from '../../model/event.ts';
import { gives, mayHave, type Vocabulary, vocabularies } from '../../model/vocabularies/index.ts';
import { type LogSourceMapping, type LogSourceName, mappingOf, programField } from './taxonomy.ts';

/**
 * The sensors that provide a log source: none when the product is not Linux or nothing here sees such events.
 * @param source the log source of a rule, as in `Rule.source`
 */
export function sensorsFor(source: LogSourceName): readonly SensorName[] {
  const mapping = mappingOf(source);
  if (mapping === undefined) return [];
  return vocabularies()
    .filter((vocabulary) => provides(vocabulary, mapping))
    .map(({ sensor }) => sensor);
}

function provides(vocabulary: Vocabulary, mapping: LogSourceMapping): boolean {
  const { eventCategory, events = [], programs, typeWithoutAction, always } = mapping;
  const { actions } = vocabulary;
  if (eventCategory !== undefined && !Object.hasOwn(actions, eventCategory)) return false;
  if (always !== undefined && !gives(vocabulary, always)) return false;
  if (events.length === 0 && programs === undefined && typeWithoutAction === undefined) return true;
  const told = eventCategory === undefined ? Object.values(actions).flat() : (actions[eventCategory] ?? []);
  return (
    (programs !== undefined && gives(vocabulary, programField)) ||
    events.some(({ field, values }) =>
      field === 'event.action'
        ? values.some((value) => told.includes(String(value)))
        : mayHave(vocabulary, field, values),
    )
  );
}
