// `atomclock list`: atomics, rules, mitigations and targets, as tables or as JSON.

import { type Catalogue, loadCatalogue } from '../../content/catalogue.ts';
import { matcherOf, type Selectable, selectableAtomic } from '../../content/select-atomics.ts';
import { readTargets } from '../../docker/image/targets-file.ts';
import type { Atomic } from '../../model/atomic.ts';
import { AtomclockError, exitCodes, formatProblem } from '../../model/errors.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Mitigation } from '../../model/mitigation.ts';
import { closestTo } from '../../model/suggestion.ts';
import { printableJson } from '../../report/json.ts';
import { printable, printableLines } from '../../report/printable.ts';
import { type Cell, type Column, layOut, painter } from '../../report/table.ts';
import type { Rule } from '../../rules/index.ts';
import type { CommandResult } from '../command.ts';
import type { Io, Output } from '../io.ts';
import type { ListOptions } from '../options.ts';

/**
 * Lists what the selectors mean, or everything.
 * @throws AtomclockError `list/nothing-selected` when a selector means nothing
 */
export async function listCommand(options: ListOptions, { stdout, stderr }: Io): Promise<CommandResult> {
  const catalogue = loadCatalogue(options);
  // First, because what is not found may be what cannot be used.
  for (const problem of catalogue.problems) stderr.write(`${printableLines(formatProblem(problem))}\n`);
  const listing = select(listingOf(catalogue), options.selectors);
  stdout.write(options.json ? `${printableJson(asJson(listing))}\n` : asTables(listing, stdout));
  const isBroken = catalogue.problems.some(({ severity }) => severity === 'error');
  return { exitCode: isBroken ? exitCodes.badInput : exitCodes.asExpected };
}

interface Listing {
  atomics: { atomic: Atomic; expectation: Expectation | undefined }[];
  rules: readonly Rule[];
  mitigations: readonly Mitigation[];
  targets: { name: string; title: string }[];
}

const listingOf = ({ atomics, rules, mitigations }: Catalogue): Listing => ({
  atomics: atomics.atomics.map((atomic) => ({ atomic, expectation: atomics.expectations.get(atomic.guid) })),
  rules: rules.rules,
  mitigations: mitigations.mitigations,
  targets: [...readTargets()].map(([name, { title }]) => ({ name, title })),
});

/** The same selectors as everywhere, here for all kinds: rules by technique, slug or id, the rest by name. */
function select(listing: Listing, selectors: readonly string[]): Listing {
  if (selectors.length === 0) return listing;
  const matchers = selectors.map((selector) => ({ selector, matches: matcherOf(selector) }));
  const found = new Set<string>();
  const isMeant = (item: Selectable): boolean => {
    const meaning = matchers.filter(({ matches }) => matches(item));
    for (const { selector } of meaning) found.add(selector);
    return meaning.length > 0;
  };
  const selected: Listing = {
    atomics: listing.atomics.filter(({ atomic }) => isMeant(selectableAtomic(atomic))),
    rules: listing.rules.filter(({ slug, id, techniques }) => isMeant({ slug, aliases: [id], techniques })),
    mitigations: listing.mitigations.filter(({ id, attack }) =>
      isMeant({ slug: id, aliases: [attack], techniques: [] }),
    ),
    targets: listing.targets.filter(({ name }) => isMeant({ slug: name, aliases: [], techniques: [] })),
  };
  const unknown = selectors.filter((selector) => !found.has(selector));
  if (unknown.length === 0) return selected;
  throw new AtomclockError('list/nothing-selected', `nothing here is called ${unknown.join(' or ')}`, {
    exitCode: exitCodes.nothingSelected,
    hint: didYouMean(unknown, listing) ?? 'Without selectors everything is listed.',
  });
}

function didYouMean(unknown: readonly string[], listing: Listing): string | undefined {
  const names = [
    ...listing.atomics.flatMap(({ atomic }) => [atomic.slug, atomic.technique, ...atomic.tags]),
    ...[...listing.rules.map(({ slug }) => slug), ...listing.mitigations.map(({ id }) => id)],
    ...listing.targets.map(({ name }) => name),
  ];
  const closest = unknown.map((name) => closestTo(name, names)).filter((name) => name !== undefined);
  return closest.length > 0 ? `Did you mean ${closest.join(' or ')}?` : undefined;
}

const asJson = ({ atomics, rules, mitigations, targets }: Listing) => ({
  atomics: atomics.map(({ atomic, expectation }) => ({
    slug: atomic.slug,
    guid: atomic.guid,
    name: atomic.name,
    technique: atomic.technique,
    kind: atomic.kind,
    tags: atomic.tags,
    source: atomic.source,
    foreign: atomic.foreign,
    unsupported: atomic.unsupported,
    expectation: expectation ?? null,
  })),
  rules: rules.map(({ slug, id, title, language, level, techniques, file }) => ({
    ...{ slug, id, title, language, level: level ?? null, techniques, file },
  })),
  mitigations: mitigations.map(({ id, name, attack, stops }) => ({ id, name, attack, stops })),
  targets,
});

function asTables(listing: Listing, { color, columns }: Output): string {
  const paint = painter(color);
  const sections = [
    section(
      'Atomics',
      [{ title: 'Atomic' }, { title: 'Technique' }, { title: 'Expected' }, { title: 'Name', shrinksTo: 15 }],
      listing.atomics.map(atomicCells),
    ),
    section(
      'Rules',
      [
        { title: 'Rule' },
        { title: 'Language' },
        { title: 'Techniques', shrinksTo: 10 },
        { title: 'Level' },
        { title: 'Title', shrinksTo: 15 },
      ],
      listing.rules.map(ruleCells),
    ),
    section(
      'Mitigations',
      [
        { title: 'Mitigation' },
        { title: 'ATT&CK' },
        { title: 'Stops', shrinksTo: 15 },
        { title: 'Name', shrinksTo: 15 },
      ],
      listing.mitigations.map(mitigationCells),
    ),
    section(
      'Targets',
      [{ title: 'Target' }, { title: 'What it is', shrinksTo: 20 }],
      listing.targets.map(({ name, title }) => [{ text: name }, { text: printable(title) }]),
    ),
  ];
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, columns: wanted, rows }) =>
      [paint('bold', title), ...layOut(wanted, rows, Math.max(60, columns), paint)]
        .map((line) => `${line}\n`)
        .join(''),
    )
    .join('\n');
}

const section = (title: string, columns: Column[], rows: Cell[][]) => ({ title, columns, rows });

const atomicCells = ({ atomic, expectation }: Listing['atomics'][number]): Cell[] => [
  { text: printable(atomic.slug) },
  { text: printable(atomic.technique) },
  expectedCell(atomic, expectation),
  { text: printable(atomic.unsupported ? `${atomic.name} (${atomic.unsupported})` : atomic.name) },
];

function expectedCell({ kind, unsupported }: Atomic, expectation: Expectation | undefined): Cell {
  if (unsupported) return { text: 'skipped', style: 'dim' };
  if (kind === 'benign') return { text: 'benign', style: 'dim' };
  return expectation ? { text: expectation.observation } : { text: '-', style: 'dim' };
}

const ruleCells = ({ slug, language, techniques, level, title }: Rule): Cell[] => [
  { text: printable(slug) },
  { text: language },
  {
    text: printable(
      techniques.filter((id) => !techniques.some((other) => other.startsWith(`${id}.`))).join(' '),
    ),
  },
  { text: printable(level ?? '-') },
  { text: printable(title) },
];

const mitigationCells = ({ id, attack, stops, name }: Mitigation): Cell[] => [
  { text: id },
  { text: attack },
  { text: printable(stops.map(({ atomic }) => atomic).join(' ')) },
  { text: printable(name) },
];
