// The fields that the sensors' events have: a rule that asks for any other can never fire here.

import { sensorsGiving, vocabularies } from '../../model/vocabularies/index.ts';

export const isTelemetryField = (field: string): boolean => sensorsGiving(field).length > 0;

/** All names, for suggestions. */
export const telemetryFields = (): ReadonlySet<string> =>
  new Set(vocabularies().flatMap(({ fields }) => fields));
