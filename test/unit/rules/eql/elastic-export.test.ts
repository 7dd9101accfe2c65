// Rules as Kibana exports them: every rule of a file, its exceptions, and what is refused without loss of the others.

import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../../harness/model/errors.ts';
import { loadRules } from '../../../../harness/rules/load.ts';
import { matchesOf } from './run.ts';

const cron = {
  rule_id: 'c1',
  name: 'Cron file: created!',
  description: 'A table in /etc/cron.d',
  type: 'eql',
  language: 'eql',
  query: 'file where file.path : "/etc/cron.d/*"\n and event.action == "creation"',
  severity: 'low',
  threat: [{ technique: [{ id: 'T1053', subtechnique: [{ id: 'T1053.003' }] }] }],
  exceptions_list: [{ id: 'x', list_id: 'packages', type: 'detection', namespace_type: 'single' }],
};
const threshold = { rule_id: 'c2', name: 'Many logins', type: 'threshold', language: 'kuery', query: 'a:b' };
const summary = { exported_count: 2, exported_rules_count: 2, missing_rules: [] };
const list = { list_id: 'packages', type: 'detection', name: 'Package managers' };
const exception = {
  list_id: 'packages',
  type: 'simple',
  name: 'dpkg',
  entries: [{ type: 'match', operator: 'included', field: 'process.name', value: 'dpkg' }],
};

const lines = (...records: object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
const load = (text: string, file = 'export.ndjson') => loadRules([{ file, text }]);

const made = (by: string) => ({
  event: { category: 'file', action: 'creation' },
  file: { path: '/etc/cron.d/x' },
  process: { name: by },
});

describe('rules exported by Kibana', () => {
  it('are read line by line; what is no EQL is refused and hides no other', () => {
    const { rules, unusable, problems } = load(lines(threshold, cron, list, exception, summary));
    expect(rules).toMatchObject([
      {
        id: 'c1',
        slug: 'export-cron-file-created',
        title: 'Cron file: created!',
        level: 'low',
        techniques: ['T1053', 'T1053.003'],
        file: 'export.ndjson',
      },
    ]);
    expect(unusable).toMatchObject([{ id: 'c2', title: 'Many logins', slug: 'export-many-logins' }]);
    expect(problems).toMatchObject([
      { code: 'eql/rule-type', severity: 'error', place: { line: 1, column: 1 } },
    ]);
  });

  it('get the exceptions that are exported with them, and a warning for those that are not', () => {
    const firesOn = (text: string, by: string): boolean => {
      const [rule] = load(text).rules;
      return rule !== undefined && matchesOf(rule, [made(by)]).length === 1;
    };
    const exported = lines(cron, list, exception);
    expect([firesOn(exported, 'tee'), firesOn(exported, 'dpkg')]).toEqual([true, false]);
    expect(load(exported).problems).toEqual([]);
    expect(load(lines(cron, list)).problems).toEqual([]);
    expect(firesOn(lines(cron), 'dpkg')).toBe(true);
    expect(load(lines(cron)).problems).toMatchObject([{ code: 'eql/exception-list', severity: 'warning' }]);
  });

  it.each([
    ['an array', JSON.stringify([threshold, cron], null, 2)],
    ['one object', JSON.stringify(cron)],
    ['a prebuilt rule', JSON.stringify({ id: 'c1_2', type: 'security-rule', attributes: cron }, null, 4)],
  ])('are read from %s', (_name, text) => {
    expect(load(text, 'rules.json').rules).toMatchObject([{ id: 'c1', techniques: ['T1053', 'T1053.003'] }]);
  });

  it('have slugs of their own whatever they are called', () => {
    const { rules } = load(lines({ ...cron, name: '計画' }, { ...cron, rule_id: 'c3', name: 'Other' }));
    expect(rules.map(({ slug }) => slug)).toEqual(['export-c1', 'export-other']);
  });

  it('have the places of complaints in the file', () => {
    const broken = { ...cron, exceptions_list: [], query: 'file where true and\n\tfile.path = "\u00e9"' };
    const [problem] = load(lines(threshold, broken)).problems.slice(1);
    expect(problem).toMatchObject({ code: 'eql/endgame-equals', place: { line: 2 } });
    const { line = 0, column = 0 } = problem?.place ?? {};
    expect(
      lines(threshold, broken)
        .split('\n')
        [line - 1]?.slice(column - 1),
    ).toMatch(/^= /);
    const array = JSON.stringify([summary, threshold, broken], null, 1);
    const lineOfQuery = array.split('\n').findIndex((text) => text.includes('file where true')) + 1;
    expect(load(array).problems[1]).toMatchObject({
      code: 'eql/endgame-equals',
      place: { line: lineOfQuery },
    });
    const escaped = lines(broken).replace('\u00e9', '\\u00e9');
    expect(load(escaped).problems[0]).toMatchObject({
      code: 'eql/endgame-equals',
      place: { line: 1, column: 1 },
    });
  });

  it('are told apart from what is no export', () => {
    const complaint = (text: string) => load(text).problems.map(formatProblem).join('\n');
    expect(complaint(lines(cron, list).slice(0, -4))).toContain('export.ndjson:2:1: error: expected JSON');
    expect(load(`${lines(cron)}{`).rules).toHaveLength(1);
    expect(complaint(lines(summary))).toContain('export.ndjson:1:1: error: expected a rule, found none');
    expect(complaint('')).toContain('export.ndjson:1:1: error: expected a rule, found none');
    expect(complaint('[1, null, "x"]')).toContain('expected a rule, found none');
    expect(complaint(lines({ name: 'x', type: 'eql' }))).toContain(
      'rule.rule_id: expected a string, found nothing',
    );
  });
});
