// Which log sources a stream of events feeds: a rule for any other cannot have matched, and its silence says nothing.

import { compileFilters, type EventMatcher, type EventMatcherOptions } from './match/event-matcher.ts';
import { eventReader } from './match/record.ts';
import type { EventFilter, Rule } from './rule.ts';
import { eventsInWords, eventsOf, mappingOf } from './sigma/taxonomy.ts';

/** A log source, or a category, that no event of a stream was of. */
export interface UnfedSource {
  readonly source: string;
  readonly rules: readonly Rule[];
  /** How its events would be told from others, or what there was instead: a sentence. */
  readonly hint: string;
}

interface AskedSource {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly filter: EventFilter;
  readonly wanted: string;
}

/** Takes every event of a stream; tells in the end which Sigma rules none of them can be for. */
export class FedSources {
  readonly #options: EventMatcherOptions;
  readonly #readEvent: (record: object) => object;
  /** Those of which there was no event yet: they alone are asked of the next. */
  #unfed: readonly AskedSource[];
  #matcher: EventMatcher;

  constructor(rules: readonly Rule[], options: EventMatcherOptions) {
    const bySource = Map.groupBy(
      rules.filter(({ source, query }) => source.kind === 'logsource' && query.kind === 'event'),
      nameOf,
    );
    const asked = [...bySource].flatMap(([name, same]) => {
      const filter = filterOf(same[0], options.fields);
      return filter ? [{ name, rules: same, ...filter }] : [];
    });
    this.#options = options;
    this.#unfed = asked;
    this.#matcher = this.#matcherOf(asked);
    this.#readEvent = eventReader(options.fields);
  }

  seen(record: object): void {
    if (this.#unfed.length === 0) return;
    const fed = this.#matcher(this.#readEvent(record));
    if (fed.length === 0) return;
    this.#unfed = this.#unfed.filter((_, index) => !fed.includes(index));
    this.#matcher = this.#matcherOf(this.#unfed);
  }

  unfed(): readonly UnfedSource[] {
    return this.#unfed.map(({ name, rules, wanted }) => ({
      source: `log source ${name}`,
      rules,
      hint: `Its events have ${wanted}.`,
    }));
  }

  #matcherOf(asked: readonly AskedSource[]): EventMatcher {
    return compileFilters(
      asked.map(({ filter }) => filter),
      this.#options,
    );
  }
}

const nameOf = ({ source }: Rule): string =>
  source.kind === 'logsource'
    ? [source.product, source.category, source.service].filter((part) => part !== undefined).join('/')
    : '';

/** Undefined for a log source that no event here can be of: the rule itself was reported of. */
function filterOf(
  rule: Rule | undefined,
  fields: EventMatcherOptions['fields'],
): { readonly filter: EventFilter; readonly wanted: string } | undefined {
  if (rule?.source.kind !== 'logsource') return undefined;
  const { place } =
    rule.query.kind === 'event' ? rule.query.where : { place: { file: '', line: 1, column: 1 } };
  const { kind: _, ...logsource } = rule.source;
  if (fields === 'sigma') {
    const where = { kind: 'constant', value: true, place } as const;
    return { filter: { logsource, where }, wanted: 'a channel, type, program or logsource of it' };
  }
  const mapping = mappingOf(logsource);
  if (mapping === undefined) return undefined;
  return {
    filter: {
      ...(mapping.eventCategory !== undefined && { category: mapping.eventCategory }),
      where: { kind: 'and', of: eventsOf(mapping, place), place },
    },
    wanted: eventsInWords(mapping),
  };
}
