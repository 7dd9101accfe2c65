// Elastic's rule files: what becomes of each part, and where complaints about the query stand.

import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../../harness/model/errors.ts';
import { mapToml, stringOffsets } from '../../../../harness/rules/eql/elastic/toml-map.ts';
import { parseElasticToml } from '../../../../harness/rules/eql/index.ts';
import { escapedWildcardTest } from '../../../../harness/rules/eql/wildcard-pattern.ts';
import { textTester } from '../../../../harness/rules/match/value-test.ts';
import { matchesOf } from './run.ts';

const header = `[metadata]
creation_date = "2024/01/01" # [not a table]
maturity = "production"

[rule]
author = ["A", "B = c"]
description = """
Cron file created.
"""
false_positives = ["""
    Admins do this.
    """]
index = ["logs-endpoint.events.file*"]
language = "eql"
name = "Cron file"
risk_score = 47
rule_id = "0b6b5b5c-6c2e-4f8a-9e43-3a3a4ef22b0e"
severity = "medium"
tags = [
    "OS: Linux", # a comment with ] and "
    "Tactic: Persistence",
]
timestamp_override = "event.ingested"
type = "eql"
`;

const threat = `
[[rule.threat]]
framework = "MITRE ATT&CK"

[[rule.threat.technique]]
id = "T1053"
name = "Scheduled Task/Job"

[[rule.threat.technique.subtechnique]]
id = "t1053.003"
name = "Cron"

[rule.threat.tactic]
id = "TA0003"
name = "Persistence"

[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1053"
name = "Scheduled Task/Job"
`;

const query = `
query = '''
file where host.os.type == "linux" and
  file.path : "/etc/cron.d/*"
'''
`;

function read(text: string) {
  const { rule, problems } = parseElasticToml('rules/cron_file.toml', text);
  return { rules: rule === undefined ? [] : [rule], problems };
}
const complaints = (text: string): string[] => read(text).problems.map((problem) => formatProblem(problem));

const cron = {
  event: { category: ['file'] },
  host: { os: { type: 'linux' } },
  file: { path: '/etc/cron.d/x' },
  process: { name: 'tee', pid: 7 },
};

describe('parseElasticToml', () => {
  it('reads what a report says about a rule', () => {
    const { rules, problems } = read(header + query + threat);
    expect(problems).toEqual([]);
    expect(rules).toMatchObject([
      {
        id: '0b6b5b5c-6c2e-4f8a-9e43-3a3a4ef22b0e',
        slug: 'cron_file',
        title: 'Cron file',
        description: 'Cron file created.',
        language: 'eql',
        file: 'rules/cron_file.toml',
        level: 'medium',
        techniques: ['T1053', 'T1053.003'],
        falsePositives: ['Admins do this.'],
        source: { kind: 'categories', categories: ['file'] },
      },
    ]);
    expect(rules[0] && matchesOf(rules[0], [cron])).toEqual([[0]]);
  });

  it('reads the rule files of Elastic Defend: no type, another name for the id, the threat beside the rule', () => {
    const defend = `[rule]\nid = "f00"\nname = "Cron file"\nos_list = ["linux"]\nversion = "1.0.1"\n${query}${threat.replaceAll('rule.threat', 'threat')}`;
    const { rules, problems } = read(defend);
    expect(problems).toEqual([]);
    expect(rules).toMatchObject([{ id: 'f00', techniques: ['T1053', 'T1053.003'] }]);
    expect(rules[0] && matchesOf(rules[0], [cron])).toEqual([[0]]);
    expect(complaints(defend.replace('id = "f00"', ''))[0]).toContain(
      'rules/cron_file.toml:1:1: error: rule.rule_id: expected a string, found nothing',
    );
  });

  it.each([
    ["query = '''\nfile where\n  a = 1\n'''\n", 3, 5],
    ["query = '''file where\n  a = 1'''\n", 2, 5],
    ['query = """\nfile where\n  b == "\\\\\\\\x" and a = 1\n"""\n', 3, 22],
    ['query = """\nfile where \\\n    a = 1\n"""\n', 3, 7],
    ['query = "file where \\"\\u0041\\" == b and a = 1"\n', 1, 43],
    ["query = 'file where a = 1'\n", 1, 23],
    ["query   =   'file where a = 1' # because\n", 1, 27],
  ])('places complaints about the query in the file: %j', (written, line, column) => {
    const offset = header.split('\n').length - 1;
    const [complaint] = complaints(header + written + threat);
    expect(complaint).toContain(
      `rules/cron_file.toml:${offset + line}:${column}: error: expected \`==\` or \`:\`, found \`=\``,
    );
  });

  it('shows the line of the file under the complaint', () => {
    expect(complaints(`${header}query = '''\nfile where\n  file.path = "x"\n'''\n`)[0]).toBe(
      [
        'rules/cron_file.toml:27:13: error: expected `==` or `:`, found `=` [eql/endgame-equals]',
        '    file.path = "x"',
        '              ^',
        '  `==` minds the case of letters; `:` does not, and knows the wildcards * and ?.',
      ].join('\n'),
    );
  });

  it.each([
    ['query', 'kuery', 'the type `query` holds a KQL or Lucene query (language `kuery`)'],
    ['query', 'lucene', 'the type `query` holds a KQL or Lucene query (language `lucene`)'],
    ['threshold', 'kuery', 'the type `threshold` counts the results of a KQL query (language `kuery`)'],
    ['esql', 'esql', 'the type `esql` holds an ES|QL query (language `esql`)'],
    [
      'new_terms',
      'kuery',
      'the type `new_terms` compares a KQL query with its own history (language `kuery`)',
    ],
    ['machine_learning', 'eql', 'the type `machine_learning` needs the anomalies of a trained job'],
    [
      'threat_match',
      'kuery',
      'the type `threat_match` joins events with an index of indicators (language `kuery`)',
    ],
    ['eql', 'kuery', 'the rule is of that type, but in another language (language `kuery`)'],
    ['brand_new', 'eql', 'rules of type `brand_new` are not supported'],
  ])('refuses type %s in %s', (type, language, reason) => {
    const text = header
      .replace('type = "eql"', `type = "${type}"`)
      .replace('language = "eql"', `language = "${language}"`);
    const { rules, problems } = read(text + query);
    expect(rules).toEqual([]);
    expect(problems).toMatchObject([
      {
        code: 'eql/rule-type',
        message: `expected a rule of type \`eql\`: ${reason}`,
        place: { line: 24, column: 8 },
      },
    ]);
  });

  it('complains about files that are no rules', () => {
    expect(complaints('[rule\nx')[0]).toContain('rules/cron_file.toml:1:6: error: expected TOML: ');
    expect(complaints('[metadata]\nx = 1\n')[0]).toContain(
      'rules/cron_file.toml:1:1: error: rule: expected a table `[rule]`',
    );
    expect(complaints(header.replace('name = "Cron file"', 'name = 5') + query)[0]).toContain(
      'rules/cron_file.toml:15:8: error: rule.name: ',
    );
    expect(complaints(header)[0]).toContain(
      'rules/cron_file.toml:5:1: error: expected a `query` in the rule',
    );
  });

  it('takes the event category from another field where the rule says so', () => {
    const { rules } = read(`${header}event_category_override = "event.kind"\n${query}`);
    expect(rules[0] && matchesOf(rules[0], [cron, { ...cron, event: { kind: 'file' } }])).toEqual([[1]]);
  });

  it('warns about what it cannot honour, and judges the rest', () => {
    const { rules, problems } = read(
      `${header}timestamp_field = "event.created"\n${query}\n[[rule.exceptions_list]]\nid = "x"\nlist_id = "x"\nnamespace_type = "single"\ntype = "detection"\n`,
    );
    expect(rules).toHaveLength(1);
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'eql/exception-list' },
      { severity: 'warning', code: 'eql/timestamp-field' },
    ]);
  });
});

describe('exceptions', () => {
  const withException = (entries: string) =>
    `${header}${query}\n[[exceptions]]\n[exceptions.container]\nname = "x"\n[[exceptions.items]]\nname = "y"\n${entries}`;
  const entry = (lines: string): string => `[[exceptions.items.entries]]\n${lines}\n`;
  const fires = (text: string, event: object): boolean => {
    const [rule] = read(text).rules;
    return rule !== undefined && matchesOf(rule, [event]).length === 1;
  };

  it.each([
    ['type = "match"\noperator = "included"\nfield = "process.name"\nvalue = "tee"', false],
    ['type = "match"\noperator = "included"\nfield = "process.name"\nvalue = "TEE"', true],
    ['type = "match"\noperator = "excluded"\nfield = "process.name"\nvalue = "tee"', true],
    ['type = "match_any"\noperator = "included"\nfield = "process.name"\nvalue = ["sh", "tee"]', false],
    ['type = "wildcard"\noperator = "included"\nfield = "process.name"\nvalue = "t*"', false],
    ['type = "wildcard"\noperator = "included"\nfield = "process.name"\nvalue = "t\\\\?e"', true],
    ['type = "exists"\noperator = "included"\nfield = "process.name"', false],
    ['type = "exists"\noperator = "excluded"\nfield = "process.name"', true],
  ])('%j', (lines, expected) => {
    expect(fires(withException(entry(lines)), cron)).toBe(expected);
  });

  it('must all hold within one item, and any of the items will do', () => {
    const tee = entry('type = "match"\noperator = "included"\nfield = "process.name"\nvalue = "tee"');
    const other = entry('type = "match"\noperator = "included"\nfield = "user.name"\nvalue = "bob"');
    expect(fires(withException(tee + other), cron)).toBe(true);
    expect(fires(withException(`${other}\n[[exceptions.items]]\n${tee}`), cron)).toBe(false);
  });

  it('are refused where they look elsewhere', () => {
    const list = entry(
      'type = "list"\noperator = "included"\nfield = "process.name"\nlist = { id = "x", type = "keyword" }',
    );
    expect(complaints(withException(list))[0]).toContain('[eql/exception-list]');
    expect(complaints(withException(entry('type = "regex"\nfield = "a"')))[0]).toContain('[eql/exception]');
  });
});

describe("patterns of Elasticsearch's wildcard query", () => {
  it.each<readonly [pattern: string, matching: readonly string[], others: readonly string[]]>([
    ['a*b?', ['abc', 'axxbc'], ['ab', 'ABC']],
    ['a\\*\\?', ['a*?'], ['abc', 'a\\*\\?']],
    ['C:\\\\*\\\\x', ['C:\\y\\x'], ['C:y\\x']],
    ['\\a', ['a'], ['\\a']],
    ['a\\', ['a\\'], ['a']],
    ['', [''], ['a']],
  ])('%j', (pattern, matching, others) => {
    const matches = textTester(escapedWildcardTest(pattern, false));
    expect([matching.filter((text) => !matches(text)), others.filter(matches)]).toEqual([[], []]);
  });
});

describe('filters', () => {
  const withFilter = (lines: string): string => `${header}${query}\n[[rule.filters]]\n${lines}`;
  const fires = (lines: string): boolean => {
    const [rule] = read(withFilter(lines)).rules;
    return rule !== undefined && matchesOf(rule, [cron]).length === 1;
  };

  it.each([
    ['[rule.filters.query.term]\n"process.name" = "tee"', true],
    ['[rule.filters.query.term."process.name"]\nvalue = "TEE"\ncase_insensitive = true', true],
    ['[rule.filters.query.terms]\n"process.name" = ["sh"]', false],
    ['[rule.filters.query.match_phrase]\n"process.name" = "tee"', true],
    ['[rule.filters.meta]\nnegate = true\n[rule.filters.query.match_phrase]\n"process.name" = "tee"', false],
    [
      '[rule.filters.meta]\nnegate = true\ndisabled = true\n[rule.filters.query.match_phrase]\n"process.name" = "tee"',
      true,
    ],
    ['[rule.filters.query.wildcard."process.name"]\ncase_insensitive = true\nvalue = "T*"', true],
    ['[rule.filters.query.prefix]\n"process.name" = "x"', false],
    ['[rule.filters.query.exists]\nfield = "user.name"', false],
    ['[rule.filters.query.range."process.pid"]\ngte = 7\nlt = 8', true],
    [
      '[rule.filters.query.bool]\nmust_not = { exists = { field = "user.name" } }\nshould = [{ term = { "process.name" = "tee" } }]',
      true,
    ],
    ['[rule.filters.query.bool]\nfilter = [{ term = { "process.name" = "sh" } }]', false],
    ...(
      [
        ['1', ['sh', 'tee'], true],
        ['1', ['sh', 'dd'], false],
        ['"1"', ['sh', 'dd'], false],
        ['0', ['sh'], true],
        ['2', ['tee', 'sh'], false],
        ['2', ['tee', 'tee'], true],
      ] as const
    ).map(([least, names, holds]): [string, boolean] => [
      `[rule.filters.query.bool]\nminimum_should_match = ${least}\nfilter = [{ exists = { field = "process.name" } }]\nshould = [${names.map((name) => `{ term = { "process.name" = "${name}" } }`).join(', ')}]`,
      holds,
    ]),
    ['[rule.filters.query.match_all]', true],
  ])('%j', (lines, expected) => {
    expect(complaints(withFilter(lines))).toEqual([]);
    expect(fires(lines)).toBe(expected);
  });

  it('are refused by name where they are not understood', () => {
    expect(complaints(withFilter('[rule.filters.query.wildcard.process.name]\nvalue = "t*"')).join()).toMatch(
      /the query `wildcard` in the rule's filters is not as .*stands in quotes/s,
    );
    expect(complaints(withFilter('[rule.filters.query.script]\nscript = "x"'))[0]).toContain(
      "error: the query `script` in the rule's filters is not supported [eql/filter]",
    );
  });
});

describe('places in TOML', () => {
  it('finds keys behind every kind of value', () => {
    const text =
      'a = "x=1"\nb = [1, "]",\n 2] # c = 3\nd = { e = 1 }\n"f g" = \'h\'\n[t]\ni.j = 1\n[[u."v"]]\nk = """\nl = 1\n"""\nm = 2\n';
    const { values, tables } = mapToml(text);
    expect([...values.keys()]).toEqual(['a', 'b', 'd', 'f g', 't.i.j', 'u.v.k', 'u.v.m']);
    expect([...tables.keys()]).toEqual(['t', 'u.v']);
    expect(text.slice(values.get('u.v.m'))).toBe('2\n');
  });

  it.each([
    ['"a\\tb"', 'a\tb'],
    ["'a\\tb'", 'a\\tb'],
    ['"""\na"b\\\n   c"""', 'a"bc'],
    ["'''\na''b'''", "a''b"],
    ['"\\U0001F4A9!"', '💩!'],
    ['""', ''],
  ])('maps the characters of %j', (text, value) => {
    const mapped = stringOffsets(text, 0);
    expect(mapped?.value).toBe(value);
    expect(mapped?.offsets).toHaveLength(value.length + 1);
  });

  it('finds the query in any file', () => {
    const text = fc.string({ unit: 'grapheme' });
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.array(text),
      fc.record({ a: text, query: text }),
      fc.array(fc.record({ query: text })),
    );
    fc.assert(
      fc.property(text, fc.dictionary(text, value), fc.dictionary(text, value), (written, others, tables) => {
        const toml = stringify({ ...others, rule: { ...tables, query: written } });
        const start = mapToml(toml).values.get('rule.query');
        expect(start === undefined ? undefined : stringOffsets(toml, start)?.value).toBe(written);
      }),
    );
  });
});
