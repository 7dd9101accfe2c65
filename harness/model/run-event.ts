// What a run says while it runs: one protocol for the terminal, a page, a watcher, and the file progress.ndjson.

import type { Problem } from './errors.ts';
import type { EcsEvent } from './event.ts';
import type { Observation } from './expectation.ts';
import type { CaseRecord, Proof, RunRecord, Step } from './run-record.ts';
import type { TestReading } from './traces.ts';

/** What a case is doing, in the order in which it does it; a case may go without some, and cleans up after each use. */
export const casePhases = [
  'boot',
  'mitigation',
  'inventory',
  'prerequisites',
  'attack',
  'wait',
  'cleanup',
  'legitimate',
] as const;
export type CasePhase = (typeof casePhases)[number];

/**
 * What an event is to the attack: `runner`, the harness's start of a shell for a step, which no attacked machine would
 * show; `attack`, a process of the step's own; `scheduler`, a daemon that acts on what the step made; `job`, what it
 * launched on the way to the payload; `payload`, and what descends from it; `log`, what a log or an inventory tells.
 */
export type EventRole = 'runner' | 'attack' | 'scheduler' | 'job' | 'payload' | 'log';

/** What is said, before whoever keeps the clock adds the time. */
export type RunFact =
  /** Something for people that belongs to no case: an image is built, a container of a dead run was removed. */
  | { readonly kind: 'note'; readonly message: string }
  /** Content that cannot be used, or that somebody should look at. */
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** Images and sensors are there; the cases begin. */
  | {
      readonly kind: 'run-started';
      readonly run: string;
      readonly folder: string;
      readonly sensors: readonly string[];
      readonly clock: 'fast' | 'real';
      readonly cases: number;
    }
  /** Once for each case, before the first of them begins. */
  | {
      readonly kind: 'case-planned';
      readonly case: string;
      /** `idle` is the control that does nothing. */
      readonly of: 'attack' | 'benign' | 'idle';
      readonly title: string;
      readonly technique: string | null;
      readonly user: string;
      readonly target: string;
      readonly mitigation: string | null;
    }
  | { readonly kind: 'case-started'; readonly case: string }
  /**
   * Of a run that is followed live: what the case is about to do, in a sentence. Whoever may hold the run holds it now;
   * `phase` says that it goes on. The idle control has none.
   */
  | {
      readonly kind: 'stage';
      readonly case: string;
      readonly stage: CasePhase;
      readonly sentence: string;
    }
  | { readonly kind: 'phase'; readonly case: string; readonly phase: CasePhase }
  /** Of a run that is followed live: a command of the case begins. `step` tells its end. */
  | ({ readonly kind: 'step-started'; readonly case: string } & Pick<Step, 'role' | 'user' | 'command'>)
  /** A command of the case that has ended, with its answer. */
  | ({ readonly kind: 'step'; readonly case: string } & Step)
  /**
   * Of a run that is followed live: something that a step of the case has brought about, as soon as it is known whose
   * doing it is. What a scheduler launched is known late: its events may come after later ones.
   */
  | {
      readonly kind: 'event';
      readonly case: string;
      /** The step's; of what is tried under a mitigation `legitimate`. */
      readonly of: Step['role'];
      readonly role: EventRole;
      /** One plain line without control characters: who did what, words quoted as a shell would have them. */
      readonly sentence: string;
      readonly event: EcsEvent;
    }
  /** A scheduler has launched the payload of the attack, or of legitimate use under a mitigation. */
  | {
      readonly kind: 'launched';
      readonly case: string;
      readonly of: 'attack' | 'legitimate';
      readonly proof: Proof;
    }
  /**
   * A rule matched events of the attack itself. Said once for each rule when the case has been judged; of a run that is
   * followed live at the moment of each match, and then only of what was not said before.
   */
  | {
      readonly kind: 'matched';
      readonly case: string;
      readonly rule: string;
      readonly eventIds: readonly string[];
      /** Of a match that is said live: the tests that held, with the fields and values that they saw. */
      readonly because?: readonly TestReading[];
    }
  /** What was said live of a rule has turned out otherwise when all events were in: it did not match these. */
  | {
      readonly kind: 'withdrawn';
      readonly case: string;
      readonly rule: string;
      readonly eventIds: readonly string[];
    }
  /** Its target is gone, and its evidence kept. */
  | {
      readonly kind: 'case-finished';
      readonly case: string;
      readonly observation: Observation | null;
      readonly ms: number;
    }
  /** Its verdict is final: under a mitigation, once its control is in too. The idle control has none. */
  | {
      readonly kind: 'case-judged';
      readonly case: string;
      readonly verdict: CaseRecord['verdict'];
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'run-finished'; readonly summary: RunRecord['summary'] };

/** One fact, with the time at which it was said (ISO 8601, UTC). */
export type RunEvent = { readonly at: string } & RunFact;

export type OnRunEvent = (event: RunEvent) => void;
export type OnRunFact = (fact: RunFact) => void;
