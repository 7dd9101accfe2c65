// The parts of Elastic's rule files that decide what a rule finds and what is said about it: those of detection-rules,
// and those of protections-artifacts (Elastic Defend), which differ in a few names.

import { z } from 'zod';

const technique = z.looseObject({
  id: z.string(),
  subtechnique: z.array(z.looseObject({ id: z.string() })).optional(),
});

const threat = z.array(z.looseObject({ technique: z.array(technique).optional() }));

const ruleSchema = z
  .looseObject(
    {
      name: z.string(),
      rule_id: z.string().optional(),
      /** Elastic Defend's name for it; in an export of Kibana, the id of the saved object. */
      id: z.string().optional(),
      /** Elastic Defend has rules in EQL alone. */
      type: z.string().default('eql'),
      language: z.string().optional(),
      query: z.string().optional(),
      description: z.string().optional(),
      severity: z.string().optional(),
      false_positives: z.array(z.string()).optional(),
      event_category_override: z.string().optional(),
      timestamp_field: z.string().optional(),
      threat: threat.optional(),
      filters: z.array(z.unknown()).optional(),
      exceptions_list: z.array(z.unknown()).optional(),
    },
    { error: 'expected a table `[rule]`' },
  )
  .refine(({ rule_id, id }) => (rule_id ?? id) !== undefined, {
    path: ['rule_id'],
    message: 'expected a string, found nothing',
  });

export const ruleFileSchema = z.looseObject({
  rule: ruleSchema,
  /** Where Elastic Defend's files have it. */
  threat: threat.optional(),
  exceptions: z.array(z.looseObject({ items: z.array(z.unknown()).optional() })).optional(),
});

export type ElasticRule = z.infer<typeof ruleSchema>;

/** One exception: all of its entries together describe what is excepted. */
export const exceptionItemSchema = z.looseObject({
  name: z.string().optional(),
  entries: z.array(z.unknown()),
});

const operator = z.enum(['included', 'excluded']);

export const exceptionEntrySchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('match'), field: z.string(), operator, value: z.string() }),
  z.looseObject({ type: z.literal('match_any'), field: z.string(), operator, value: z.array(z.string()) }),
  z.looseObject({ type: z.literal('wildcard'), field: z.string(), operator, value: z.string() }),
  z.looseObject({ type: z.literal('exists'), field: z.string(), operator }),
  z.looseObject({ type: z.literal('list'), field: z.string(), operator }),
  z.looseObject({ type: z.literal('nested'), field: z.string(), entries: z.array(z.unknown()) }),
]);

/** One of the rule's filters: a condition in Elasticsearch's query DSL. */
export const filterSchema = z.looseObject({
  meta: z.looseObject({ negate: z.boolean().optional(), disabled: z.boolean().optional() }).optional(),
  query: z.record(z.string(), z.unknown()),
});
