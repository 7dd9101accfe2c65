// What page and server of a lab say to each other, as JSON over one socket.

import { z } from 'zod';
import type { LabOffer } from '../main/lab-offer.ts';
import type { ScheduleFile } from '../model/inventory.ts';
import type { CasePhase, RunEvent } from '../model/run-event.ts';
import type { CaseRecord, MitigationRecord } from '../model/run-record.ts';
import type { CaseTrace } from '../model/traces.ts';
import type { Role } from './access.ts';

const name = z.string().min(1).max(300);

/** What is to be detonated. */
export const detonationSchema = z.strictObject({
  atomic: name,
  target: name,
  /** Ids joined by `+`; null: none. With some, the same attack runs without them at the same time. */
  mitigation: name.nullable(),
  /** null: whom its expectation names. */
  user: name.nullable(),
  /** Whether each stage waits for a word. */
  isStepping: z.boolean(),
});
export type Detonation = z.infer<typeof detonationSchema>;

const sizeSchema = z.strictObject({ columns: z.int().min(20).max(400), rows: z.int().min(5).max(200) });

/** Where somebody wants to sit. */
export const sittingSchema = detonationSchema.pick({ target: true, mitigation: true, user: true }).extend({
  size: sizeSchema,
});
export type Sitting = z.infer<typeof sittingSchema>;

/** What a page may ask for; only the trainer's is listened to. */
export const requestSchema = z.discriminatedUnion('ask', [
  detonationSchema.extend({ ask: z.literal('detonate') }),
  sittingSchema.extend({ ask: z.literal('terminal') }),
  z.strictObject({ ask: z.literal('type'), text: z.string().min(1).max(8_192) }),
  z.strictObject({ ask: z.literal('resize'), size: sizeSchema }),
  /** What was scheduled at the terminal is waited for no longer. */
  z.strictObject({ ask: z.literal('enough') }),
  z.strictObject({ ask: z.literal('next') }),
  z.strictObject({ ask: z.literal('release') }),
  z.strictObject({ ask: z.literal('stop') }),
  /** What everybody is to look at: a stage of a lesson; null: no lesson. */
  z.strictObject({
    ask: z.literal('show'),
    lesson: name.nullable(),
    target: name.nullable(),
    stage: z.int().min(0).max(1_000),
  }),
]);
export type LabRequestMessage = z.infer<typeof requestSchema>;

/** One run of the session. */
export interface SessionRun {
  /** Counted from 1. */
  readonly number: number;
  readonly detonation: Detonation;
  /** Somebody sits at a terminal: what is typed there is the attack. */
  readonly isTerminal: boolean;
  readonly startedAt: string;
  readonly state: 'running' | 'ended' | 'failed';
  /** What came of it, in a sentence; null while it runs. */
  readonly sentence: string | null;
  /** Where it is kept; null: nothing was. */
  readonly folder: string | null;
}

/** What can be shown of a case when it has been judged. */
export interface JudgedView {
  readonly record: Pick<
    CaseRecord,
    'id' | 'mitigation' | 'observation' | 'verdict' | 'reasons' | 'proof' | 'seenBy' | 'artifacts' | 'residue'
  >;
  /** null where its evidence cannot be read. */
  readonly trace: Pick<CaseTrace, 'processes' | 'schedules'> | null;
  /** Files that the attack wrote, as they were while it waited. */
  readonly files: readonly Pick<ScheduleFile, 'path' | 'mode' | 'owner' | 'content'>[];
}

/** What everybody is shown. */
export interface Scene {
  readonly lesson: string | null;
  readonly target: string | null;
  readonly stage: number;
}

/** What a server says. */
export type LabMessage =
  | {
      readonly say: 'hello';
      readonly role: Role;
      readonly offer: LabOffer;
      /** How many targets the machine bears. */
      readonly bears: number;
    }
  | { readonly say: 'viewers'; readonly count: number }
  | { readonly say: 'scene'; readonly scene: Scene }
  /** A run of the session has begun, or is another than it was. */
  | { readonly say: 'run'; readonly run: SessionRun }
  /** What happens in a run; of events that came too fast only some. */
  | { readonly say: 'facts'; readonly run: number; readonly facts: readonly RunEvent[] }
  /** Events that were not sent to this viewer, or not to anybody; the evidence has them. */
  | { readonly say: 'left-out'; readonly run: number; readonly count: number }
  /** Cases that wait for a word, and before which stage. */
  | { readonly say: 'waiting'; readonly run: number; readonly cases: Readonly<Record<string, CasePhase>> }
  | {
      readonly say: 'judged';
      readonly run: number;
      readonly cases: readonly JudgedView[];
      readonly mitigations: readonly MitigationRecord[];
    }
  /** What a terminal prints; where `whole`, in place of all that it printed before. */
  | {
      readonly say: 'terminal';
      readonly run: number;
      readonly text: string;
      readonly size: z.infer<typeof sizeSchema>;
      readonly whole: boolean;
    }
  /** What was asked for is not done, and why. */
  | { readonly say: 'refused'; readonly why: string; readonly hint: string | null };
