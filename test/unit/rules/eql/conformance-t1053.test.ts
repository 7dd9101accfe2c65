// Elastic's rules for scheduled tasks on Linux: all compile, and the cron rule fires on each of its paths and keeps
// quiet for each of its exclusions. The events are made from the rule's own syntax tree.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sourceOf } from '../../../../harness/model/source.ts';
import { type Expression, fieldPath } from '../../../../harness/rules/eql/ast.ts';
import { parseEql } from '../../../../harness/rules/eql/index.ts';
import { parseQuery } from '../../../../harness/rules/eql/parser.ts';
import { printExpression } from '../../../../harness/rules/eql/printer.ts';
import { corpora, isAbsent } from './corpora.ts';
import { matchesOf, ruleOf } from './run.ts';

const absent = isAbsent('elastic-t1053');
const cronFile = `${corpora}/elastic-t1053/cron-job-created-or-modified-v14.eql`;

type Fields = Readonly<Record<string, string | null>>;

describe.skipIf(absent)('rules for scheduled tasks (skipped where the corpora are absent)', () => {
  const rules = z
    .array(z.object({ name: z.string(), query: z.string() }))
    .parse(
      absent ? [] : JSON.parse(readFileSync(`${corpora}/elastic-t1053/t1053-relevant-9.5.3.json`, 'utf8')),
    );

  it.each(rules)('$name compiles', ({ query }) => {
    expect(parseEql('query.eql', query).problems).toEqual([]);
  });
});

describe.skipIf(absent)('the cron rule, verbatim (skipped where the corpora are absent)', () => {
  const text = absent ? 'any where a == "b" and c : "d" and not (e == "f")' : readFileSync(cronFile, 'utf8');
  const rule = ruleOf(text);
  const { query } = parseQuery(sourceOf(cronFile, text));
  const where = query.kind === 'event' ? query.filter.where : undefined;
  const conjuncts = where?.kind === 'and' ? where.of : [];
  const paths = conjuncts.flatMap((part) => (part.kind === 'pattern' ? waysToHold(part) : []));
  const exclusions = conjuncts.flatMap((part) =>
    part.kind === 'not' && part.of.kind === 'or' ? part.of.of : [],
  );

  const attack: Fields = {
    'host.os.type': 'linux',
    'event.action': 'creation',
    'event.category': 'file',
    'file.path': '/etc/cron.d/evil',
    'file.name': 'evil',
    'process.name': 'tee',
    'process.executable': '/usr/bin/tee',
  };
  const fires = (fields: Fields): boolean => matchesOf(rule, [fields]).length === 1;

  it('has ten paths and nine kinds of exclusion', () => {
    expect([paths.length, exclusions.length]).toEqual([10, 9]);
  });

  it.each(paths)('fires on %j', (path) => {
    expect(fires({ ...attack, ...path })).toBe(true);
    expect(fires({ ...attack, ...path, 'event.action': 'rename' })).toBe(true);
    expect(fires({ ...attack, ...path, 'event.action': 'deletion' })).toBe(false);
    expect(fires({ ...attack, ...path, 'host.os.type': 'windows' })).toBe(false);
    expect(fires({ ...attack, ...path, 'event.category': 'process' })).toBe(false);
  });

  it('does not fire elsewhere', () => {
    expect(fires({ ...attack, 'file.path': '/etc/passwd' })).toBe(false);
    expect(fires({ ...attack, 'file.path': '/etc/crontab.bak' })).toBe(false);
  });

  it.each(exclusions.flatMap((exclusion) => waysToHold(exclusion).map((fields) => ({ exclusion, fields }))))(
    'keeps quiet for $fields',
    ({ exclusion, fields }) => {
      expect(matchesOf(`any where ${printExpression(exclusion)}`, [{ ...attack, ...fields }])).toHaveLength(
        1,
      );
      expect(fires(attack)).toBe(true);
      expect(fires({ ...attack, ...fields })).toBe(false);
    },
  );
});

/** Field values that make a condition of this rule hold, one set per alternative. */
function waysToHold(condition: Expression): Fields[] {
  switch (condition.kind) {
    case 'and':
      return condition.of.reduce<Fields[]>(
        (ways, part) => ways.flatMap((way) => waysToHold(part).map((more) => ({ ...way, ...more }))),
        [{}],
      );
    case 'or':
      return condition.of.flatMap(waysToHold);
    case 'comparison':
      return condition.left.kind === 'field'
        ? [{ [fieldPath(condition.left)]: condition.right.kind === 'string' ? condition.right.value : null }]
        : [];
    case 'in':
    case 'pattern': {
      const { of, values } = condition;
      const spelled =
        condition.kind === 'pattern'
          ? (value: string) => value.replaceAll('*', 'x')
          : (value: string) => value;
      return values.flatMap((value) =>
        of.kind === 'field' && value.kind === 'string' ? [{ [fieldPath(of)]: spelled(value.value) }] : [],
      );
    }
    default:
      return [];
  }
}
