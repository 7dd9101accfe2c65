// `atomclock list`: atomics, rules, mitigations, targets and sensors, as tables or as JSON.

import { list } from '../../main/list.ts';
import type { ListedPairs, ListedRule, ListedVariant, Listing } from '../../main/listing.ts';
import type { Atomic } from '../../model/atomic.ts';
import { exitCodes } from '../../model/errors.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Mitigation } from '../../model/mitigation.ts';
import { printableJson } from '../../report/json.ts';
import { printable } from '../../report/printable.ts';
import { type Cell, type Column, layOut, type Paint, painter, wrap } from '../../report/table.ts';
import type { CommandResult } from '../command.ts';
import type { Io, Output } from '../io.ts';
import type { ListOptions } from '../options.ts';
import { showProgress } from '../progress.ts';

/**
 * Lists what the selectors mean, or everything.
 * @throws AtomclockError `list/nothing-selected` when a selector means nothing
 */
export async function listCommand(options: ListOptions, io: Io): Promise<CommandResult> {
  using progress = showProgress(io);
  const { listing, hasErrors } = await list(options, progress.show);
  io.stdout.write(options.json ? `${printableJson(asJson(listing))}\n` : asTables(listing, io.stdout));
  return { exitCode: hasErrors ? exitCodes.badInput : exitCodes.asExpected };
}

const asJson = ({
  variants,
  pairs = [],
  atomics,
  rules,
  replayed,
  mitigations,
  targets,
  sensors,
}: Listing) => ({
  ...(variants.length > 0 && {
    variants: variants.map(({ id, atomic, variant }) => ({ id, atomic: atomic.slug, ...variant })),
  }),
  ...(pairs.length > 0 && {
    pairs: pairs.map(({ atomic, ...counts }) => ({ atomic: atomic.slug, ...counts })),
  }),
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
  rules: rules.map(ruleJson),
  replayedRules: replayed.map(ruleJson),
  mitigations: mitigations.map(({ id, name, attack, stops, records = [] }) => ({
    ...{ id, name, attack, stops },
    ...(records.length > 0 && { records }),
  })),
  targets,
  sensors,
});

const ruleJson = ({ slug, id, title, language, level, techniques, analytics, file, needs }: ListedRule) => ({
  ...{ slug, id, title, language, level: level ?? null, techniques, analytics, file, needs },
});

function asTables(listing: Listing, { color, columns }: Output): string {
  const paint = painter(color);
  const width = Math.max(60, columns);
  const sections = [
    section(
      'Pairs of values of two axes, by atomic',
      [
        { title: 'Atomic' },
        { title: 'Combinations', align: 'right' },
        { title: 'At most', align: 'right' },
        { title: 'Pairs', align: 'right' },
        { title: 'Not covered', align: 'right' },
        { title: 'Excluded', align: 'right' },
      ],
      (listing.pairs ?? []).map(pairCells),
    ),
    section(
      'Atomics',
      [{ title: 'Atomic' }, { title: 'Technique' }, { title: 'Expected' }, { title: 'Name', shrinksTo: 15 }],
      listing.atomics.map(atomicCells),
    ),
    section('Rules', ruleColumns, listing.rules.map(ruleCells)),
    section('Rules that are replayed, not executed', ruleColumns, listing.replayed.map(ruleCells)),
    section(
      'Mitigations',
      [
        { title: 'Mitigation' },
        { title: 'ATT&CK' },
        { title: 'Stops or records', shrinksTo: 15 },
        { title: 'Name', shrinksTo: 15 },
      ],
      listing.mitigations.map(mitigationCells),
    ),
    section(
      'Targets',
      [{ title: 'Target' }, { title: 'What it is', shrinksTo: 20 }],
      listing.targets.map(({ name, title, verified }) => [
        { text: name },
        { text: `${printable(title)}${verified ? '' : ' (not verified here)'}` },
      ]),
    ),
    section(
      'Sensors',
      [
        { title: 'Sensor' },
        { title: 'Kind' },
        { title: 'Default' },
        { title: 'What it tells', shrinksTo: 20 },
      ],
      listing.sensors.map(({ name, kind, byDefault, summary }) => [
        { text: name },
        { text: kind },
        { text: byDefault ? 'yes' : 'no' },
        { text: printable(summary) },
      ]),
    ),
  ];
  const tables = sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, columns: wanted, rows }) => [paint('bold', title), ...layOut(wanted, rows, width, paint)]);
  const variants = listing.variants.flatMap((variant) => variantLines(variant, width, paint));
  return [...(variants.length > 0 ? [[paint('bold', 'Variants'), ...variants]] : []), ...tables]
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n');
}

const section = (title: string, columns: Column[], rows: Cell[][]) => ({ title, columns, rows });

const ruleColumns: Column[] = [
  { title: 'Rule', shrinksTo: 24 },
  { title: 'Language' },
  { title: 'Techniques', shrinksTo: 10 },
  { title: 'Level' },
  { title: 'Title', shrinksTo: 12 },
];

/** Its id, whole, and below it what it changes and by which arguments: the ids of combinations are long. */
function variantLines({ id, variant }: ListedVariant, width: number, paint: Paint): string[] {
  const given = Object.entries(variant.inputs).map(([argument, value]) => `${argument}=${value}`);
  const changes = (variant.changes ?? []).join(', ');
  const said = printable(`${changes === '' ? '' : `${changes}: `}${given.join(' ')}`);
  // A path may be longer than a line.
  const piece = new RegExp(`.{1,${width - 6}}`, 'gu');
  const lines = wrap(said, width - 6).flatMap((line) => line.match(piece) ?? []);
  return [`  ${printable(id)}`, ...lines.map((line) => paint('dim', `      ${line}`))];
}

/** Not covered: beyond the most combinations. Excluded: one value would undo the other, or both set the same argument. */
const pairCells = ({ atomic, ...counts }: ListedPairs): Cell[] => [
  { text: printable(atomic.slug) },
  ...[counts.combinations, counts.most, counts.pairs, counts.uncovered, counts.excluded].map((count) => ({
    text: `${count}`,
  })),
];

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

const ruleCells = ({ slug, language, techniques, level, title }: ListedRule): Cell[] => [
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

const mitigationCells = ({ id, attack, stops, records = [], name }: Mitigation): Cell[] => [
  { text: id },
  { text: attack },
  { text: printable([...stops, ...records].map(({ atomic, tag }) => atomic ?? `#${tag}`).join(' ')) },
  { text: printable(name) },
];
