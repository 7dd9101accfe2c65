// What parsing Sigma gives: rules that can be used, rules that cannot, and all that was said about both.

import type { Problem } from '../../model/errors.ts';
import type { Rule } from '../rule.ts';

export interface SigmaRules {
  readonly rules: readonly Rule[];
  readonly unusable: readonly UnusableRule[];
  /** Errors and warnings, those of the unusable rules too. */
  readonly problems: readonly Problem[];
}

/** A rule that is refused, by what is known of it. */
export interface UnusableRule {
  /** Its id, else the name of its file. */
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly problems: readonly Problem[];
}

/** How rules are to be understood. */
export interface SigmaOptions {
  /** `ecs`: events carry ECS names, so Sigma's are mapped; `sigma`: events carry the names that the rules use. */
  readonly fields: 'ecs' | 'sigma';
  /** Values for the placeholders (`%name%`) of the `expand` modifier; a rule whose placeholder has none is refused. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}
