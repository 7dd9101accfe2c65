// `atomclock explain`: one atomic, rule or mitigation in plain words, with what proves it.

import { type Catalogue, loadCatalogue } from '../../content/catalogue.ts';
import { explainAtomic } from '../../content/explain/atomic.ts';
import type { Block } from '../../content/explain/block.ts';
import { explainMitigation } from '../../content/explain/mitigation.ts';
import { explainRule } from '../../content/explain/rule.ts';
import { matcherOf, selectableAtomic } from '../../content/select-atomics.ts';
import { AtomclockError, ContentError, exitCodes } from '../../model/errors.ts';
import { closestTo } from '../../model/suggestion.ts';
import { printable, printableLines } from '../../report/printable.ts';
import { type Paint, painter, wrap } from '../../report/table.ts';
import { nearest } from '../../rules/explain.ts';
import { explanationText } from '../../rules/explain-text.ts';
import type { Rule } from '../../rules/index.ts';
import type { CommandResult } from '../command.ts';
import { eventsOf } from '../event-stream.ts';
import type { Io, Output } from '../io.ts';
import type { ExplainOptions } from '../options.ts';

/**
 * Explains everything that has this name; with `--event`, how the rule of this name sees the events of a file.
 * @throws ContentError for a rule that cannot be used; AtomclockError `explain/unknown`, `explain/not-a-rule`, `replay/…` for a file that cannot be read
 */
export async function explainCommand(
  { id, event, ...given }: ExplainOptions,
  io: Io,
): Promise<CommandResult> {
  const catalogue = loadCatalogue(given);
  const name = id.toLowerCase();
  const isMeant = (rule: { slug: string; id: string }): boolean =>
    [rule.slug, rule.id].some((own) => own.toLowerCase() === name);
  const refused = catalogue.rules.unusable.find(isMeant);
  if (refused) throw new ContentError(refused.problems);
  const rules = catalogue.rules.rules.filter(isMeant);
  if (event !== null) {
    const [rule] = rules;
    if (!rule) throw notARule(id, catalogue);
    io.stdout.write(await explainOnEvents(rule, event, given.fields, io));
    return { exitCode: exitCodes.asExpected };
  }
  const blocks = [
    ...atomicBlocks(name, catalogue),
    ...ruleBlocks(rules, catalogue),
    ...mitigationBlocks(name, catalogue),
  ];
  if (blocks.length === 0) throw unknown(id, catalogue);
  io.stdout.write(render(blocks, io.stdout));
  return { exitCode: exitCodes.asExpected };
}

const atomicBlocks = (name: string, { atomics, rules, mitigations }: Catalogue): Block[] =>
  atomics.atomics
    .filter(({ slug, guid }) => slug === name || guid === name)
    .flatMap((atomic) =>
      explainAtomic(atomic, atomics.expectations.get(atomic.guid), {
        rules: rules.rules,
        mitigations: mitigations.mitigations,
      }),
    );

const ruleBlocks = (rules: readonly Rule[], { atomics }: Catalogue): Block[] =>
  rules.flatMap((rule) => explainRule(rule, atomics.expectations.values()));

const mitigationBlocks = (name: string, { mitigations }: Catalogue): Block[] =>
  mitigations.mitigations.filter(({ id }) => id === name).flatMap(explainMitigation);

/** More of the events that nearly matched would only bury the nearest. */
const shownEvents = 3;

async function explainOnEvents(
  rule: Rule,
  file: string,
  fields: ExplainOptions['fields'],
  { signal, stderr }: Io,
): Promise<string> {
  const events: object[] = [];
  const numbers: number[] = [];
  const say = (message: string): void => {
    stderr.write(`${printableLines(message)}\n`);
  };
  const reading = {
    signal,
    zone: null,
    timesMatter: false,
    onBytes: () => {},
    onUnreadable: say,
    onNote: say,
  };
  for await (const { line, event } of eventsOf(file, reading)) {
    events.push(event);
    numbers.push(line);
  }
  if (events.length === 0) say(`${file} has no events`);
  return nearest(rule, events, { limit: shownEvents, fields })
    .flat()
    .map(
      (explanation) =>
        `${printableLines(explanationText(explanation, `line ${numbers[explanation.event]}`))}\n`,
    )
    .join('');
}

const unknown = (id: string, catalogue: Catalogue): AtomclockError => {
  const closest = closestTo(id, namesOf(catalogue));
  const isSelector = catalogue.atomics.atomics.map(selectableAtomic).some(matcherOf(id));
  const list = isSelector ? `See what it means: atomclock list '${id}'` : 'See what there is: atomclock list';
  return new AtomclockError('explain/unknown', `no atomic, rule or mitigation is called ${id}`, {
    exitCode: exitCodes.nothingSelected,
    hint: closest ? `Did you mean ${closest}?` : list,
  });
};

const notARule = (id: string, catalogue: Catalogue): AtomclockError => {
  const closest = closestTo(
    id,
    catalogue.rules.rules.map(({ slug }) => slug),
  );
  return new AtomclockError(
    'explain/not-a-rule',
    `events are held against a rule, and no rule is called ${id}`,
    {
      exitCode: exitCodes.badInput,
      ...(closest && { hint: `Did you mean ${closest}?` }),
    },
  );
};

const namesOf = ({ atomics, rules, mitigations }: Catalogue): string[] => [
  ...atomics.atomics.map(({ slug }) => slug),
  ...rules.rules.map(({ slug }) => slug),
  ...mitigations.mitigations.map(({ id }) => id),
];

/** Lines longer than this are hard to read, however wide the terminal is. */
const readableWidth = 100;

function render(blocks: readonly Block[], { color, columns }: Output): string {
  const paint = painter(color);
  const width = Math.max(60, Math.min(columns, readableWidth));
  return `${blocks.flatMap((block, index) => [...(index > 0 ? spaceBefore(block) : []), ...lines(block, width, paint)]).join('\n')}\n`;
}

/** A heading belongs to what follows it. */
const spaceBefore = ({ kind }: Block): string[] => (kind === 'list' || kind === 'code' ? [] : ['']);

function lines(block: Block, width: number, paint: Paint): string[] {
  switch (block.kind) {
    case 'title':
      return [
        `${paint('bold', printable(block.name))}  ${printable(block.text)}`,
        paint('dim', printable(block.facts.join(' · '))),
      ];
    case 'heading':
      return [paint('bold', printable(block.text))];
    case 'paragraph':
      return block.text.split(/\n\s*\n/).flatMap((text) => wrap(printable(text), width));
    case 'code':
      return printableLines(block.text.trimEnd())
        .split('\n')
        .map((line) => `    ${line}`);
    case 'list':
      return block.items.flatMap((item) =>
        wrap(printable(item), width - 4).map((line, index) => `  ${index === 0 ? '-' : ' '} ${line}`),
      );
  }
}
