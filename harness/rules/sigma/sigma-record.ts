// An ECS event under the names that Sigma has for it in a log source: what rules of that source read of it, and no more.

import { fieldReader } from '../match/field.ts';
import { type FieldMapping, type LogSourceName, mappingOf } from './taxonomy.ts';

/**
 * The record that a rule of the log source reads, flat, as Sigma's own regression data has it.
 * @returns null where the taxonomy has no such log source
 * @source Sigma specification, appendix: taxonomy
 */
export function sigmaRecord(event: object, source: LogSourceName): Record<string, unknown> | null {
  const mapping = mappingOf(source);
  if (!mapping) return null;
  const { fields, otherFieldsUnder, keywordField } = mapping;
  const record: Record<string, unknown> = {};
  const others = otherFieldsUnder === undefined ? undefined : fieldReader(otherFieldsUnder)(event);
  if (typeof others === 'object' && others !== null) Object.assign(record, others);
  for (const [name, field] of Object.entries(fields)) {
    const value = spelledAsSigma(event, field);
    if (value !== undefined) record[name] = value;
  }
  if (keywordField !== undefined) record[keywordField] = fieldReader(keywordField)(event);
  return record;
}

/** As Sigma spells it, where ECS has another word for it. */
function spelledAsSigma(event: object, mapping: FieldMapping): unknown {
  if (typeof mapping === 'string') return fieldReader(mapping)(event);
  const value = fieldReader(mapping.field)(event);
  const [spelled] = Object.entries(mapping.values).find(([, ecs]) => ecs === value) ?? [];
  return spelled ?? value;
}
