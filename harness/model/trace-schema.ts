// The form in which the trace of a case is kept beside its evidence.

import { z } from 'zod';
import type { EcsEvent } from './event.ts';
import { eventSchema } from './event-schema.ts';
import { scheduleSchema } from './inventory.ts';

const text = z.string();

const processSchema = z.object({
  depth: z.int().nonnegative(),
  pid: z.int(),
  commandLine: text,
  user: text,
  startedAt: text.nullable(),
  endedAt: text.nullable(),
  exitCode: z.int().nullable(),
  part: z.enum(['step', 'scheduler', 'job', 'payload']).exactOptional(),
});

const scheduleTraceSchema = z.object({
  ...scheduleSchema.pick({ kind: true, user: true, when: true, command: true, inert: true, nextRun: true })
    .shape,
  file: text.nullable(),
  written: z.object({ owner: text, mode: text, mtime: text.exactOptional() }).nullable(),
  before: z.boolean(),
  during: z.boolean(),
  after: z.boolean(),
  changed: z.literal(true).exactOptional(),
});

const testSchema = z.object({
  text,
  excluded: z.boolean(),
  holds: z.boolean(),
  seen: z.array(z.object({ field: text, value: text.nullable() })),
  place: z.object({ line: z.int(), column: z.int() }).exactOptional(),
});

const readingSchema = z.object({
  rule: text,
  matched: z.boolean(),
  stages: z.array(z.object({ eventId: text, matched: z.boolean(), tests: z.array(testSchema) })),
});

export const keptTraceSchema = z.object({
  madeFor: text,
  trace: z.object({
    events: z.array(eventSchema as unknown as z.ZodType<EcsEvent>),
    processes: z.array(processSchema),
    schedules: z.array(scheduleTraceSchema),
    readings: z.array(readingSchema),
  }),
});
