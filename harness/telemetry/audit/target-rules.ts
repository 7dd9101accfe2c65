// Audit rules as they are loaded for one target: under a key of its own, by which its records are known and by which the
// rules are taken away again.

import { setTimeout } from 'node:timers/promises';
import type { Target } from '../../engine/ports.ts';
import type { AuditRule } from '../../model/audit-rule.ts';
import type { EcsEvent } from '../../model/event.ts';
import { type Accounts, accountsOf } from '../accounts.ts';
import { auditEcsEvent } from './ecs.ts';
import type { AuditRecord } from './record.ts';
import { lookAt } from './rule-file/look.ts';
import { translateRule } from './rule-file/translate.ts';

/** The machine's audit system, as its one reader has it. */
export interface AuditMachine {
  /** Runs auditctl; gives its output where it failed. */
  auditctl(argv: readonly string[]): Promise<string | null>;
  /** Resolves when all records that are on their way have come. */
  mark(): Promise<void>;
  /** How many records are known to be lost since audit was first on. */
  lost(): Promise<number>;
  /** Hands out no more records of this target. */
  forget(target: Target): void;
}

/** Begins the key by which a target's records are known; the reader removes every rule with such a key. */
export const keyPrefix = 'atomclock=';

/** A number that has not come this long after its successors is missing. */
const stragglerLimitMs = 1000;

export interface LoadedRule {
  readonly rule: AuditRule;
  /** How it differs from what is written. */
  readonly notes: readonly string[];
  /** Why it could not be loaded; null where it is. */
  readonly problem: string | null;
}

export class TargetRules {
  readonly target: Target;
  readonly accounts: Accounts;
  readonly #machine: AuditMachine;
  readonly #key: string;
  #lostBefore = 0;
  #lostNow = 0;

  constructor(machine: AuditMachine, target: Target) {
    this.#machine = machine;
    this.target = target;
    this.accounts = accountsOf(target.accounts);
    this.#key = keyPrefix + target.id.slice(0, 12);
  }

  /** What was lost up to now does not concern this target. */
  async begin(): Promise<void> {
    await this.#catchUp();
    this.#lostBefore = this.#lostNow;
  }

  /**
   * Loads rules in their order.
   * @param place behind all rules of the target, or before them: of those that see the same call the first gives its keys
   */
  async load(rules: readonly AuditRule[], place: 'first' | 'last'): Promise<LoadedRule[]> {
    const { rootfs, look } = await lookAt(this.target, rules.flatMap(pathsOf));
    const target = { rootfs, look, key: this.#key, accounts: this.accounts };
    // They reach the reader in the order in which they are sent, and each that is put first stands before the last one.
    const sent = place === 'last' ? rules : rules.toReversed();
    const loaded = await Promise.all(
      sent.map(async (rule): Promise<LoadedRule> => {
        const translation = translateRule(rule, target);
        if ('skipped' in translation) return { rule, notes: [], problem: translation.skipped };
        const { argv, notes } = translation;
        const said = await this.#machine.auditctl(place === 'last' ? argv : ['-A', ...argv.slice(1)]);
        return { rule, notes, problem: said === null ? null : `auditctl does not take it: ${said}` };
      }),
    );
    return place === 'last' ? loaded : loaded.toReversed();
  }

  /** Resolves when every record of the target up to now has come. */
  async barrier(): Promise<void> {
    await this.#catchUp();
    if (this.lost() === 0) return;
    // An event is numbered before it is sent: one of another target may be on its way still.
    await setTimeout(stragglerLimitMs);
    await this.#catchUp();
  }

  /** Since `begin`, up to the last barrier. */
  lost(): number {
    return Math.max(0, this.#lostNow - this.#lostBefore);
  }

  async remove(): Promise<void> {
    await this.#machine.auditctl(['-D', '-k', this.#key]).catch(() => {});
  }

  async #catchUp(): Promise<void> {
    await this.#machine.mark();
    this.#lostNow = await this.#machine.lost();
  }
}

function pathsOf(rule: AuditRule): string[] {
  switch (rule.kind) {
    case 'watch':
      return [rule.path];
    case 'call':
      return rule.fields.filter(({ name }) => /^(?:path|dir|exe)$/.test(name)).map(({ value }) => value);
  }
}

/**
 * The records of one event of a target in ECS. Pids in records are the host's; our own key is no tag of a rule's.
 * @param number position of the event among those of the target, from 1
 */
export function eventOfTarget(records: readonly AuditRecord[], number: number, accounts: Accounts): EcsEvent {
  const { tags: keys, ...event } = auditEcsEvent(records, number, accounts);
  const tags = Array.isArray(keys) ? keys.filter((key) => !String(key).startsWith(keyPrefix)) : [];
  return {
    ...event,
    ...(tags.length > 0 ? { tags } : {}),
    atomclock: {
      ...event.atomclock,
      ...(event.process ? { host_pid: event.process.pid } : {}),
      ...(event.process?.parent ? { parent_host_pid: event.process.parent.pid } : {}),
    },
  };
}
