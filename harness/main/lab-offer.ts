// What a lab offers: targets, atomics, mitigations and lessons, as they can be chosen on its page.

import { loadCatalogue } from '../content/catalogue.ts';
import type { LessonSource } from '../content/lesson.ts';
import { LessonFile, lessonsOf } from '../content/lessons.ts';
import { connect } from '../docker/host/connection.ts';
import { type Atomic, defaultInputs, renderCommand } from '../model/atomic.ts';
import { ContentError } from '../model/errors.ts';
import { expectationFor } from '../model/expectation.ts';
import type { Lesson } from '../model/lesson.ts';
import { mitigationFor, type WrittenMitigation } from '../model/mitigation.ts';
import { type Claim, claimOn } from '../model/mitigation-claim.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import type { TargetDefinition } from '../model/target.ts';
import { chooseJobs } from './choose-jobs.ts';
import { chooseTargets } from './choose-targets.ts';
import type { LabRequest } from './request.ts';
import { stamped } from './world.ts';

export interface OfferedAtomic {
  readonly slug: string;
  readonly name: string;
  readonly technique: string;
  readonly kind: Atomic['kind'];
  readonly description: string;
  readonly command: string;
  /** Who runs it unless somebody else is chosen; null: root, or whom the target has in root's place. */
  readonly user: string | null;
  /** Of the offered targets, those on which it can run. */
  readonly targets: readonly string[];
}

export interface OfferedMitigation {
  readonly id: string;
  readonly name: string;
  readonly attack: string;
  readonly description: string;
  /** Of the offered targets, those on which it can be applied. */
  readonly targets: readonly string[];
  /** Slugs of the atomics that it says it stops. */
  readonly stops: readonly string[];
  /** Slugs of the atomics that it says it puts on record. */
  readonly records: readonly string[];
}

export interface LabOffer {
  readonly targets: readonly { readonly name: string; readonly title: string }[];
  /** Accounts that every target has. */
  readonly users: readonly string[];
  readonly atomics: readonly OfferedAtomic[];
  readonly mitigations: readonly OfferedMitigation[];
  readonly lessons: readonly Lesson[];
  /** Titles of rules by their slugs. */
  readonly rules: Readonly<Record<string, string>>;
}

/**
 * Reads what there is; what cannot be used is said as a problem, and is not offered.
 * @throws ContentError where a file of lessons cannot be used or nothing else can; AtomclockError `run/unknown-target`
 */
export function labOffer(request: LabRequest, onEvent: OnRunEvent): LabOffer {
  const say = stamped(onEvent);
  const targets = chooseTargets(request.targets);
  const catalogue = loadCatalogue(request);
  const { mitigations } = catalogue.mitigations;
  const { atomics, expectations } = catalogue.atomics;
  if (atomics.length === 0) throw new ContentError(catalogue.problems);
  for (const problem of catalogue.problems) say({ kind: 'problem', problem });
  const file = request.lessons === null ? null : new LessonFile(request.lessons, mitigations, atomics);
  const on = ([target, { families }]: [string, TargetDefinition]): LessonSource => ({
    atomics,
    expectations,
    target,
    families,
  });
  const sources = [...targets].map(on);
  return {
    targets: [...targets].map(([name, { title }]) => ({ name, title })),
    users: ['root', 'alice', 'bob'],
    atomics: atomics
      .filter(({ unsupported }) => unsupported === null)
      .map((atomic) => offeredAtomic(atomic, sources)),
    mitigations: mitigations.map((mitigation) => offeredMitigation(mitigation, sources)),
    lessons: sources.flatMap((source) => (file ? file.on(source) : lessonsOf(mitigations, source))),
    rules: Object.fromEntries(catalogue.rules.rules.map(({ slug, title }) => [slug, title])),
  };
}

function offeredAtomic(atomic: Atomic, sources: readonly LessonSource[]): OfferedAtomic {
  const { slug, name, technique, kind, description, executor, inputs } = atomic;
  const command = renderCommand(executor.command, defaultInputs(inputs)).trim();
  const runsOn = ({ expectations, families, target }: LessonSource): boolean => {
    const written = expectations.get(atomic.guid);
    const { skip, targets } = written ? expectationFor(written, families) : {};
    return skip === undefined && (targets?.includes(target) ?? true);
  };
  const user = sources[0]?.expectations.get(atomic.guid)?.user ?? null;
  return {
    slug,
    name,
    technique,
    kind,
    description: description.trim(),
    command,
    user,
    targets: sources.filter(runsOn).map(({ target }) => target),
  };
}

function offeredMitigation(written: WrittenMitigation, sources: readonly LessonSource[]): OfferedMitigation {
  const { id, name, attack, description } = written;
  const isOn = ({ target, families }: LessonSource): boolean =>
    (written.targets?.includes(target) ?? true) && mitigationFor(written, families) !== null;
  const claimed = (kind: Claim['kind']): string[] =>
    (sources[0]?.atomics ?? [])
      .filter((atomic) => claimOn(written, atomic)?.kind === kind)
      .map(({ slug }) => slug);
  return {
    id,
    name,
    attack,
    description: description.trim(),
    targets: sources.filter(isOn).map(({ target }) => target),
    stops: claimed('stops'),
    records: claimed('records'),
  };
}

/**
 * How many targets this machine bears at the same time.
 * @param targets names; empty: the default target
 * @throws AtomclockError `lab/no-engine` when no engine answers
 */
export async function bearableTargets(targets: readonly string[], onEvent: OnRunEvent): Promise<number> {
  const { facts } = await connect();
  const say = stamped(onEvent);
  const note = (message: string) => say({ kind: 'note', message });
  return chooseJobs(null, facts, chooseTargets(targets).values(), note).busy;
}
