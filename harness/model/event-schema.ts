// What every event of evidence must be before anything is concluded from it: the fields that judging reads, by type.
// What else an event has is for rules, which take any value.

import { z } from 'zod';
import { isSensor, sensorNames } from './vocabularies/index.ts';

const time = z.iso.datetime({
  precision: null,
  error: 'expected a time in UTC such as 2026-01-31T12:00:00.5Z',
});
const text = z.string();
const account = z.looseObject({ id: text.optional(), name: text.optional() });

const processFields = {
  entity_id: text.optional(),
  pid: z.int().nonnegative().optional(),
  name: text.optional(),
  executable: text.optional(),
  args: z.array(text).optional(),
  args_count: z.int().nonnegative().optional(),
  command_line: text.optional(),
  working_directory: text.optional(),
  start: time.optional(),
  end: time.optional(),
  exit_code: z.int().optional(),
  user: account.optional(),
  real_user: account.optional(),
  saved_user: account.optional(),
  group: account.optional(),
  real_group: account.optional(),
  thread: z.looseObject({ id: z.int().optional() }).optional(),
};
const parentSchema = z.looseObject(processFields);
const processSchema = z.looseObject({ ...processFields, parent: parentSchema.optional() });

const fileSchema = z.looseObject({
  path: text,
  name: text.optional(),
  directory: text.optional(),
  extension: text.optional(),
  target_path: text.optional(),
  type: text.optional(),
  inode: text.optional(),
  mode: text.optional(),
  size: z.number().nonnegative().optional(),
  uid: text.optional(),
  gid: text.optional(),
  owner: text.optional(),
  group: text.optional(),
  Ext: z
    .looseObject({ original: z.looseObject({ path: text.optional(), name: text.optional() }).optional() })
    .optional(),
});

export const eventSchema = z.looseObject({
  '@timestamp': time,
  event: z.looseObject({
    id: text.min(1),
    kind: text,
    category: z.array(text),
    type: z.array(text),
    action: text,
    outcome: text.optional(),
    dataset: text.optional(),
    module: text.optional(),
    provider: text.optional(),
    sequence: z.int().positive().optional(),
  }),
  process: processSchema.optional(),
  file: fileSchema.optional(),
  user: account.optional(),
  group: account.optional(),
  message: text.optional(),
  atomclock: z.looseObject({
    sensor: text.refine(isSensor, { error: () => `expected a sensor: ${sensorNames().join(', ')}` }),
    sequence: z.int().optional(),
    host_pid: z.int().optional(),
    parent_host_pid: z.int().optional(),
  }),
});
