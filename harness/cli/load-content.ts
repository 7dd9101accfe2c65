// What a run consists of: atomics, mitigations and rules as the options name them, planned into cases.

import { join, resolve } from 'node:path';
import { loadAtomics } from '../content/atomics.ts';
import type { EvidenceFile } from '../content/evidence-folder.ts';
import { filesBeside } from '../content/files-beside.ts';
import { loadMitigations } from '../content/mitigations.ts';
import { loadRuleFiles } from '../content/rule-files.ts';
import { selectAtomics } from '../content/select-atomics.ts';
import { type RuleBook, ruleBook } from '../engine/judge/rule-book.ts';
import { type PlannedCase, planCases } from '../engine/run/plan.ts';
import type { Atomic } from '../model/atomic.ts';
import { AtomclockError, ContentError, exitCodes, formatProblem, type Problem } from '../model/errors.ts';
import type { Mitigation } from '../model/mitigation.ts';
import { packageRoot } from '../model/package-root.ts';
import { suggestion } from '../model/suggestion.ts';
import type { TargetFile } from '../model/target.ts';
import { printableLines } from '../report/printable.ts';
import { loadRules, sensorsFor } from '../rules/index.ts';
import type { Io } from './io.ts';
import type { MitigationChoice, RunOptions } from './options.ts';

/** A rule's text as evidence keeps it. */
type RuleText = EvidenceFile['rules'][number];

/** Values for the placeholders of Sigma's `expand` modifier, by name. */
type Placeholders = Readonly<Record<string, string[]>>;

interface RunContent {
  book: RuleBook;
  ruleTexts: RuleText[];
  placeholders: Placeholders;
  planned: PlannedCase[];
  filesBeside(atomic: Atomic): TargetFile[];
  /** Some of the atomics or files of rules named could not be used. */
  isSpoilt: boolean;
}

/**
 * Loads and plans.
 * @throws ContentError when no atomic, no file of rules or not every mitigation can be used; AtomclockError `run/nothing-selected`.
 * A rule that cannot be used is in the book as that: the others are judged all the same.
 */
export function loadForRun(options: RunOptions, targets: readonly string[], io: Io): RunContent {
  const bundled = options.atomics.length === 0 || options.selectors.length > 0;
  const { atomics, expectations, problems, written } = loadAtomics({ bundled, foreign: options.atomics });
  // One bad file hides no good one: the rest is run, and the exit code tells of the bad one in the end.
  const isSpoilt = problems.some(({ severity }) => severity === 'error');
  if (isSpoilt && atomics.length === 0) throw new ContentError(problems);
  tell(problems, io);
  const { selected, problems: unknown } = selectAtomics(options.selectors, atomics);
  if (selected.length === 0 || unknown.length > 0) throw nothingSelected(unknown);

  const rules = loadBook(options.rules, io, 'ecs', options.placeholders);
  const mitigations = chooseMitigations(options.mitigations, io);
  const planned = planCases({
    atomics: selected,
    expectations,
    targets,
    mitigations,
    mitigationMode: mitigationMode(options),
    shard: options.shard,
  });
  const fileOf = new Map(written.atomics.map(({ atomic: { guid }, yaml }) => [guid, yaml.source.file]));
  return {
    book: rules.book,
    ruleTexts: rules.texts,
    placeholders: options.placeholders,
    planned,
    filesBeside: (atomic) => filesBeside(atomic, fileOf.get(atomic.guid) ?? ''),
    isSpoilt: isSpoilt || rules.isSpoilt,
  };
}

/**
 * The bundled rules, or those of the paths alone; `isSpoilt` when some file could not be read.
 * @throws ContentError when none could
 */
export function loadBook(
  paths: readonly string[],
  io: Io,
  fields: 'ecs' | 'sigma' = 'ecs',
  placeholders: Placeholders = {},
): { book: RuleBook; texts: RuleText[]; isSpoilt: boolean } {
  const isBundled = paths.length === 0;
  const { sources, problems } = loadRuleFiles({ bundled: isBundled, foreign: paths });
  const isSpoilt = problems.some(({ severity }) => severity === 'error');
  if (isSpoilt && sources.length === 0) throw new ContentError(problems);
  tell(problems, io);
  const texts = sources.map(({ file, text }) => ({ file, text, bundled: isBundled || isBundledFile(file) }));
  return { book: bookOf(texts, fields, io, placeholders), texts, isSpoilt };
}

/** Rules from their texts: the same for a run and for its replay. Warnings are told where there is somebody to tell. */
export function bookOf(
  texts: readonly RuleText[],
  fields: 'ecs' | 'sigma' = 'ecs',
  io?: Io,
  placeholders: Placeholders = {},
): RuleBook {
  const { rules, unusable, problems } = loadRules(texts, { fields, placeholders });
  if (io)
    tell(
      problems.filter(({ severity }) => severity === 'warning'),
      io,
    );
  const bundledFiles = new Set(texts.filter(({ bundled }) => bundled).map(({ file }) => file));
  const bundled = new Set(
    [...rules, ...unusable].filter(({ file }) => bundledFiles.has(file)).map(({ slug }) => slug),
  );
  return ruleBook(rules, { unusable, bundled, fields, sensorsFor: ({ source }) => sensorsFor(source) });
}

/** Our own rules stay ours when their folder is named: their expectations say what each must see. */
const isBundledFile = (file: string): boolean => resolve(file).startsWith(join(packageRoot, 'detections/'));

function chooseMitigations(choice: MitigationChoice, io: Io): Mitigation[] {
  if (choice.kind === 'none') return [];
  const { mitigations, problems } = loadMitigations();
  complain(problems, io);
  if (choice.kind !== 'named') return mitigations;
  return choice.names.map((name) => {
    const found = mitigations.find(({ id }) => id === name);
    if (found) return found;
    throw new AtomclockError('run/unknown-mitigation', `there is no mitigation ${name}`, {
      exitCode: exitCodes.badInput,
      hint: suggestion(
        name,
        mitigations.map(({ id }) => id),
        'Mitigations',
      ),
    });
  });
}

/** Mitigations and atomics that were both named are held against each other, whatever the mitigation claims. */
function mitigationMode({ mitigations, selectors }: RunOptions): 'declared' | 'all' | 'none' {
  if (mitigations.kind === 'named') return selectors.length > 0 ? 'all' : 'declared';
  return mitigations.kind;
}

function complain(problems: readonly Problem[], io: Io): void {
  if (problems.some(({ severity }) => severity === 'error')) throw new ContentError(problems);
  tell(problems, io);
}

function tell(problems: readonly Problem[], io: Io): void {
  for (const problem of problems) io.stderr.write(`${printableLines(formatProblem(problem))}\n`);
}

/** @param unknown a problem for each selector that means nothing; none where what they mean leaves no case */
const nothingSelected = (unknown: readonly Problem[]): AtomclockError =>
  new AtomclockError(
    'run/nothing-selected',
    unknown.map(({ message, hint }) => (hint ? `${message} (${hint})` : message)).join('\n') ||
      'nothing is selected',
    { exitCode: exitCodes.nothingSelected, hint: 'See what there is: atomclock list' },
  );
