// What a run consists of: atomics, mitigations and rules as a request names them, planned into cases.

import { join, resolve } from 'node:path';
import { loadAtomics } from '../content/atomics.ts';
import { loadAttackMap } from '../content/attack-map.ts';
import { filesBeside, whyIncomplete } from '../content/files-beside.ts';
import { checkMitigation, knownNames } from '../content/lint/references.ts';
import { loadMitigations } from '../content/mitigations.ts';
import { OwnExpectations } from '../content/own-expectations.ts';
import { withElements } from '../content/rule-elements.ts';
import { loadRuleFiles } from '../content/rule-files.ts';
import { loadTargets } from '../content/targets.ts';
import { loadUnproven } from '../content/unproven-branches.ts';
import { loadAxes } from '../content/variants.ts';
import { type RuleBook, type RuleNotes, ruleBook } from '../engine/judge/rule-book.ts';
import { canVary, pairsOf, type VariantChoice } from '../engine/run/choose-variants.ts';
import type { Covering } from '../engine/run/pairs.ts';
import { type Plan, type PlannedCase, planRun } from '../engine/run/plan.ts';
import { type GivenAtomic, withArguments } from '../model/argument.ts';
import type { Atomic } from '../model/atomic.ts';
import { type Axis, evasionsOn } from '../model/axis.ts';
import { parseMitigations } from '../model/case-key.ts';
import { AtomclockError, ContentError, exitCodes, type Problem } from '../model/errors.ts';
import type { EvidenceFile } from '../model/evidence.ts';
import { overruled } from '../model/expectation.ts';
import { lazily } from '../model/lazily.ts';
import { conflictIn, type WrittenMitigation } from '../model/mitigation.ts';
import { packageRoot } from '../model/package-root.ts';
import type { OnRunFact } from '../model/run-event.ts';
import { suggestion } from '../model/suggestion.ts';
import type { TargetDefinition, TargetFile } from '../model/target.ts';
import { loadRules, sensorsFor } from '../rules/index.ts';
import { placeholderValues } from './placeholder-values.ts';
import {
  type ExpectRequest,
  type FieldNames,
  isMitigationFile,
  type Placeholders,
  type RunRequest,
} from './request.ts';
import { selectProcedures } from './select-variants.ts';

/** A rule's text as evidence keeps it. */
type RuleText = EvidenceFile['rules'][number];

export interface RunContent {
  book: RuleBook;
  ruleTexts: RuleText[];
  placeholders: Placeholders;
  planned: PlannedCase[];
  /** Of a shard that was dealt by durations: the groups of the whole run, in its order. */
  dealtFrom: readonly string[] | null;
  filesBeside(atomic: Atomic): TargetFile[];
  /** Some of the atomics or files of rules named could not be used. */
  hasErrors: boolean;
}

/**
 * Loads and plans.
 * @throws ContentError when no atomic of those that were named, no file of rules or not every mitigation can be used; AtomclockError `run/nothing-selected`,
 *   `run/nothing-held`, `run/mitigations-conflict`.
 * A rule that cannot be used is in the book as that: the others are judged all the same.
 */
export function loadForRun(
  request: RunRequest,
  targets: ReadonlyMap<string, TargetDefinition>,
  say: OnRunFact,
  durations: ReadonlyMap<string, number> | null = null,
): RunContent {
  const bundled = request.atomics.length === 0 || request.selectors.length > 0;
  const { atomics, expectations, problems, written } = loadAtomics({ bundled, foreign: request.atomics });
  // One bad file hides no good one: the rest is run, and the exit code tells of the bad one in the end.
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  // Where nothing of what was named can be used, what is bundled is not what was meant.
  const asked = request.atomics.length > 0 ? atomics.filter(({ foreign }) => foreign) : atomics;
  if (hasErrors && asked.length === 0) throw new ContentError(problems);
  report(problems, say);
  const axes = axesFor(request, say);
  const {
    selected,
    variantsOf,
    problems: unknown,
  } = selectProcedures(request.selectors, atomics, axes, request.variants);
  if (selected.length === 0 || unknown.length > 0) throw nothingSelected(unknown);
  if (request.variants.kind === 'pairs')
    say({ kind: 'note', message: pairsNote(selected, axes, request.variants.most) });

  const fileOf = new Map(written.atomics.map(({ atomic: { guid }, yaml }) => [guid, yaml.source.file]));
  const given = withArguments(selected, request.given).map((one, at) => {
    const plain = selected[at] ?? one.atomic;
    return completed(plain, one, fileOf.get(plain.guid) ?? '');
  });
  const placeholders = placeholderValues(request);
  const rules = loadBook(request.rules, say, 'ecs', placeholders);
  const own = ownExpectations(request, rules.book);
  const strays = own.strays(atomics, 'error');
  if (strays.length > 0) throw new ContentError(strays);
  const mitigations = chooseMitigations(request, say);
  const {
    cases: planned,
    dealtFrom,
    unheld,
  } = planRun({
    atomics: given.map(({ atomic }) => atomic),
    given: new Map(given.map(({ atomic, given }) => [atomic.guid, given])),
    expectations,
    targets: [...targets.keys()],
    families: new Map([...targets].map(([name, { families }]) => [name, families])),
    variantsOf,
    actors: new Map(
      [...targets].flatMap(
        ([
          name,
          {
            profile: { user },
          },
        ]) => (user === undefined ? [] : [[name, user]]),
      ),
    ),
    mitigations,
    mitigationMode: mitigationMode(request),
    ...(request.user !== undefined && { user: request.user }),
    shard: request.shard,
    durations,
  });
  if (request.mitigations.kind === 'named') tellUnheld(unheld, targets.size, say);
  refuseConflicts(planned);
  return {
    book: rules.book,
    ruleTexts: rules.texts,
    placeholders,
    dealtFrom,
    planned: planned.map((one) =>
      one.kind === 'idle'
        ? one
        : {
            ...one,
            expectation: overruled(one.expectation, own.of(one.atomic), one.atomic.slug),
          },
    ),
    filesBeside: (atomic) => filesBeside(atomic, fileOf.get(atomic.guid) ?? ''),
    hasErrors: hasErrors || rules.hasErrors,
  };
}

/** What an atomic lacks beside it may be named by the very argument that was given. */
function completed(plain: Atomic, { atomic, given }: GivenAtomic, file: string): GivenAtomic {
  const wasIncomplete = plain.unsupported !== null && plain.unsupported === whyIncomplete(plain, file);
  const isTold = Object.keys(given).length > 0 && (wasIncomplete || plain.unsupported === null);
  return isTold
    ? { atomic: { ...atomic, unsupported: whyIncomplete(atomic, file) }, given }
    : { atomic, given };
}

/**
 * The axes, where variants are asked for.
 * @throws ContentError when not every axis can be used; AtomclockError `run/unknown-axis`
 */
export function axesFor(
  { selectors, variants }: { selectors: readonly string[]; variants: VariantChoice | null },
  say: OnRunFact,
): readonly Axis[] {
  const isAsked = (variants ?? none).kind !== 'none' || selectors.some((selector) => selector.includes('~'));
  if (!isAsked) return [];
  const axes = bundledAxes(say);
  const names = axes.map(({ axis }) => axis);
  for (const name of variants?.kind === 'axes' ? variants.names : []) {
    if (names.includes(name)) continue;
    throw new AtomclockError('run/unknown-axis', `there is no axis ${name} of variants`, {
      exitCode: exitCodes.badInput,
      hint: suggestion(name, names, 'Axes'),
    });
  }
  return axes;
}

/** How far combinations cover the pairs of what is selected. */
function pairsNote(selected: readonly Atomic[], axes: readonly Axis[], most: number): string {
  const counts = selected.filter(canVary).map((atomic) => pairsOf(axes, atomic, most));
  const sum = (of: (one: Covering) => number): number => counts.reduce((total, one) => total + of(one), 0);
  const pairs = sum((one) => one.pairs);
  return [
    `pairs: ${sum(({ rows }) => rows.length)} combinations, ${most} of an atomic at most,`,
    `have ${pairs - sum((one) => one.uncovered)} of ${pairs} pairs;`,
    `${sum((one) => one.excluded)} more cannot be had together`,
  ].join(' ');
}

/** @throws ContentError when not every axis can be used */
export function bundledAxes(say: OnRunFact): readonly Axis[] {
  const { axes, problems } = loadAxes();
  if (problems.some(({ severity }) => severity === 'error')) throw new ContentError(problems);
  report(problems, say);
  return axes;
}

const none: VariantChoice = { kind: 'none' };

/**
 * The bundled rules, or those of the paths alone; `hasErrors` when some file could not be read.
 * @throws ContentError when none could
 */
export function loadBook(
  paths: readonly string[],
  say: OnRunFact,
  fields: FieldNames = 'ecs',
  placeholders: Placeholders = {},
): { book: RuleBook; texts: RuleText[]; hasErrors: boolean } {
  const isBundled = paths.length === 0;
  const { sources, problems } = loadRuleFiles({ bundled: isBundled, foreign: paths });
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  if (hasErrors && sources.length === 0) throw new ContentError(problems);
  report(problems, say);
  const attack = lazily(loadAttackMap);
  const hasValues = Object.keys(placeholders).length > 0;
  const texts = sources.map((source) => {
    const bundled = isBundled || isBundledFile(source.file);
    return {
      file: source.file,
      // What ATT&CK leaves to the site is a parameter of our rules; the text as it was judged by is what evidence keeps.
      text: bundled && hasValues ? withElements(source, attack(), placeholders) : source.text,
      bundled,
    };
  });
  return { book: bookOf(texts, fields, say, placeholders), texts, hasErrors };
}

/** Rules from their texts: the same for a run and for its replay. Warnings are said where somebody listens. */
export function bookOf(
  texts: readonly RuleText[],
  fields: FieldNames = 'ecs',
  say?: OnRunFact,
  placeholders: Placeholders = {},
): RuleBook {
  const { rules, unusable, problems } = loadRules(texts, { fields, placeholders });
  if (say)
    report(
      problems.filter(({ severity }) => severity === 'warning'),
      say,
    );
  const bundledFiles = new Set(texts.filter(({ bundled }) => bundled).map(({ file }) => file));
  const bundled = new Set(
    [...rules, ...unusable].filter(({ file }) => bundledFiles.has(file)).map(({ slug }) => slug),
  );
  return ruleBook(rules, {
    unusable,
    bundled,
    fields,
    sensorsFor: ({ source }) => sensorsFor(source),
    notes: lazily(() => notesOn(bundled)),
  });
}

/** What this package says of its own rules beside them; a rule of somebody else may have the name of one. */
function notesOn(bundled: ReadonlySet<string>): RuleNotes {
  if (bundled.size === 0) return { analytics: new Map(), unproven: new Map() };
  const own = <T>(notes: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...notes].filter(([slug]) => bundled.has(slug)));
  return {
    analytics: own(loadAttackMap().rules),
    unproven: own(loadUnproven().reasons),
    evasions: own(evasionsOn(loadAxes().axes)),
  };
}

/** Our own rules stay ours when their folder is named: their expectations say what each must see. */
const isBundledFile = (file: string): boolean => resolve(file).startsWith(join(packageRoot, 'detections/'));

/**
 * What a request expects of atomics itself.
 * @param book the rules that it may name
 * @throws ContentError for a file that cannot be used, or an entry that names a rule that is not judged
 */
export const ownExpectations = (
  { expect = [] }: ExpectRequest,
  { rules, unusable }: RuleBook,
): OwnExpectations => new OwnExpectations(expect, new Set([...rules, ...unusable].map(({ slug }) => slug)));

/** Each choice a composition, mostly of one; `a+b` applies both, in this order. */
export function chooseMitigations(
  { mitigations: choice, selectors, atomics }: Pick<RunRequest, 'mitigations' | 'selectors' | 'atomics'>,
  say: OnRunFact,
): WrittenMitigation[][] {
  if (choice.kind === 'none') return [];
  const { mitigations, problems } = loadMitigations();
  if (problems.some(({ severity }) => severity === 'error')) throw new ContentError(problems);
  report(problems, say);
  if (choice.kind === 'all') return mitigations.map((each) => [each]);
  if (choice.kind === 'declared') return ofTags(selectors, mitigations).map((each) => [each]);
  const own = ownMitigations(choice.names, atomics, say);
  const named = (name: string): WrittenMitigation => {
    const found = own.get(name) ?? mitigations.find(({ id }) => id === name);
    if (found) return found;
    throw new AtomclockError('run/unknown-mitigation', `there is no mitigation ${name}`, {
      exitCode: exitCodes.badInput,
      hint: name.includes('/')
        ? 'One of your own is a file that ends in .yaml.'
        : suggestion(
            name,
            mitigations.map(({ id }) => id),
            'Mitigations',
          ),
    });
  };
  const chosen = [...new Set(choice.names)].map((composition) => parseMitigations(composition).map(named));
  refuseNamesakes(chosen.flat());
  return chosen;
}

/**
 * What the user has written, by the path that was named.
 * @param foreign atomics that they may name beside the bundled ones
 * @throws ContentError for a file that cannot be used, or that names what there is not
 */
function ownMitigations(
  names: readonly string[],
  foreign: readonly string[],
  say: OnRunFact,
): Map<string, WrittenMitigation> {
  const paths = [...new Set(names.flatMap(parseMitigations).filter(isMitigationFile))];
  if (paths.length === 0) return new Map();
  const known = knownNames(loadAtomics({ bundled: true, foreign }), loadTargets().targets);
  return new Map(
    paths.map((path) => {
      const { written, problems } = loadMitigations(path);
      const found = [...problems, ...written.flatMap((each) => checkMitigation(each, known))];
      const [own] = written;
      if (own === undefined || found.some(({ severity }) => severity === 'error'))
        throw new ContentError(found);
      report(found, say);
      return [path, own.mitigation];
    }),
  );
}

/** Who names a mitigation wants it tried: on a target where it is not, that is said, and where it is nowhere, refused. */
function tellUnheld(unheld: Plan['unheld'], targets: number, say: OnRunFact): void {
  for (const [composition, places] of Map.groupBy(unheld, (each) => each.composition)) {
    const where = places.map(({ target, why }) => `on ${target} ${why}`).join('; ');
    const message = `no attack of this run is held against ${composition}: ${where}`;
    if (places.length < targets) say({ kind: 'note', message });
    else
      throw new AtomclockError('run/nothing-held', message, {
        exitCode: exitCodes.nothingSelected,
        hint: 'See what it is for: atomclock explain NAME',
      });
  }
}

/** Mitigations for which a target cannot be started at once. @throws AtomclockError `run/mitigations-conflict` */
export function refuseConflicts(planned: readonly PlannedCase[]): void {
  for (const one of planned) {
    const conflict = one.kind === 'idle' ? null : conflictIn(one.mitigations);
    if (conflict === null) continue;
    throw new AtomclockError('run/mitigations-conflict', `${one.id} cannot be started: ${conflict}`, {
      exitCode: exitCodes.badInput,
      hint: 'Apply them one by one.',
    });
  }
}

/** Cases are told apart by ids: two mitigations of one id would be one. */
function refuseNamesakes(mitigations: readonly WrittenMitigation[]): void {
  const byId = Map.groupBy(new Set(mitigations), ({ id }) => id);
  const twice = [...byId].find(([, same]) => same.length > 1);
  if (!twice) return;
  throw new AtomclockError('run/same-mitigation', `two mitigations of this run are called ${twice[0]}`, {
    exitCode: exitCodes.badInput,
    hint: 'Rename the file and the `id` in it.',
  });
}

/** Of `run core`, only the mitigations that are core too: a tag that mitigations carry selects among them. */
function ofTags(
  selectors: readonly string[],
  mitigations: readonly WrittenMitigation[],
): readonly WrittenMitigation[] {
  const wanted = selectors.map((selector) => selector.toLowerCase());
  const areTags =
    wanted.length > 0 && wanted.every((selector) => mitigations.some(({ tags }) => tags.includes(selector)));
  return areTags ? mitigations.filter(({ tags }) => tags.some((tag) => wanted.includes(tag))) : mitigations;
}

/** Mitigations and atomics that were both named are held against each other, whatever the mitigation claims. */
function mitigationMode({ mitigations, selectors }: RunRequest): 'declared' | 'all' | 'none' {
  if (mitigations.kind === 'named') return selectors.length > 0 ? 'all' : 'declared';
  return mitigations.kind;
}

function report(problems: readonly Problem[], say: OnRunFact): void {
  for (const problem of problems) say({ kind: 'problem', problem });
}

/** @param unknown a problem for each selector that means nothing; none where what they mean leaves no case */
const nothingSelected = (unknown: readonly Problem[]): AtomclockError =>
  new AtomclockError(
    'run/nothing-selected',
    unknown.map(({ message, hint }) => (hint ? `${message} (${hint})` : message)).join('\n') ||
      'nothing is selected',
    { exitCode: exitCodes.nothingSelected, hint: 'See what there is: atomclock list' },
  );
