// Which field of an event a Sigma field name means: the name itself, or its place in ECS.

import type { Place } from '../../model/place.ts';
import type { Report } from './report.ts';
import { suggestionFor } from './suggestion.ts';
import type { LogSourceMapping } from './taxonomy.ts';

export interface FieldName {
  readonly field: string;
  /** Values that are spelled differently there: Sigma's (lower case) → the event's. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface Names {
  field(name: string, place: Place): FieldName;
  /** The field that keywords are looked for in; every field of the event when absent. */
  readonly keywordField?: string;
}

/** Events carry the names that the rule uses. */
export const namesAsWritten: Names = { field: (name) => ({ field: name }) };

/** Events carry ECS names; a name that the table does not have is reported once. */
export function ecsNames(mapping: LogSourceMapping, report: Report): Names {
  const unmapped = new Set<string>();
  const field = (name: string, place: Place): FieldName => {
    const mapped = Object.hasOwn(mapping.fields, name) ? mapping.fields[name] : undefined;
    if (mapped !== undefined) return typeof mapped === 'string' ? { field: mapped } : mapped;
    if (mapping.otherFieldsUnder !== undefined) return { field: `${mapping.otherFieldsUnder}.${name}` };
    // A dotted name is an ECS name already.
    if (!name.includes('.') && !unmapped.has(name)) {
      unmapped.add(name);
      report.warning(
        'unmapped-field',
        place,
        `no event of this log source has the field \`${name}\`: a test of it never matches`,
        suggestionFor(name, Object.keys(mapping.fields)),
      );
    }
    return { field: name };
  };
  return mapping.keywordField === undefined ? { field } : { field, keywordField: mapping.keywordField };
}
