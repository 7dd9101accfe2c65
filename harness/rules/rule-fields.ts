// Every field that a rule reads, with the place where it asks for it.

import type { Place } from '../model/place.ts';
import type { Predicate } from './predicate.ts';
import type { Rule, SequenceStage } from './rule.ts';

export interface FieldUse {
  field: string;
  place: Place;
}

/** The fields of all conditions and join keys of a rule, in the order of its text. */
export function fieldsOf({ query, file }: Rule): FieldUse[] {
  switch (query.kind) {
    case 'event':
      return conditionFields(query.where);
    case 'sequence':
      return [...query.stages, ...(query.until ? [query.until] : [])].flatMap((stage) =>
        stageFields(stage, file),
      );
    case 'sample':
      return query.stages.flatMap((stage) => stageFields(stage, file));
    case 'correlation':
      // Its aliases and group-by fields are names of its own rules' log sources.
      return [];
  }
}

const stageFields = ({ where, by }: Pick<SequenceStage, 'where' | 'by'>, file: string): FieldUse[] => [
  ...conditionFields(where),
  ...by.map(({ field, place = { file, line: 1, column: 1 } }) => ({ field, place })),
];

function conditionFields(predicate: Predicate): FieldUse[] {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.of.flatMap(conditionFields);
    case 'not':
      return conditionFields(predicate.of);
    case 'field':
      return [{ field: predicate.field, place: predicate.fieldPlace ?? predicate.place }];
    case 'computed':
      return predicate.fields.map((field, index) => ({
        field,
        place: predicate.fieldPlaces?.[index] ?? predicate.place,
      }));
    case 'keyword':
    case 'constant':
      return [];
  }
}
