// Makes a rule of a document that looks at single events.

import type { Place } from '../../model/place.ts';
import type { Predicate } from '../predicate.ts';
import type { EventFilter, Rule } from '../rule.ts';
import type { DetectionDocument, FilterDocument, Header, LogSource, SigmaDocument } from './ast.ts';
import { ecsNames, type Names, namesAsWritten } from './names.ts';
import type { Report } from './report.ts';
import type { SigmaOptions } from './result.ts';
import { lowerSection } from './section.ts';
import { nearestTo } from './suggestion.ts';
import { eventsOf, logSourceNames, mappingOf } from './taxonomy.ts';
import type { Lowering } from './value-use.ts';

interface Narrowing {
  readonly document: FilterDocument;
  readonly report: Report;
}

/** Gives undefined after reporting when the rule has no meaning. A filter without meaning is left out. */
export function detectionRule(
  document: DetectionDocument,
  id: string,
  filters: readonly Narrowing[],
  options: SigmaOptions,
  report: Report,
): Rule | undefined {
  const { logsource, section } = document;
  const detected = lowerSection(section, loweringOf(document, options, report));
  if (detected === undefined) return undefined;
  const narrowed = filters.flatMap(
    (filter) =>
      lowerSection(filter.document.section, loweringOf(filter.document, options, filter.report, logsource)) ??
      [],
  );
  const where = conjunction([detected, ...narrowed], detected.place);
  return {
    ...describeRule(document, id),
    source: { kind: 'logsource', ...nameOf(logsource) },
    query: { kind: 'event', pipes: [], ...eventFilter(logsource, where, options, report) },
  };
}

/** What a rule says about itself, in the words of all rules. */
export function describeRule({ header, source }: SigmaDocument, id: string): Omit<Rule, 'source' | 'query'> {
  const { slug, title, description, level, techniques, falsePositives }: Header = header;
  return {
    id,
    slug,
    title,
    ...(description === undefined ? {} : { description }),
    ...(level === undefined ? {} : { level }),
    language: 'sigma',
    file: source.file,
    techniques,
    falsePositives,
  };
}

export const nameOf = ({ place: _, ...name }: LogSource): Omit<LogSource, 'place'> => name;

/** Which names the fields of a rule on this log source have in the events. */
export function namesFor(
  logsource: LogSource,
  { taxonomy }: Header,
  { fields }: SigmaOptions,
  report: Report,
): Names {
  const mapping = fields === 'ecs' ? mappingOf(logsource) : undefined;
  if (mapping === undefined) return namesAsWritten;
  if (taxonomy === 'sigma') return ecsNames(mapping, report);
  return mapping.keywordField === undefined
    ? namesAsWritten
    : { ...namesAsWritten, keywordField: mapping.keywordField };
}

const loweringOf = (
  { header, logsource }: DetectionDocument | FilterDocument,
  options: SigmaOptions,
  report: Report,
  /** A filter's fields mean what they mean in the rule. */
  origin: LogSource = logsource,
): Lowering => ({
  names: namesFor(origin, header, options, report),
  placeholders: options.placeholders ?? {},
  report,
});

function eventFilter(
  logsource: LogSource,
  where: Predicate,
  { fields }: SigmaOptions,
  report: Report,
): EventFilter {
  if (fields === 'sigma') return { logsource: nameOf(logsource), where };
  const mapping = mappingOf(logsource);
  if (mapping === undefined) {
    report.warning(
      'unmapped-logsource',
      logsource.place,
      `no sensor provides the log source ${describeLogSource(logsource)}: the rule can't match`,
      meantLogSource(logsource),
    );
    return {
      where: conjunction(
        [{ kind: 'constant', value: false, place: logsource.place }, where],
        logsource.place,
      ),
    };
  }
  return {
    ...(mapping.eventCategory === undefined ? {} : { category: mapping.eventCategory }),
    where: conjunction([...eventsOf(mapping, logsource.place), where], logsource.place),
  };
}

/** What a mistyped log source was likely meant to be; nothing where it is merely another's. */
function meantLogSource(given: LogSource): string | undefined {
  for (const part of ['product', 'category', 'service'] as const) {
    const name = given[part];
    const known = logSourceNames[part];
    if (name === undefined || known.includes(name)) continue;
    const close = nearestTo(name, known);
    if (close !== undefined) return `Did you mean \`${part}: ${close}\`?`;
  }
  return undefined;
}

const describeLogSource = ({ product, category, service }: LogSource): string =>
  [product, category, service].filter((part) => part !== undefined).join('/');

function conjunction(of: readonly Predicate[], place: Place): Predicate {
  const [first] = of;
  return of.length === 1 && first !== undefined ? first : { kind: 'and', of, place };
}
