// What a run tells while it runs: facts for whoever watches, in the order in which they happen.

import type { Observation } from '../model/expectation.ts';
import type { CaseRecord } from '../model/run-record.ts';

export type ProgressEvent =
  /** Set-up that is no case: images, sensors. */
  | { readonly kind: 'note'; readonly message: string }
  /** Sent once, before the first case starts. */
  | { readonly kind: 'planned'; readonly cases: readonly string[] }
  | { readonly kind: 'started'; readonly case: string }
  /** What the case does now, as a short phrase: `boot`, `attack`, `waiting for proof`. */
  | { readonly kind: 'phase'; readonly case: string; readonly phase: string }
  | {
      readonly kind: 'finished';
      readonly case: string;
      readonly observation: Observation | null;
      /** null where the run is judged later, when all cases are in. */
      readonly verdict: CaseRecord['verdict'] | null;
      readonly reasons: readonly string[];
      readonly ms: number;
    };

export type OnProgress = (event: ProgressEvent) => void;
