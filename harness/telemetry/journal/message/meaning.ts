// What a log line says, in ECS's words: the result of reading the message of a daemon that is known here.

import type { UserFields } from '../../../model/event.ts';

export interface Meaning {
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly action: string;
  readonly outcome?: 'success' | 'failure';
  /** Whom the line is about; ids are filled in from the target's accounts where only the name is known. */
  readonly user?: { readonly name: string; readonly id?: string };
  /** The account that a session or a job is for, where `user` is the one who asked for it. */
  readonly effectiveUser?: UserFields | { readonly name: string };
  /** ECS field sets that only this kind of line has (`source`, `system.auth.sudo`…). */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** What a scheduler says of a job or of its table: goes to `atomclock.job`. */
  readonly job?: JobFields;
  /** How many messages journald says it dropped. */
  readonly lost?: number;
}

/** A scheduler's statement about a job or a table; ECS has no place for it. */
export interface JobFields {
  scheduler: 'cron' | 'anacron' | 'at' | 'systemd';
  /** The daemon's own word: `CMD`, `REPLACE`, `ORPHAN`, `Started`. */
  verb: string;
  /** Whose job or table it is. */
  user?: string;
  command?: string;
  /** Table or unit file that the line names. */
  file?: string;
  unit?: string;
}
