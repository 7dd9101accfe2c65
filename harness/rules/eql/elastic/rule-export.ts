// Rules as Kibana exports them: JSON objects, one per line or in an array, with their exceptions among them.

import { z } from 'zod';
import { type Source, sourceOf } from '../../../model/source.ts';
import { eqlProblem } from '../problem.ts';
import { slugOf } from '../query-file.ts';
import { type ReadRule, readRuleFile } from './rule-file.ts';

/**
 * Reads an export of Kibana's detection rules (`.ndjson`), or the same objects as one JSON text. Gives every rule in
 * it, or the problems that stand in its way; a rule gets the exceptions that are exported with it.
 * Source: elastic.co, Security API, "Export detection rules".
 */
export function parseElasticExport(file: string, text: string): readonly ReadRule[] {
  const source = sourceOf(file, text);
  const slug = slugOf(file);
  const { records, unreadable } = recordsIn(source);
  const rules = records.filter(({ value }) => isRule(value));
  const exceptions = exceptionsIn(records);
  const read = rules.map((record) => {
    const { name = '', rule_id = '' } = ruleSchema.safeParse(record.value).data ?? {};
    const ownSlug = rules.length === 1 ? slug : `${slug}-${kebab(name) || rule_id}`;
    return readRecord(source, ownSlug, record, exceptions);
  });
  if (read.length > 0 && unreadable === undefined) return read;
  const offset = unreadable ?? 0;
  const problem = eqlProblem(source, offset, {
    code: 'rule-export',
    message: unreadable === undefined ? 'expected a rule, found none' : 'expected JSON',
    hint: 'An export has one rule per line, each a JSON object with a name and a type.',
  });
  return [...read, { id: slug, slug, title: slug, problems: [problem] }];
}

const ruleSchema = z.looseObject({ name: z.string(), type: z.string(), rule_id: z.string().optional() });
const exceptionSchema = z.looseObject({ list_id: z.string(), entries: z.array(z.unknown()) });
const listSchema = z.looseObject({ list_id: z.string() });
/** The rules in Elastic's package of prebuilt ones are wrapped. */
const assetSchema = z.looseObject({ type: z.literal('security-rule'), attributes: z.unknown() });
const exceptionListsSchema = z.looseObject({ exceptions_list: z.array(listSchema).default([]) });

/** Lists of exceptions have a name and a type, too. */
const isRule = (value: unknown): boolean =>
  ruleSchema.safeParse(value).success && !listSchema.safeParse(value).success;

/** A JSON object, where it is shown to be in the file, and an offset that is not behind its beginning. */
interface ExportedRecord {
  readonly value: unknown;
  readonly start: number;
  readonly from: number;
}

function recordsIn({ text }: Source): { records: ExportedRecord[]; unreadable?: number } {
  const records: ExportedRecord[] = [];
  const whole = parseJson(text);
  if (whole !== undefined) {
    let from = 0;
    for (const value of [whole].flat().map(unwrapped)) {
      const start = startOf(value, text, from);
      records.push({ value, start, from });
      from = start;
    }
    return { records };
  }
  let unreadable: number | undefined;
  for (const { 0: line, index: start } of text.matchAll(/[^\r\n]+/g)) {
    if (line.trim() === '') continue;
    const value = parseJson(line);
    if (value === undefined) unreadable ??= start;
    else records.push({ value: unwrapped(value), start, from: start });
  }
  return { records, ...(unreadable !== undefined && { unreadable }) };
}

const unwrapped = (value: unknown): unknown => assetSchema.safeParse(value).data?.attributes ?? value;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The place of a rule within one JSON text: that of its id, else of its name. */
function startOf(value: unknown, text: string, from: number): number {
  const rule = ruleSchema.safeParse(value).data;
  return rule === undefined
    ? from
    : Math.max(from, text.indexOf(JSON.stringify(rule.rule_id ?? rule.name), from));
}

/** Exported exceptions by the list that they are in; a list without any has an empty one. */
function exceptionsIn(records: readonly ExportedRecord[]): ReadonlyMap<string, unknown[]> {
  const lists = new Map<string, unknown[]>();
  for (const { value } of records) {
    const list = listSchema.safeParse(value).data;
    if (list === undefined) continue;
    const items = lists.get(list.list_id) ?? [];
    if (exceptionSchema.safeParse(value).success) items.push(value);
    lists.set(list.list_id, items);
  }
  return lists;
}

/** Reads one exported rule as if it were a file of its own. */
function readRecord(
  source: Source,
  slug: string,
  { value, start, from }: ExportedRecord,
  exceptions: ReadonlyMap<string, unknown[]>,
): ReadRule {
  const named = exceptionListsSchema.safeParse(value).data?.exceptions_list ?? [];
  const rule = {
    ...(value as object),
    exceptions_list: named.filter(({ list_id }) => !exceptions.has(list_id)),
  };
  const items = named.flatMap(({ list_id }) => exceptions.get(list_id) ?? []);
  const query = z.looseObject({ query: z.string() }).safeParse(value).data?.query;
  const queryStart = query === undefined ? -1 : source.text.indexOf(JSON.stringify(query), from);
  const map = {
    values: new Map(queryStart < 0 ? [] : [['rule.query', queryStart]]),
    tables: new Map([
      ['rule', start],
      ['exceptions', start],
    ]),
  };
  return readRuleFile({ source, slug, map }, { rule, exceptions: [{ items }] });
}

/** `Cron Job Created` as `cron-job-created`. */
const kebab = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
