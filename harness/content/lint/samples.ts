// Rules that are replayed and never executed, held against the events that are recorded for them.

import type { Problem } from '../../model/errors.ts';
import { problemIn, type Source } from '../../model/source.ts';
import { compileRules, type Rule, RuleCoverage } from '../../rules/index.ts';
import type { ReplayedRules, RuleSamples } from '../replayed-rules.ts';

/**
 * Runs every rule over its events: it must match on each of its hits and on none of its misses, and together they must
 * prove each of its branches.
 * @returns all problems, each at the line of its event, or at the rule
 */
export function checkSamples({ rules, samples }: ReplayedRules): Problem[] {
  const bySlug = new Map(samples.map((each) => [each.slug, each]));
  const known = new Set(rules.rules.map(({ slug }) => slug));
  const orphans = samples.filter(({ slug }) => !known.has(slug));
  return [
    ...rules.rules
      .filter((rule) => !isOnlyMember(rule, rules.rules))
      .flatMap((rule) => checkRule(rule, rules.rules, bySlug.get(rule.slug))),
    ...orphans.flatMap(({ slug, hits, misses }) => {
      const source = hits ?? misses;
      return source === undefined ? [] : [orphan(slug, source)];
    }),
  ];
}

/** Whether a rule reports nothing of its own: it is there for a correlation. */
const isOnlyMember = ({ id, slug }: Rule, all: readonly Rule[]): boolean =>
  all.some(
    ({ query }) =>
      query.kind === 'correlation' &&
      !query.generate &&
      [id, slug].some((name) => query.rules.includes(name)),
  );

function checkRule(rule: Rule, all: readonly Rule[], samples: RuleSamples | undefined): Problem[] {
  const { hits, misses } = samples ?? {};
  if (!hits || !misses) {
    const lacking = hits ? 'misses' : misses ? 'hits' : 'hits and misses';
    const message = `${rule.slug} runs in no target, and has no ${lacking}`;
    const hint = `Record events in detections/samples/${rule.slug}/hits.ndjson and misses.ndjson.`;
    return [{ code: 'samples/none', message, hint, severity: 'error', place: topOf(rule) }];
  }
  const coverage = new RuleCoverage(all, { fields: 'sigma' });
  const problems = [
    ...checkFile(rule, all, hits, coverage, true),
    ...checkFile(rule, all, misses, coverage, false),
  ];
  const { branches, proven } = coverage.of(rule);
  return [
    ...problems,
    ...branches
      .filter(({ id }) => !proven.has(id))
      .map(
        ({ text, kind, place }): Problem => ({
          code: 'samples/unproven',
          message: `no event of ${rule.slug} proves this ${kind}: ${text}`,
          severity: 'warning',
          place,
        }),
      ),
  ];
}

function checkFile(
  rule: Rule,
  all: readonly Rule[],
  source: Source,
  coverage: RuleCoverage,
  mustMatch: boolean,
): Problem[] {
  const { events, problems } = eventsIn(source);
  const session = compileRules(all, { fields: 'sigma' }).session();
  const matches = [...events.flatMap(({ event }, index) => session.push(event, index)), ...session.finish()];
  const matched = new Set<number>();
  for (const { event } of events) coverage.seen(event);
  for (const match of matches) {
    if (match.rule.slug !== rule.slug) continue;
    for (const handle of match.handles) matched.add(handle);
    coverage.matched(
      rule,
      match.handles.map((handle) => events[handle]?.event),
    );
  }
  const wrong = events.filter((_, index) => matched.has(index) !== mustMatch);
  return [
    ...problems,
    ...wrong.map(({ line }) =>
      problemIn(
        source,
        { file: source.file, line, column: 1 },
        {
          code: mustMatch ? 'samples/missed' : 'samples/matched',
          message: mustMatch
            ? `expected ${rule.slug} to match on this event`
            : `expected ${rule.slug} to leave this event alone`,
          hint: `See why: atomclock explain ${rule.slug} --event ${source.file} --fields sigma`,
          severity: 'error',
        },
      ),
    ),
  ];
}

function eventsIn(source: Source): { events: { line: number; event: object }[]; problems: Problem[] } {
  const events: { line: number; event: object }[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of source.text.split('\n').entries()) {
    if (text.trim() === '') continue;
    const line = index + 1;
    const event = parsed(text);
    if (event === undefined) {
      const place = { file: source.file, line, column: 1 };
      const message = 'expected one event as a JSON object';
      problems.push(problemIn(source, place, { code: 'samples/not-an-event', message, severity: 'error' }));
    } else events.push({ line, event });
  }
  if (events.length === 0 && problems.length === 0) {
    const place = { file: source.file, line: 1, column: 1 };
    problems.push({
      code: 'samples/empty',
      message: 'expected at least one event',
      severity: 'error',
      place,
    });
  }
  return { events, problems };
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const topOf = ({ file }: Rule) => ({ file, line: 1, column: 1 });

const orphan = (slug: string, { file }: Source): Problem => ({
  code: 'samples/no-rule',
  message: `no rule is called ${slug}`,
  hint: 'Name the folder after the file of the rule.',
  severity: 'error',
  place: { file, line: 1, column: 1 },
});
