// One line of an audit rule file, as a fleet loads it with auditctl or augenrules.

import type { Place } from './place.ts';

export type AuditRule = WatchRule | CallRule;

/** `-w PATH -p PERMISSIONS -k KEY` */
export interface WatchRule {
  readonly kind: 'watch';
  readonly path: string;
  /** Of `rwxa`; all four unless given. */
  readonly permissions: string;
  readonly keys: readonly string[];
  readonly place: Place;
}

/** `-a always,exit -F FIELD -S CALL -C COMPARISON -k KEY` */
export interface CallRule {
  readonly kind: 'call';
  /** `exit`, `user`, `exclude`, … */
  readonly list: string;
  readonly action: 'always' | 'never';
  readonly fields: readonly RuleField[];
  readonly calls: readonly string[];
  /** `-C`: field against field, as written. */
  readonly comparisons: readonly string[];
  readonly keys: readonly string[];
  readonly place: Place;
}

export interface RuleField {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
}
