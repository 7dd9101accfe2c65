// A mitigation as a lesson: the attack works, its traces, the hardening, the refusal or the record, what still works, a way
// around it.

import { type Atomic, defaultInputs, renderCommand } from '../model/atomic.ts';
import { type Expectation, expectationFor, type WrittenExpectation } from '../model/expectation.ts';
import type { Lesson, LessonDifference, LessonStage, LessonStageKind } from '../model/lesson.ts';
import { lessonStages } from '../model/lesson.ts';
import { type Mitigation, mitigationFor, type WrittenMitigation } from '../model/mitigation.ts';
import { claimOn } from '../model/mitigation-claim.ts';
import { refersTo } from '../model/reference.ts';

/** What lessons are made of. */
export interface LessonSource {
  readonly atomics: readonly Atomic[];
  readonly expectations: ReadonlyMap<string, WrittenExpectation>;
  /** Name of the target, and the families that it belongs to. */
  readonly target: string;
  readonly families: readonly string[];
}

/**
 * Makes the lesson of a mitigation on a target.
 * @param difference what a file of one's own says otherwise
 * @returns null where the mitigation is none on this target, or no atomic can show it there
 */
export function lessonOf(
  written: WrittenMitigation,
  source: LessonSource,
  difference: Omit<LessonDifference, 'mitigation'> = {},
): Lesson | null {
  if (written.targets?.includes(source.target) === false) return null;
  const mitigation = mitigationFor(written, source.families);
  const shown = mitigation && shownAttack(mitigation, source, difference.attack);
  if (!shown) return null;
  const { id, name, attack } = mitigation;
  const made = stagesOf(mitigation, shown, source);
  const { stages: order = lessonStages, texts = {} } = difference;
  return {
    id: difference.id ?? id,
    title: difference.title ?? name,
    target: source.target,
    mitigation: id,
    attack,
    stages: order.flatMap((kind) => withText(made.get(kind) ?? [], texts[kind])),
  };
}

/** An own text replaces those of all stages of its kind: the first then speaks for them. */
const withText = (stages: readonly LessonStage[], text: string | undefined): LessonStage[] =>
  stages.map((stage, at) => (text === undefined ? stage : { ...stage, text: at === 0 ? text : stage.text }));

/**
 * The attack that is shown: the one that is asked for, the first that is stopped or put on record, or that gets
 * by where none is.
 */
function shownAttack(mitigation: Mitigation, source: LessonSource, asked: string | undefined): Atomic | null {
  const usable = source.atomics.filter((atomic) => isShowable(atomic, source));
  if (asked !== undefined) return usable.find((atomic) => refersTo(asked, atomic)) ?? null;
  const { stops, records = [], bypasses } = mitigation;
  const claims = [
    ...stops.map((named) => ({ kind: 'stops', named })),
    ...records.map((named) => ({ kind: 'records', named })),
    ...bypasses.map((named) => ({ kind: 'bypass', named })),
  ];
  for (const { kind, named } of claims) {
    const found = meantBy(named, usable).find((atomic) => claimOn(mitigation, atomic)?.kind === kind);
    if (found) return found;
  }
  return null;
}

/** Those that `atomic` or `tag` names. */
const meantBy = (
  { atomic, tag }: { readonly atomic?: string; readonly tag?: string },
  atomics: readonly Atomic[],
): Atomic[] =>
  atomics.filter((one) =>
    atomic === undefined ? tag !== undefined && one.tags.includes(tag) : refersTo(atomic, one),
  );

/** What is launched on this target: a class is to see it work. */
function isShowable(atomic: Atomic, source: LessonSource): boolean {
  if (atomic.kind !== 'attack' || atomic.unsupported !== null) return false;
  const expectation = expectationOn(atomic, source);
  if (expectation === null) return true;
  const { skip, targets, observation } = expectation;
  return skip === undefined && (targets?.includes(source.target) ?? true) && observation === 'executed';
}

function expectationOn({ guid }: Atomic, { expectations, families }: LessonSource): Expectation | null {
  const written = expectations.get(guid);
  return written ? expectationFor(written, families) : null;
}

function stagesOf(
  mitigation: Mitigation,
  shown: Atomic,
  source: LessonSource,
): ReadonlyMap<LessonStageKind, LessonStage[]> {
  const { id } = mitigation;
  const claim = claimOn(mitigation, shown);
  const stages: LessonStage[] = [
    {
      kind: 'attack',
      title: `The attack works: ${shown.name}`,
      text: reflowed(shown.description),
      code: renderCommand(shown.executor.command, defaultInputs(shown.inputs)).trim(),
      runs: { atomic: shown.slug, mitigation: null },
    },
    tracesStage(expectationOn(shown, source)),
    {
      kind: 'hardening',
      title: `The hardening: ${mitigation.name}`,
      text: reflowed(mitigation.description),
      code: hardeningCode(mitigation),
      runs: null,
    },
    ...(claim?.kind === 'stops'
      ? [
          {
            kind: 'refused' as const,
            title: `The same attack again ${stopped[claim.stage]}`,
            text: `What shows that it was this hardening: “${claim.reason}”`,
            code: null,
            runs: { atomic: shown.slug, mitigation: id },
          },
        ]
      : []),
    ...(claim?.kind === 'records'
      ? [
          {
            kind: 'recorded' as const,
            title: 'The same attack again runs, and is on record',
            text: `What shows that it was this hardening: an audit record with the key ${claim.key}, and none without it`,
            code: null,
            runs: { atomic: shown.slug, mitigation: id },
          },
        ]
      : []),
    legitimateStage(
      mitigation,
      claim === null || claim.kind === 'bypass' ? { atomic: shown.slug, mitigation: id } : null,
    ),
    ...mitigation.bypasses.map((bypass) => aroundStage(bypass, mitigation, source)),
  ];
  return Map.groupBy(stages, ({ kind }) => kind);
}

/** What is typed, and the rules that the audit system has. */
const hardeningCode = ({ apply, audit = [] }: Mitigation): string | null =>
  [...(apply ? [apply.command.trim()] : []), ...audit].join('\n') || null;

const stopped = {
  submission: 'is refused when it is submitted',
  execution: 'is taken, and never launched',
} as const;

function tracesStage(expectation: Expectation | null): LessonStage {
  const { detects = [], evades = [], artifacts = [] } = expectation ?? {};
  const lines = [
    ...(artifacts.length > 0
      ? [`It must touch ${list(artifacts.map(({ path, action }) => `${path} (${action})`))}.`]
      : []),
    detects.length > 0 ? `Rules that must see it: ${list(detects)}.` : 'No rule is known to see it.',
    ...evades.map(({ rule, why }) => `${rule} is known to miss it: ${why}`),
  ];
  return {
    kind: 'traces',
    title: 'What it leaves behind, and who saw it',
    text: lines.join('\n'),
    code: null,
    runs: null,
  };
}

function legitimateStage({ legitimate }: Mitigation, runs: LessonStage['runs']): LessonStage {
  const lines = legitimate.map(({ name, user, broken }) =>
    broken === undefined ? `${name} (as ${user})` : `${name} (as ${user}) no longer works: ${broken}`,
  );
  const isFree = legitimate.every(({ broken }) => broken === undefined);
  return {
    kind: 'legitimate',
    title: isFree ? 'Legitimate use still works' : 'What legitimate use it costs',
    text: lines.join('\n'),
    code: null,
    runs,
  };
}

function aroundStage(
  bypass: Mitigation['bypasses'][number],
  { id }: Mitigation,
  source: LessonSource,
): LessonStage {
  const [atomic] = meantBy(
    bypass,
    source.atomics.filter((one) => isShowable(one, source)),
  );
  const code =
    bypass.command ?? (atomic && renderCommand(atomic.executor.command, defaultInputs(atomic.inputs)));
  return {
    kind: 'around',
    title: atomic ? `A way around it: ${atomic.name}` : 'A way around it',
    text: reflowed(bypass.how),
    code: code?.trim() ?? null,
    // One that is no atomic is tried together with legitimate use.
    runs: atomic ? { atomic: atomic.slug, mitigation: id } : null,
  };
}

/** A line for each paragraph: how wide a file is written says nothing. */
const reflowed = (text: string): string =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' '))
    .join('\n');

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
