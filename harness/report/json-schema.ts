// The JSON Schema of run.json, for CI scripts and other tools: made from the zod schema, so that they never differ.

import { z } from 'zod';
import { runRecordSchema, runRecordVersion } from '../model/run-record.ts';

/** Draft 2020-12. `atomclock report --schema` prints it, and the package carries it as run-record.schema.json. */
export const runRecordJsonSchema = (): object => ({
  ...z.toJSONSchema(runRecordSchema, { target: 'draft-2020-12' }),
  title: `Atomclock RunRecord, version ${runRecordVersion}`,
});
