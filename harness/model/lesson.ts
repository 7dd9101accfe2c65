// A lesson: what a mitigation's file says of an attack, in the order in which a class is shown it.

import { z } from 'zod';

export const lessonStages = [
  'attack',
  'traces',
  'hardening',
  'refused',
  'recorded',
  'legitimate',
  'around',
] as const;
export type LessonStageKind = (typeof lessonStages)[number];

/** What is run for a stage. */
export interface LessonCase {
  /** Slug of the atomic. */
  readonly atomic: string;
  /** Its mitigations joined by `+`; null: without any. */
  readonly mitigation: string | null;
}

export interface LessonStage {
  readonly kind: LessonStageKind;
  readonly title: string;
  /** A line for each paragraph. */
  readonly text: string;
  /** What somebody types, where the stage is about that. */
  readonly code: string | null;
  /** null: what it speaks of was run for a stage before it, or nothing is to be run. */
  readonly runs: LessonCase | null;
}

export interface Lesson {
  /** Unique on its target. */
  readonly id: string;
  readonly title: string;
  readonly target: string;
  readonly mitigation: string;
  /** ATT&CK mitigation id. */
  readonly attack: string;
  readonly stages: readonly LessonStage[];
}

const text = z.string().trim().min(1);

/** One lesson of a file: what of the lesson that its mitigation makes is otherwise. */
export const lessonDifferenceSchema = z.strictObject({
  mitigation: z.string(),
  /** Where two lessons are of one mitigation: what tells them apart. */
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens')
    .exactOptional(),
  title: text.exactOptional(),
  /** Slug or GUID of the attack that is shown, instead of the first that the mitigation stops or puts on record. */
  attack: z.string().exactOptional(),
  /** Which stages, in this order. */
  stages: z.array(z.enum(lessonStages)).min(1).exactOptional(),
  /** Instead of what the mitigation's file gives. */
  texts: z.partialRecord(z.enum(lessonStages), text).exactOptional(),
});
export type LessonDifference = z.infer<typeof lessonDifferenceSchema>;

/** A file of lessons: a course, in the order in which it is taught. */
export const lessonFileSchema = z.strictObject({ lessons: z.array(lessonDifferenceSchema).min(1) });
