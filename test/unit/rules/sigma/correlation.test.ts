// Correlation rules: every type over a stream of events, how they find their rules, what is refused.

import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../../../harness/model/errors.ts';
import { branchesOf } from '../../../../harness/rules/coverage-branches.ts';
import { compileRules } from '../../../../harness/rules/match/rule-set.ts';
import {
  parseSigma,
  readSigmaFile,
  resolveSigma,
  type SigmaOptions,
} from '../../../../harness/rules/sigma/index.ts';
import { inSigmaNames } from './try-rule.ts';

const base = (name: string, value: string): string =>
  `title: ${name}\nname: ${name}\nlogsource: {category: test}\ndetection:\n  sel: {kind: ${value}}\n  condition: sel\n`;

const correlation = (body: string): string =>
  `title: Correlation\ncorrelation:\n${body.trim().replace(/^/gm, '  ')}\n`;

const set = (...documents: string[]): string => documents.join('---\n');

/** Titles of the rules that match a stream of `[seconds, event]`, in the order of their matches. */
function run(
  text: string,
  stream: readonly (readonly [number, object])[],
  options: SigmaOptions = inSigmaNames,
): string[] {
  const { rules, problems } = parseSigma('c.yml', text, options);
  expect(problems.filter(({ severity }) => severity === 'error').map(formatProblem)).toEqual([]);
  const session = compileRules(rules, { fields: options.fields }).session();
  const found = stream.flatMap(([seconds, event], index) => session.push(event, index + 1, seconds * 1000));
  return [...found, ...session.finish()].map(({ rule, handles }) => `${rule.title} ${handles.join(',')}`);
}

const a = (extra: object = {}) => ({ kind: 'a', ...extra });
const b = (extra: object = {}) => ({ kind: 'b', ...extra });

describe('event_count', () => {
  const text = set(
    base('ra', 'a'),
    correlation('type: event_count\nrules: ra\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}'),
  );
  test.each<[string, readonly (readonly [number, object])[], string[]]>([
    [
      'enough within the span',
      [
        [0, a({ user: 'x' })],
        [4, a({ user: 'x' })],
        [9, a({ user: 'x' })],
      ],
      ['Correlation 1,2,3'],
    ],
    [
      'too far apart',
      [
        [0, a({ user: 'x' })],
        [4, a({ user: 'x' })],
        [11, a({ user: 'x' })],
      ],
      [],
    ],
    [
      'of different groups',
      [
        [0, a({ user: 'x' })],
        [1, a({ user: 'y' })],
        [2, a({ user: 'x' })],
      ],
      [],
    ],
    [
      'other events do not count',
      [
        [0, a({ user: 'x' })],
        [1, b({ user: 'x' })],
        [2, a({ user: 'x' })],
      ],
      [],
    ],
    [
      'without the field there is no group',
      [
        [0, a()],
        [1, a()],
        [2, a()],
      ],
      [],
    ],
  ])('%s', (_, stream, expected) => {
    expect(run(text, stream)).toEqual(expected);
  });

  test('the correlated rules report matches of their own when told to', () => {
    const own = text.replace('group-by', 'generate: true\n  group-by');
    expect(run(own, [[0, a({ user: 'x' })]])).toEqual(['ra 1']);
    expect(run(text, [[0, a({ user: 'x' })]])).toEqual([]);
  });

  test('several rules, a range, no groups', () => {
    const range = set(
      base('ra', 'a'),
      base('rb', 'b'),
      correlation('type: event_count\nrules: [ra, rb]\ntimespan: 1m\ncondition:\n  gt: 1\n  lte: 3'),
    );
    const stream = (count: number) =>
      Array.from({ length: count }, (_, index) => [index, index % 2 ? a() : b()] as const);
    expect(run(range, stream(1))).toEqual([]);
    expect(run(range, stream(2))).toHaveLength(1);
    expect(run(range, stream(4))).toEqual([]);
  });
});

describe('value_count', () => {
  const text = set(
    base('ra', 'a'),
    correlation(
      'type: value_count\nrules: [ra]\ngroup-by: host\ntimespan: 1m\ncondition: {field: user, gte: 2}',
    ),
  );
  test('distinct values count', () => {
    const of = (...users: string[]) => users.map((user, index) => [index, a({ host: 'h', user })] as const);
    expect(run(text, of('x', 'x', 'x'))).toEqual([]);
    expect(run(text, of('x', 'x', 'y'))).toHaveLength(1);
  });
});

describe('temporal and temporal_ordered', () => {
  const temporal = (type: string, more = '') =>
    set(
      base('ra', 'a'),
      base('rb', 'b'),
      correlation(`type: ${type}\nrules: [ra, rb]\ngroup-by: [user]\ntimespan: 5m\n${more}`),
    );
  const forth = [
    [0, a({ user: 'x' })],
    [60, b({ user: 'x' })],
  ] as const;
  const back = [
    [0, b({ user: 'x' })],
    [60, a({ user: 'x' })],
  ] as const;
  const late = [
    [0, a({ user: 'x' })],
    [301, b({ user: 'x' })],
  ] as const;
  test.each([
    ['temporal', forth, 1],
    ['temporal', back, 1],
    ['temporal', late, 0],
    ['temporal_ordered', forth, 1],
    ['temporal_ordered', back, 0],
    ['temporal_ordered', late, 0],
  ])('%s', (type, stream, count) => {
    expect(run(temporal(type), stream)).toHaveLength(count);
    expect(run(temporal(type, 'condition: ra and rb'), stream)).toHaveLength(count);
    expect(run(temporal(type, 'condition: {gte: 2}'), stream)).toHaveLength(count);
  });

  test('the rules may be named in the condition alone', () => {
    const text = temporal('temporal', 'condition: rb AND ra').replace('  rules: [ra, rb]\n', '');
    expect(run(text, forth)).toHaveLength(1);
  });
});

describe('a condition in words', () => {
  const text = (condition: string) =>
    set(
      base('ra', 'a'),
      base('rb', 'b'),
      base('rc', 'c'),
      correlation(`type: temporal\ngroup-by: [user]\ntimespan: 10s\ncondition: ${condition}`),
    );
  const at = (...steps: (readonly [number, string])[]) =>
    steps.map(([seconds, kind]) => [seconds, { kind, user: 'x' }] as const);

  test.each([
    ['or: the first suffices', 'ra or rb', at([0, 'a']), ['Correlation 1']],
    ['or: silent while it holds', 'ra or rb', at([0, 'a'], [5, 'b']), ['Correlation 1']],
    ['or: again, later', 'ra or rb', at([0, 'a'], [20, 'b']), ['Correlation 1', 'Correlation 2']],
    ['and binds more than or', 'ra or rb and rc', at([0, 'b']), []],
    ['and binds more than or, both', 'ra or rb and rc', at([0, 'b'], [1, 'c']), ['Correlation 1,2']],
    ['brackets', '(ra or rb) and rc', at([0, 'a'], [3, 'c']), ['Correlation 1,2']],
    ['brackets, in part', '(ra or rb) and rc', at([0, 'a']), []],
    ['not not', 'not not ra', at([0, 'a']), ['Correlation 1']],
    ['absent', 'ra and not rb', at([0, 'a']), ['Correlation 1']],
    ['absent, but alone', 'ra and not rb', at([0, 'b']), []],
    ['present after', 'ra and not rb', at([0, 'a'], [10, 'b']), []],
    ['present before', 'ra and not rb', at([0, 'b'], [10, 'a']), []],
    ['too long before', 'ra and not rb', at([0, 'b'], [11, 'a']), ['Correlation 2']],
    ['too late to matter', 'ra and not rb', at([0, 'a'], [11, 'b']), ['Correlation 1']],
    ['once while it holds', 'ra and not rb', at([0, 'a'], [5, 'a'], [12, 'x']), ['Correlation 1']],
    ['undone, then true', 'ra and not rb', at([0, 'a'], [1, 'b'], [15, 'a']), ['Correlation 3']],
    ['within the span of all', '(ra and rc) and not rb', at([0, 'a'], [8, 'c'], [9, 'b']), []],
    [
      'after the span of all',
      '(ra and rc) and not rb',
      at([0, 'a'], [8, 'c'], [11, 'b']),
      ['Correlation 1,2'],
    ],
    ['neither', 'ra and not (rb or rc)', at([0, 'a'], [3, 'c']), []],
  ])('%s', (_, condition, stream, expected) => {
    expect(run(text(condition), stream)).toEqual(expected);
  });

  test('what must not match is told apart by group', () => {
    const stream = [
      [0, a({ user: 'x' })],
      [1, b({ user: 'y' })],
    ] as const;
    expect(run(text('ra and not rb'), stream)).toEqual(['Correlation 1']);
  });

  test('absence is certain as soon as any event is later', () => {
    const { rules } = parseSigma('c.yml', text('ra and not rb'), inSigmaNames);
    const session = compileRules(rules, { fields: 'sigma' }).session();
    expect(session.push(a({ user: 'x' }), 1, 0)).toEqual([]);
    expect(session.push({ kind: 'z' }, 2, 10_000)).toEqual([]);
    expect(session.push({ kind: 'z' }, 3, 10_001)).toMatchObject([{ handles: [1], timestampMs: 0 }]);
  });
});

describe('value_sum, value_avg, value_min, value_max, value_percentile, value_median', () => {
  const text = (type: string, condition: string) =>
    set(
      base('ra', 'a'),
      correlation(`type: ${type}\nrules: ra\ntimespan: 1h\ncondition: {field: size, ${condition}}`),
    );
  const sizes = (...values: unknown[]) => values.map((size, index) => [index, a({ size })] as const);
  test.each([
    ['value_sum', 'gte: 10', [4, 5], 0],
    ['value_sum', 'gte: 10', [4, '6'], 1],
    ['value_avg', 'gt: 4', [3, 5], 0],
    ['value_avg', 'gt: 4', [4, 5], 1],
    ['value_min', 'lt: 3', [4, 2], 1],
    ['value_min', 'lt: 3', [4, 3], 0],
    ['value_min', 'gte: 3', [4, 3], 1],
    ['value_min', 'gte: 3', [4, 2], 0],
    ['value_max', 'gte: 4', [3, 4], 1],
    ['value_max', 'gte: 4', [3, ''], 0],
    ['value_max', 'lt: 4', [3, 2], 1],
    ['value_max', 'lt: 4', [3, 4], 0],
    ['value_min', 'lte: 0', [''], 0],
    ['value_percentile', 'percentile: 50, gte: 5', [1, 2, 9], 0],
    ['value_percentile', 'percentile: 90, gte: 9', [1, 2, 9], 1],
    ['value_median', 'gt: 2', [1, 2, 9], 0],
    ['value_median', 'gt: 2', [9, 1, 2, 3], 1],
  ])('%s %s of %j', (type, condition, values, count) => {
    expect(run(text(type, condition), sizes(...values))).toHaveLength(count);
  });
});

test('an event that two rules match does not follow itself', () => {
  const both = (rules: string) =>
    set(
      base('ra', 'a'),
      base('rb', 'b').replace('kind: b', "kind: '*'"),
      correlation(`type: temporal_ordered\nrules: ${rules}\ntimespan: 1m`),
    );
  for (const rules of ['[ra, rb]', '[rb, ra]']) {
    expect(run(both(rules), [[0, a()]])).toEqual([]);
    expect(
      run(both(rules), [
        [0, a()],
        [1, a()],
      ]),
    ).toEqual(['Correlation 1,2']);
  }
});

test('aliases name the field of each rule', () => {
  const text = set(
    base('ra', 'a'),
    base('rb', 'b'),
    correlation(
      'type: temporal\nrules: [ra, rb]\ngroup-by: [ip]\ntimespan: 1m\naliases:\n  ip:\n    ra: src\n    rb: dst',
    ),
  );
  expect(
    run(text, [
      [0, a({ src: '1', dst: '9' })],
      [1, b({ dst: '1', src: '8' })],
    ]),
  ).toEqual(['Correlation 1,2']);
  expect(
    run(text, [
      [0, a({ src: '1' })],
      [1, b({ dst: '2' })],
    ]),
  ).toEqual([]);
});

test('an alias is no field that events would have to have', () => {
  const source = (text: string) => text.replace('{category: test}', '{product: linux, category: file_event}');
  const text = set(
    source(base('ra', 'a').replace('kind', 'Image')),
    correlation(
      'type: event_count\nrules: ra\ngroup-by: [who]\ntimespan: 1m\ncondition: {gte: 2}\naliases: {who: {ra: User}}',
    ),
  );
  expect(parseSigma('c.yml', text, { fields: 'ecs' }).problems.map(formatProblem)).toEqual([]);
});

test('correlations of correlations', () => {
  const text = set(
    base('ra', 'a'),
    base('rb', 'b'),
    correlation('type: event_count\nrules: ra\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 2}').replace(
      'title: Correlation',
      'title: Many\nname: many',
    ),
    correlation('type: temporal_ordered\nrules: [many, rb]\ngroup-by: [user]\ntimespan: 5m'),
  );
  const stream = [
    [0, a({ user: 'x' })],
    [1, a({ user: 'x' })],
    [2, b({ user: 'x' })],
  ] as const;
  expect(run(text, stream)).toEqual(['Correlation 1,2,3']);
});

test('rules are found in other files, by id too, and slugs tell documents apart', () => {
  const id = '0e95725d-7320-415d-80f7-004da920fc11';
  const files = [
    readSigmaFile(
      'x/first.yml',
      correlation(`type: event_count\nrules: [${id}]\ntimespan: 1m\ncondition: {gte: 1}`),
    ),
    readSigmaFile('x/second.yml', set(base('ra', 'a').replace('name: ra', `id: ${id}`), base('rb', 'b'))),
  ];
  const { rules, problems } = resolveSigma(files, inSigmaNames);
  expect(problems).toEqual([]);
  expect(rules.map(({ id, slug, title }) => [id, slug, title])).toEqual([
    ['first', 'first', 'Correlation'],
    [id, 'second', 'ra'],
    ['second-rb', 'second-rb', 'rb'],
  ]);
});

test('in ECS, fields to group by are mapped by the log source of each rule', () => {
  const text = set(
    'title: p\nname: p\nlogsource: {category: process_creation, product: linux}\ndetection: {sel: {Image|endswith: /id}, condition: sel}\n',
    'title: f\nname: f\nlogsource: {category: file_event, product: linux}\ndetection: {sel: {TargetFilename: /tmp/x}, condition: sel}\n',
    correlation('type: temporal\nrules: [p, f]\ngroup-by: [User]\ntimespan: 1m'),
  );
  const process = (name: string) => ({
    event: { category: ['process'], action: 'exec' },
    process: { executable: '/usr/bin/id' },
    user: { name },
  });
  const file = (name: string) => ({
    event: { category: ['file'], action: 'creation' },
    file: { path: '/tmp/x' },
    user: { name },
  });
  const ecs: SigmaOptions = { fields: 'ecs' };
  expect(
    run(
      text,
      [
        [0, process('alice')],
        [1, file('alice')],
      ],
      ecs,
    ),
  ).toHaveLength(1);
  expect(
    run(
      text,
      [
        [0, process('alice')],
        [1, file('bob')],
      ],
      ecs,
    ),
  ).toEqual([]);
});

test.each([
  [
    'type: value_count\nrules: [ra]\ngroup-by: [host]\ntimespan: 5m\ncondition: {field: user, gte: 3, lt: 9}',
    'value_count of user >= 3 and < 9 in c-ra, within 300 s, by host',
  ],
  [
    'type: temporal\ntimespan: 1h\ncondition: ra and not (rb or rc)',
    'temporal in (c-ra and not (c-rb or c-rc)), within 3600 s',
  ],
  ['type: temporal_ordered\nrules: [ra, rb]\ntimespan: 1s', 'temporal_ordered in c-ra, c-rb, within 1 s'],
])('in words, with its place: %j', (body, text) => {
  const documents = set(base('ra', 'a'), base('rb', 'b'), base('rc', 'c'), correlation(body));
  const { rules } = parseSigma('c.yml', documents, inSigmaNames);
  const rule = rules.find(({ query }) => query.kind === 'correlation');
  expect(rule && branchesOf(rule)).toMatchObject([{ text, place: { file: 'c.yml', line: 24 } }]);
});

describe('refused', () => {
  const whole = 'type: event_count\nrules: ra\ntimespan: 1m\ncondition: {gte: 3}';
  const temporal = 'type: temporal\nrules: [ra, rb]\ntimespan: 1m\n';
  test.each([
    ['no type', whole.replace('type: event_count\n', ''), 'the correlation has no `type`'],
    ['unknown type', whole.replace('event_count', 'near'), '`near` is not a type of correlation'],
    ['no timespan', whole.replace('timespan: 1m\n', ''), 'the correlation has no `timespan`'],
    ['wrong timespan', whole.replace('1m', '1 minute'), '`1 minute` is not a timespan'],
    ['no time', whole.replace('1m', '0m'), '`0m` is not a timespan'],
    ['no rules', whole.replace('rules: ra\n', ''), 'refers to no `rules`'],
    ['unknown rule', whole.replace('rules: ra', 'rules: rx'), 'no rule with the id or name `rx` is loaded'],
    ['a title for a name', whole.replace('rules: ra', 'rules: Rule C'), 'is in c.yml: give it a `name`.'],
    ['no condition', whole.replace(/condition.*/, ''), '`event_count` wants a condition'],
    ['empty condition', whole.replace('gte: 3', ''), 'the condition compares with nothing'],
    ['unknown condition', whole.replace('gte', 'ge'), 'unknown condition `ge`'],
    ['condition of text', whole.replace('{gte: 3}', 'ra'), 'expected a map such as `gte: 10`'],
    ['text to compare with', whole.replace('3', "'3'"), '`gte` wants a number'],
    ['no field', whole.replace('event_count', 'value_count'), '`value_count` wants a `field`'],
    ['percentile', whole.replace('gte: 3', 'gte: 3, field: f, percentile: 101'), 'from 0 to 100'],
    ['nothing that happens', `${temporal}condition: not ra and not rb`, 'holds where no rule matches at all'],
    ['nothing, or', `${temporal}condition: ra or not rb`, 'holds where no rule matches at all'],
    ['of', `${temporal}condition: 1 of r*`, 'a correlation names its rules one by one'],
    [
      'or, in order',
      `${temporal.replace('temporal', 'temporal_ordered')}condition: ra or rb`,
      '`or` and `not` say nothing about an order',
    ],
    ['unknown key', whole.replace('timespan', 'groupby: [user]\ntimespan'), 'Did you mean `group-by`?'],
    ['order of old', `${temporal}ordered: true`, 'Write `type: temporal_ordered`.'],
    ['time of old', whole.replace('timespan', 'timeframe'), 'Write `timespan`.'],
    ['generate of text', `${whole}\ngenerate: 'yes'`, '`generate` wants true or false'],
    ['rule not listed', `${temporal}condition: ra and rb and rc`, '`rc` is not both'],
    ['rule not used', `${temporal}condition: ra`, '`rb` is not both'],
    [
      'ordered, in part',
      `${temporal.replace('temporal', 'temporal_ordered')}condition: {gte: 1}`,
      'wants all of its rules',
    ],
    ['aliases of text', `${temporal}aliases: {ip: src}`, 'expected alias → rule → field'],
    ['alias of another rule', `${temporal}aliases: {ip: {rx: src}}`, 'the alias `ip` names `rx`'],
    ['group of maps', `${temporal}group-by: [{a: b}]`, '`group-by` wants fields'],
  ])('%s', (_, body, message) => {
    const { rules, problems, unusable } = parseSigma(
      'c.yml',
      set(
        base('ra', 'a'),
        base('rb', 'b'),
        base('rc', 'c').replace(/.*\nname.*/, 'title: Rule C'),
        correlation(body),
      ),
      inSigmaNames,
    );
    expect(problems.map(formatProblem).join('\n')).toContain(message);
    expect(rules.map(({ title }) => title)).toEqual(['ra', 'rb', 'Rule C']);
    expect(unusable).toHaveLength(1);
  });

  test('warned about: what the type does not look at', () => {
    const body = whole.replace('gte: 3', 'gte: 3, field: user, percentile: 90');
    const { rules, problems } = parseSigma('c.yml', set(base('ra', 'a'), correlation(body)), inSigmaNames);
    expect(rules).toHaveLength(2);
    expect(problems.map(({ message }) => message)).toEqual([
      '`event_count` looks at no `field`',
      '`event_count` looks at no `percentile`',
    ]);
  });

  test('warned about: no percentile', () => {
    const body = whole.replace('event_count', 'value_percentile').replace('gte: 3', 'gte: 3, field: ms');
    const { rules, problems } = parseSigma('c.yml', set(base('ra', 'a'), correlation(body)), inSigmaNames);
    expect(rules).toHaveLength(2);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('the 50th is taken')]);
  });

  test('a circle', () => {
    const to = (name: string, other: string) =>
      correlation(`type: temporal\nrules: [${other}]\ntimespan: 1m`).replace(
        'title: Correlation',
        `title: ${name}\nname: ${name}`,
      );
    const { rules, problems } = parseSigma('c.yml', set(to('x', 'y'), to('y', 'x')), inSigmaNames);
    expect(rules).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['sigma/correlation-cycle', 'sigma/correlation-cycle']);
  });

  test('a correlated rule that cannot be used', () => {
    const bad = base('ra', 'a').replace('kind:', 'kind|kontains:');
    const { rules, problems } = parseSigma('c.yml', set(bad, correlation(whole)), inSigmaNames);
    expect(rules).toEqual([]);
    expect(problems.map(({ message }) => message)).toContain(
      "the correlated rule `c-ra` of c.yml can't be used",
    );
  });
});
