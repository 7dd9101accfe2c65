// The comparison of two runs in each format: held against a golden file, hostile text, and the limits of its readers.

import { describe, expect, it } from 'vitest';
import { diffRuns } from '../../../harness/engine/record/diff.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import type { Comparison, Diff } from '../../../harness/report/diff/comparison.ts';
import { renderDiff } from '../../../harness/report/diff/console.ts';
import { diffReporters } from '../../../harness/report/diff/reporters.ts';
import { type DiffFormat, diffFormats } from '../../../harness/report/formats.ts';
import { sampleRecord } from './fixture.ts';
import { poison } from './hostile.ts';

const settings = { color: false, columns: 80 };

const comparisonOf = (before: RunRecord, after: RunRecord): Comparison => ({
  ...{ before, after },
  diff: diffRuns(before, after),
});

/** One of each: worse with and without a line of the rule, better, changed, and what only one run has. */
function sampleComparison(): Comparison {
  const [before, after] = [sampleRecord(), sampleRecord()];
  const rule = (slug: string, record = after) => {
    const found = record.rules.find((each) => each.slug === slug);
    if (!found) throw new RangeError(`no rule ${slug}`);
    return found;
  };
  const own = rule('at-job-queued');
  const nearest = {
    case: 'at-stdin@debian12',
    text: `file.path starts with "/spool/at" (${own.file}:7:5)`,
    distance: 1,
  };
  Object.assign(own, {
    bundled: false,
    firedIn: [],
    silent: [{ technique: 'T1053.002', attacks: [nearest.case], nearest }],
  });
  rule('own-crontab-any').falsePositives = [];
  rule('at-client-exec').branches.proven = 0;
  for (const mitigation of after.mitigations)
    if (mitigation.verdict === 'blocks') mitigation.verdict = 'overblocks';
  Object.assign(after.run, { id: '2026-01-16T10-20-30Z-77aa', harness: '0.2.0' });
  before.rules.push(
    ...['r1', 'r2', 'r3'].map((id) => ({ ...structuredClone(rule('cron-d-created', before)), id, slug: id })),
  );
  rule('r3', before).firedIn = ['at-stdin@debian12'];
  return comparisonOf(before, after);
}

const withoutStyle = (output: string): string =>
  output.replace(/<style>[\s\S]*?<\/style>/, '<style></style>');

describe.each(diffFormats)('%s', (format) => {
  it('tells what got worse, better, and what only one run has', async () => {
    const { output } = diffReporters[format](sampleComparison(), settings);
    await expect(withoutStyle(output)).toMatchFileSnapshot(`golden/diff.${format}.txt`);
  });

  it('tells that nothing changed', () => {
    const { output } = diffReporters[format](comparisonOf(sampleRecord(), sampleRecord()), settings);
    if (format === 'json') expect(JSON.parse(output)).toMatchObject({ worse: [], better: [], other: [] });
    else expect(output).toContain('0 worse, 0 better, 0 changed');
    expect(output).not.toMatch(/^(?:Worse|## Worse|::error)/m);
  });

  it('holds no control character but line breaks and tabs, whatever the runs hold', () => {
    const controls = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\p{Cs}]/gu;
    expect(hostileOutput(format).match(controls) ?? []).toEqual([]);
  });
});

it('knows what only one run has by what is said of it, whatever the phrase is', () => {
  const change = { about: 'case' as const, id: 'c', shownIn: ['c'], because: [] };
  const other = [
    { ...change, what: 'only in the morning → inert' },
    { ...change, what: 'in words of another day', onlyIn: 'new' as const },
  ];
  const diff: Diff = { worse: [], better: [], other, compared: { cases: 1, mitigations: 0, rules: 0 } };
  const { output } = renderDiff(diff, settings);
  expect(output).toContain('Changed\n  case c: only in the morning → inert\n');
  expect(output).toContain('Only in one run\n  1 case only in the new run: c\n');
});

function hostileOutput(format: DiffFormat): string {
  const { before, after } = sampleComparison();
  const comparison = comparisonOf(poison(before) as RunRecord, poison(after) as RunRecord);
  expect(comparison.diff.worse.length).toBeGreaterThan(1);
  return diffReporters[format](comparison, settings).output;
}

describe('hostile text', () => {
  it('github: one command a line, and none that was not meant', () => {
    const lines = hostileOutput('github').trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^::(?:error|notice) (?:[a-z]+=[^:,]*,?)+::/);
  });

  it('markdown: headings and lists of its own, no markup and no links outside of code', () => {
    const lines = hostileOutput('markdown').split('\n');
    const starts = new Set(
      lines.map((line) => /^(?:# |## |- | {2}- |[✅❌] \*\*|Executed |)/u.exec(line)?.[0]),
    );
    expect(starts).toEqual(new Set(['# ', '❌ **', 'Executed ', '## ', '- ', '  - ', '']));
    const prose = lines.map((line) => line.replace(/\\.|(`+)(?!`).*?(?<!`)\1(?!`)/g, '')).join('\n');
    expect(prose).not.toMatch(/[<>[\]]|:\/\//);
  });

  it('html: no tag and no attribute but its own, nothing that runs', () => {
    const page = hostileOutput('html');
    const tags = page.replace(/(<(script|style)[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3').match(/<[^>]*>/g) ?? [];
    const known = /^<(?:!doctype html|\/?[a-z]+[1-3]?(?: [a-z-]+(?:="[^"<>]*")?)*)>$/;
    expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /^<(?:img|iframe|object|link|a href="(?!#))| on[a-z]+=/.test(tag))).toEqual(
      [],
    );
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="run-diff">']);
    const places = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id] of page.matchAll(/ (?:href="#|aria-labelledby=")([^"]+)"/g))
      expect(places).toContain(id);
  });
});

describe('limits', () => {
  /** A rule that stopped firing in each of many cases, many times over. */
  function hugeComparison(): Comparison {
    const shownIn = Array.from({ length: 500 }, (_, at) => `at-stdin~writer=w${at}@debian12`);
    const worse = Array.from({ length: 300 }, (_, at) => ({
      ...{ about: 'rule' as const, id: `rule-${at}`, shownIn, because: [`closest ${'x'.repeat(300)}`] },
      what: `stopped firing in ${shownIn.join(', ')}`,
    }));
    const compared = { cases: 500, mitigations: 0, rules: 300 };
    return { ...sampleComparison(), diff: { worse, better: [], other: [], compared } };
  }

  it('a comment and a summary of a step hold the Markdown, which counts what it leaves out', () => {
    const { output } = diffReporters.markdown(hugeComparison(), settings);
    expect(output.length).toBeLessThanOrEqual(65_536);
    const [, left] = /^… and (\d+) more .*--report html or --json/m.exec(output) ?? [];
    expect((output.match(/^- /gm)?.length ?? 0) + Number(left)).toBe(300);
    const { jobSummary = '' } = diffReporters.github(hugeComparison(), settings);
    expect(Buffer.byteLength(jobSummary)).toBeLessThanOrEqual(1_048_576);
  });

  it('ten annotations are written, of which the last counts the others', () => {
    const errors = diffReporters.github(hugeComparison(), settings).output.match(/^::error .*/gm) ?? [];
    expect(errors).toHaveLength(10);
    expect(errors[9]).toContain('and 291 more');
  });

  it('the page has all', () => {
    const { output } = diffReporters.html(hugeComparison(), settings);
    expect(output.match(/<li><code>at-stdin~writer=w499@debian12</g)).toHaveLength(300);
  });
});

it('GitHub’s annotation of a rule stands at the line that a case names, where the rule itself names none', () => {
  const { before, after } = sampleComparison();
  const [stdin] = after.cases;
  const own = after.rules.find(({ slug }) => slug === 'at-job-queued');
  if (!stdin || !own) throw new RangeError('expected a case and a rule');
  own.silent = [];
  stdin.reasons = [`${own.slug} did not fire: nothing starts with "/spool" (${own.file}:9:3)`];
  const { output } = diffReporters.github(comparisonOf(before, after), settings);
  expect(output).toContain(`worse%3A rule ${own.slug},file=${own.file},line=9,col=3::`);
});

it.each([
  [1, ['1 rule only in the new run, where 1 fired: r0']],
  [3, ['3 rules only in the new run, where 3 fired: r0, r1, r2']],
  [61, ['61 rules only in the new run, where 3 fired: r0, r1, r2 and 58 more']],
])('tells of %i rules that only one run has in one line: %o', (count, lines) => {
  const other = Array.from({ length: count }, (_, each) => ({
    ...{ about: 'rule' as const, id: `r${each}`, what: 'only in the new run', because: [] },
    onlyIn: 'new' as const,
    shownIn: each < 3 ? ['at-stdin@debian12'] : [],
  }));
  const found: Diff = { worse: [], better: [], other, compared: { cases: 1, mitigations: 0, rules: 2 } };
  const { output } = renderDiff(found, settings);
  expect(output.split('\n').filter((line) => line.startsWith('  '))).toEqual(
    lines.map((line) => `  ${line}`),
  );
  expect(output).toContain(`0 changed; only in one run: ${count} rule`);
});
