// Rules over a bare stream of events: no cases, no attribution; what matched, by line number. Pure but for its input.

import type { RuleRecord, RunRecord } from '../../model/run-record.ts';
import { recordOf } from '../../model/run-summary.ts';
import { FedCategories, FedSources, RuleCoverage } from '../../rules/index.ts';
import { evictionNotes, whatWasOpen } from './matches.ts';
import type { NumberedEvent } from './numbered-event.ts';
import { type RuleBook, whyUnusable } from './rule-book.ts';
import { branchRecord } from './rule-coverage.ts';
import type { RunFacts } from './run-judge.ts';
import { StreamNames } from './stream-names.ts';
import { inOrderOfTime } from './time-order.ts';

export interface StreamOptions {
  /** What the lines are of, as it is shown to the user. */
  file: string;
  /** Asked when the stream has ended. */
  facts(): RunFacts;
  /** Told what limits the truth of the record: events out of order or of no rule, partial matches that were evicted. */
  warn(message: string): void;
}

/**
 * Evaluates the rules over a stream of any length: memory grows with the matches only.
 * @returns a RunRecord without cases, `rules[].matches[].eventIds` being line numbers; any match proves the branches
 *   that it took, but not of its events that hundreds of others that mattered have followed
 */
export async function judgeStream(
  events: AsyncIterable<Iterable<NumberedEvent>>,
  book: RuleBook,
  { file, facts, warn }: StreamOptions,
): Promise<RunRecord> {
  const matches = new Map<string, { eventIds: number[]; open?: true }[]>(
    book.rules.map(({ id }) => [id, []]),
  );
  const coverage = new RuleCoverage(book.rules, book.set);
  const session = book.set.session(coverage.watched);
  const latest = new LatestEvents();
  const fed = [new FedSources(book.rules, book.set), new FedCategories(book.rules)];
  const names = new StreamNames(book.set.fields, book.rules);
  let seen = 0;
  const note = (found: ReturnType<typeof session.push>) => {
    for (const { rule, handles, open } of found) {
      matches.get(rule.id)?.push({ eventIds: [...handles], ...(open && { open }) });
      coverage.matched(
        rule,
        handles.map((line) => latest.at(line)),
      );
    }
  };
  const orderMatters = book.rules.some(({ query }) => query.kind !== 'event');
  const take = (numbered: NumberedEvent): void => {
    const { line, event } = numbered;
    for (const each of fed) each.seen(event);
    names.seen(event, line);
    seen += 1;
    const found = session.push(event, line);
    coverage.seenPassing(event, session.lastWatched);
    if (session.lastMattered) latest.add(numbered);
    note(found);
  };
  for await (const some of orderMatters ? inOrderOfTime(events) : events) {
    for (const numbered of some) take(numbered);
  }
  const last = session.finish();
  note(last);
  const stats = session.stats();
  const { late } = stats;
  if (orderMatters && late > 0) {
    warn(
      `${late} events came after later ones: sort them by time, or sequences and correlations may miss some`,
    );
  }
  for (const sentence of evictionNotes(stats)) warn(sentence);
  for (const sentence of whatWasOpen(last)) warn(`note: ${sentence}`);
  for (const { ruleId, openAtEnd } of stats.machines) {
    if (openAtEnd > 0) {
      warn(
        `note: ${ruleId}: ${openAtEnd === 1 ? 'a sequence waits' : `${openAtEnd} sequences wait`} for an event that must not occur, and the events end within its maxspan: not a match, as the event may still come`,
      );
    }
  }

  if (seen === 0) warn(`warning: ${file} holds no events: no rule was tried`);
  for (const sentence of names.notes(file)) warn(sentence);
  for (const { source, rules: unfed, hint } of seen > 0 ? fed.flatMap((each) => each.unfed()) : []) {
    const which = unfed.length === 1 ? `the rule ${unfed[0]?.slug}` : `${unfed.length} rules`;
    warn(`warning: no event belongs to the ${source}: ${which} for it cannot match here. ${hint}`);
  }

  const rules: RuleRecord[] = [
    ...book.rules.map((rule) => ({
      ...ruleRecord(rule, [...rule.techniques], null),
      ...(book.bundled.has(rule.slug) && { bundled: true }),
      matches: matches.get(rule.id) ?? [],
      branches: branchRecord(coverage.of(rule)),
    })),
    ...book.unusable.map((rule) => ruleRecord(rule, [], whyUnusable(rule))),
  ];
  return recordOf({ run: facts(), cases: [], mitigations: [], rules });
}

/** The events that mattered last, by line: a match names lines, and what was matched there proves branches. */
class LatestEvents {
  readonly #events = new Map<number, object>();

  add({ line, event }: NumberedEvent): void {
    this.#events.set(line, event);
    const [eldest] = this.#events.keys();
    if (this.#events.size > mostKept && eldest !== undefined) this.#events.delete(eldest);
  }

  at(line: number): object | undefined {
    return this.#events.get(line);
  }
}

const mostKept = 256;

const ruleRecord = (
  { id, slug, title, language, file }: Pick<RuleRecord, 'id' | 'slug' | 'title' | 'language' | 'file'>,
  technique: string[],
  error: string | null,
): RuleRecord => ({
  id,
  slug,
  title,
  language,
  file,
  technique,
  analytics: [],
  firedIn: [],
  falsePositives: [],
  crossTalk: [],
  matches: [],
  error,
  branches: { total: 0, proven: 0, unproven: [] },
});
