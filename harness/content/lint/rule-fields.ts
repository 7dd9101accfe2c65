// Every field that a rule reads, with the place where it asks for it.

import type { Place } from '../../model/place.ts';
import type { Predicate, Rule } from '../../rules/index.ts';
import type { SequenceStage } from '../../rules/rule.ts';

export interface FieldUse {
  field: string;
  place: Place;
}

/** The fields of all conditions and join keys of a rule, in the order of its text. */
export function fieldsOf({ query, file }: Rule): FieldUse[] {
  const top: Place = { file, line: 1, column: 1 };
  switch (query.kind) {
    case 'event':
      return conditionFields(query.where);
    case 'sequence':
      return [
        ...query.stages.flatMap(stageFields),
        ...(query.until
          ? [
              ...conditionFields(query.until.where),
              ...query.until.by.map(({ field }) => ({ field, place: top })),
            ]
          : []),
      ];
    case 'sample':
      return query.stages.flatMap(stageFields);
    case 'correlation':
      // Its aliases and group-by fields are names of its own rules' log sources.
      return [];
  }
}

const stageFields = ({ where, by, place }: SequenceStage): FieldUse[] => [
  ...conditionFields(where),
  ...by.map(({ field }) => ({ field, place })),
];

function conditionFields(predicate: Predicate): FieldUse[] {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.of.flatMap(conditionFields);
    case 'not':
      return conditionFields(predicate.of);
    case 'field':
      return [{ field: predicate.field, place: predicate.place }];
    case 'computed':
      return predicate.fields.map((field) => ({ field, place: predicate.place }));
    case 'keyword':
    case 'constant':
      return [];
  }
}
