// Linux audit as a sensor: one reader of the kernel's stream for all targets, a fleet's rules translated for each.

import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type {
  AuditListener,
  AuditRecorder,
  EventSink,
  LiveSensor,
  Sidecar,
  Target,
  Watch,
} from '../../engine/ports.ts';
import type { AuditRule } from '../../model/audit-rule.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { Coalescer, type RecordGroup } from './coalesce.ts';
import { type ControlLine, parseControl } from './control.ts';
import { interpret } from './interpret.ts';
import { MitigationListener } from './mitigation-listener.ts';
import { type AuditRecord, parseAuditLine } from './record.ts';
import { type AuditMachine, eventOfTarget, keyPrefix, TargetRules } from './target-rules.ts';

export interface AuditSensorOptions {
  /** The fleet's rules, from parseAuditRules. */
  readonly rules: readonly AuditRule[];
  /** Receives every record of a target as the kernel wrote it, in the order of the events. */
  readonly onRaw?: (target: Target, line: string) => void;
  /** Told what differs from the fleet's rules: what was left out and why. */
  readonly onNote?: (note: string) => void;
}

/**
 * Takes the machine's audit system over for as long as the sensor lives; what it changes, the sidecar gives back.
 * Start it before the targets: the kernel records no calls of processes that were there before audit was first on.
 * @param sidecar of the image in containers/sensors/audit, with pidMode host, AUDIT_CONTROL, AUDIT_WRITE, and Docker's storage
 *   bound read-only at its own place
 * @throws AtomclockError `sensor/audit-owned`, `sensor/audit-locked`, `sensor/audit-unavailable`
 */
export async function startAuditSensor(
  sidecar: Sidecar,
  options: AuditSensorOptions,
): Promise<LiveSensor & Required<Pick<LiveSensor, 'recorder'>>> {
  const sensor = new AuditSensor(sidecar, options);
  await sensor.ready;
  return sensor;
}

/** How long it may take to give the audit system back before its container is removed. */
const stopLimitMs = 20_000;

class AuditSensor implements LiveSensor, AuditMachine {
  readonly name = 'audit';
  readonly ready: Promise<void>;
  readonly failed: Promise<never>;
  readonly recorder: AuditRecorder;
  readonly #sidecar: Sidecar;
  readonly #options: AuditSensorOptions;
  /** By the id of its container. */
  readonly #watched = new Map<string, Watched>();
  readonly #coalescer = new Coalescer({ inKernelOrder: true });
  /** Which container a program's message came from; rules' records say it by their key. */
  readonly #containers = new WeakMap<AuditRecord, string>();
  /** Answers that are waited for, by what they answer; several targets may have asked the same. */
  readonly #awaited = new Map<string, ((line: ControlLine) => void)[]>();
  /** The same rule says the same for every target of a kind: once is enough. */
  readonly #told = new Set<string>();
  #number = 0;
  #stopping = false;
  /** Rejects when it ends for whatever reason: then no answer comes any more. */
  readonly #over = Promise.withResolvers<never>();

  constructor(sidecar: Sidecar, options: AuditSensorOptions) {
    this.#sidecar = sidecar;
    this.#options = options;
    this.failed = this.#over.promise.catch((error: unknown) => {
      if (this.#stopping) return new Promise<never>(() => {});
      throw error;
    });
    this.failed.catch(() => {});
    this.recorder = { failed: this.failed, listen: (target, keys) => this.#listen(target, keys) };
    this.ready = Promise.race([this.#answer('ready').then(refuse), this.#over.promise]);
    void this.#read();
  }

  async watch(target: Target, sink: EventSink): Promise<Watch> {
    const watch = new AuditWatch(this, target, sink, this.#options.rules);
    this.#watched.set(target.id, { ...this.#watched.get(target.id), target, watch });
    await watch.begin();
    return watch;
  }

  forget(target: Target): void {
    this.#watched.delete(target.id);
  }

  async #listen(target: Target, keys: readonly string[]): Promise<AuditListener> {
    const listener = new MitigationListener(this, target, keys);
    this.#watched.set(target.id, { ...this.#watched.get(target.id), target, listener });
    await listener.begin();
    return listener;
  }

  note(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#options.onNote?.(text);
  }

  /** Runs auditctl in the sidecar; gives its output where it failed. */
  async auditctl(argv: readonly string[]): Promise<string | null> {
    const id = String(++this.#number);
    const answer = this.#answer(`ran ${id}`);
    await this.#sidecar.send(`run ${id} ${argv.join('\t')}`);
    const line = await Promise.race([answer, this.#over.promise]);
    return line.op === 'ran' && line.exitCode !== 0 ? line.output.trim() : null;
  }

  /** Puts a mark behind all records that are on their way, and waits for it to come out at this end. */
  async mark(): Promise<void> {
    // Programs in a target may write messages, too: nobody else can write this one.
    const text = `${keyPrefix}mark-${randomUUID()}`;
    const answer = this.#answer(text);
    await this.#sidecar.send(`mark ${text}`);
    await Promise.race([answer, this.#over.promise]);
  }

  /**
   * What is known to be lost since audit was first on. The kernel counts what it had no room for; what a reader did not
   * take in time it drops without a word, and only the gaps between the events' numbers tell.
   */
  async lost(): Promise<number> {
    const answer = this.#answer('status');
    await this.#sidecar.send('status');
    const line = await Promise.race([answer, this.#over.promise]);
    return this.#coalescer.lost + (line.op === 'status' ? line.lost : 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    // Killed before it has given the audit system back, its successor would have to.
    await this.#sidecar.send('stop').catch(() => {});
    await Promise.race([this.#sidecar.exited, setTimeout(stopLimitMs, undefined, { ref: false })]);
    await this.#sidecar[Symbol.asyncDispose]();
  }

  #answer(to: string): Promise<ControlLine> {
    return new Promise((resolve) => this.#awaited.set(to, [...(this.#awaited.get(to) ?? []), resolve]));
  }

  #resolve(what: string, line: ControlLine): void {
    // Answers come in the order of the questions.
    const [first, ...others] = this.#awaited.get(what) ?? [];
    if (others.length > 0) this.#awaited.set(what, others);
    else this.#awaited.delete(what);
    first?.(line);
  }

  async #read(): Promise<void> {
    try {
      for await (const line of this.#sidecar.lines) {
        if (line.startsWith('{')) this.#control(parseControl(line));
        else this.#record(line);
      }
    } catch (cause) {
      this.#over.reject(died('its output ended', cause));
    }
    const { exitCode, stderr } = await this.#sidecar.exited;
    this.#over.reject(died(`exit code ${exitCode}${stderr ? `: ${stderr.trim().slice(-300)}` : ''}`));
  }

  #control(line: ControlLine): void {
    switch (line.op) {
      case 'ready':
      case 'refused':
        this.#resolve('ready', line);
        return;
      case 'ran':
        this.#resolve(`ran ${line.id}`, line);
        return;
      case 'status':
        this.#resolve('status', line);
        return;
    }
  }

  #record(line: string): void {
    const blank = line.indexOf(' ');
    const record = parseAuditLine(line.slice(blank + 1));
    if (!record) return;
    const mark = record.type === 'USER' ? markOf(record) : undefined;
    if (mark !== undefined) {
      // Everything before it has come; an event of another target may be in the middle of its records.
      this.#deliver([...this.#coalescer.push(record), ...this.#coalescer.flush(record.time)]);
      this.#resolve(mark, { op: 'ready' });
      return;
    }
    const container = line.slice(0, blank);
    if (container !== '-') this.#containers.set(record, container);
    this.#deliver(this.#coalescer.push(record));
  }

  #hand({ target, watch, listener }: Watched, records: readonly AuditRecord[]): void {
    for (const { type, text } of records) this.#options.onRaw?.(target, `type=${type} msg=${text}`);
    watch?.take(records);
    listener?.take(records);
  }

  #deliver(groups: readonly RecordGroup[]): void {
    for (const { records } of groups) {
      const first = records[0];
      if (!first) continue;
      const container = this.#containers.get(first) ?? containerByKey(records);
      if (container === undefined) continue;
      for (const [id, watched] of this.#watched) if (id.startsWith(container)) this.#hand(watched, records);
    }
  }
}

/** Who takes the records of a target. */
interface Watched {
  readonly target: Target;
  readonly watch?: AuditWatch;
  readonly listener?: MitigationListener;
}

class AuditWatch implements Watch {
  readonly #sensor: AuditSensor;
  readonly #sink: EventSink;
  readonly #fleet: readonly AuditRule[];
  readonly #rules: TargetRules;
  #events = 0;

  constructor(sensor: AuditSensor, target: Target, sink: EventSink, fleet: readonly AuditRule[]) {
    this.#sensor = sensor;
    this.#sink = sink;
    this.#fleet = fleet;
    this.#rules = new TargetRules(sensor, target);
  }

  async begin(): Promise<void> {
    await this.#rules.begin();
    const loaded = await this.#rules.load(this.#fleet, 'last');
    for (const { rule, notes, problem } of loaded)
      for (const note of problem === null ? notes : [...notes, problem]) this.#note(rule, note);
  }

  barrier(): Promise<void> {
    return this.#rules.barrier();
  }

  /** The kernel does not say whose records it dropped: each target counts them all. */
  lost(): number {
    return this.#rules.lost();
  }

  take(records: readonly AuditRecord[]): void {
    this.#events += 1;
    this.#sink(eventOfTarget(records, this.#events, this.#rules.accounts));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sensor.forget(this.#rules.target);
    await this.#rules.remove();
  }

  #note({ place }: AuditRule, note: string): void {
    this.#sensor.note(`${place.file}:${place.line}: ${note}`);
  }
}

function containerByKey(records: readonly AuditRecord[]): string | undefined {
  const call = records.find(({ type }) => type === 'SYSCALL');
  const tag = call && interpret(call).tags.find((key) => key.startsWith(keyPrefix));
  return tag?.slice(keyPrefix.length);
}

function markOf(record: AuditRecord): string | undefined {
  return /msg='(atomclock=mark-[0-9a-f-]+)'/.exec(record.text)?.[1];
}

function refuse(line: ControlLine): void {
  if (line.op !== 'refused') return;
  throw new AtomclockError(`sensor/audit-${line.code}`, `The audit sensor cannot start: ${line.why}.`, {
    exitCode: exitCodes.labUnavailable,
    hint: hints.get(line.code) ?? 'Run without `--sensor audit`.',
  });
}

const hints: ReadonlyMap<string, string> = new Map([
  ['owned', 'Audit has one reader per kernel. Run without `--sensor audit`, or where no audit daemon runs.'],
  ['locked', 'Run without `--sensor audit`, or restart the machine without `-e 2` in its audit rules.'],
  [
    'unavailable',
    'Run without `--sensor audit`: it needs a kernel with CONFIG_AUDIT and an engine outside of user namespaces.',
  ],
]);

const died = (why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('sensor/audit-died', `The audit sensor ended while it should be watching: ${why}.`, {
    exitCode: exitCodes.labUnavailable,
    cause,
  });
