// What the audit rules of mitigations put on record in one target, beside whatever the sensor watches there.

import type { AuditListener, Target } from '../../engine/ports.ts';
import type { AuditRecording } from '../../model/audit-recording.ts';
import type { AuditRule } from '../../model/audit-rule.ts';
import { readAuditRule } from '../../model/audit-rule-file.ts';
import type { EcsEvent } from '../../model/event.ts';
import type { AuditRecord } from './record.ts';
import { type AuditMachine, eventOfTarget, TargetRules } from './target-rules.ts';

/** Of each key; a flood of records would fill the evidence, and says no more than its beginning. */
const mostRecords = 100;

export class MitigationListener implements AuditListener {
  readonly #machine: AuditMachine;
  readonly #keys: readonly string[];
  readonly #rules: TargetRules;
  readonly #loaded: AuditRecording['loaded'] = [];
  readonly #records: EcsEvent[] = [];
  readonly #count = new Map<string, number>();
  #events = 0;

  constructor(machine: AuditMachine, target: Target, keys: readonly string[]) {
    this.#machine = machine;
    this.#keys = keys;
    this.#rules = new TargetRules(machine, target);
  }

  begin(): Promise<void> {
    return this.#rules.begin();
  }

  async load(mitigation: string, lines: readonly string[]): Promise<void> {
    const place = { file: mitigation, line: 1, column: 1 };
    const read = lines.map((line) => ({ line, rule: readAuditRule(line, place) }));
    const rules = read.flatMap(({ rule }) => (typeof rule === 'string' ? [] : rule));
    // Before those of the sensor, where it has some: a call that both see has the key of the mitigation.
    const loaded = await this.#rules.load(rules, 'first');
    const why = new Map<AuditRule | string, string | null>(
      loaded.map(({ rule, problem }) => [rule, problem]),
    );
    const problems = read.flatMap(({ line, rule }) => {
      const problem = typeof rule === 'string' ? rule : why.get(rule);
      return problem ? [`${line}: ${problem}`] : [];
    });
    this.#loaded.push({ mitigation, rules: lines.length - problems.length, problems });
  }

  take(records: readonly AuditRecord[]): void {
    this.#events += 1;
    const event = eventOfTarget(records, this.#events, this.#rules.accounts);
    const tags = Array.isArray(event.tags) ? event.tags : [];
    for (const key of this.#keys) {
      if (!tags.includes(key)) continue;
      const count = (this.#count.get(key) ?? 0) + 1;
      this.#count.set(key, count);
      if (count <= mostRecords && this.#records.at(-1) !== event) this.#records.push(event);
    }
  }

  async recording(): Promise<AuditRecording> {
    await this.#rules.barrier();
    const more = [...this.#count].flatMap(([key, count]) =>
      count > mostRecords ? [[key, count - mostRecords] as const] : [],
    );
    return {
      loaded: [...this.#loaded],
      records: [...this.#records],
      more: Object.fromEntries(more),
      lost: this.#rules.lost(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#machine.forget(this.#rules.target);
    await this.#rules.remove();
  }
}
