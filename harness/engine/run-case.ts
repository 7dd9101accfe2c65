// The life of one case: boot a target, watch it, detonate, wait for proof, clean up, hand over the evidence.
//
// Everything that happened goes into the evidence, nothing is judged here: judge.ts does that from the evidence alone.

import { renderCommand } from '../model/atomic.ts';
import { AtomclockError } from '../model/errors.ts';
import type { EcsEvent, SensorName } from '../model/event.ts';
import { type CaseEvidence, evidenceVersion, type RecordedStep } from '../model/evidence.ts';
import { emptyInventory, type Inventory } from '../model/inventory.ts';
import { diffInventory, type InventoryChange, newSchedules } from '../model/inventory-diff.ts';
import type { Step } from '../model/run-record.ts';
import { Attribution, attackPayload, type Payload, payloadsOf } from './attribution.ts';
import { EventLog, inOrder } from './event-log.ts';
import { inertReasons, isHopeless } from './inert-reasons.ts';
import { findProof, touchedSchedules } from './observe.ts';
import { type Clock, waitFor } from './patience.ts';
import type { PlannedCase } from './plan.ts';
import type { Lab, Sensor, Target, Watch } from './ports.ts';

/** The world in which cases run. */
export interface CaseWorld {
  lab: Lab;
  sensors: readonly Sensor[];
  clock: Clock;
  takeInventory(target: Target): Promise<Inventory>;
  /** What inventories tell as events, for the sensors of this run that tell it. */
  changeEvents: Partial<Record<ChangeSensor, ChangeEvents>>;
  /** One line for each change that is still in the file system, beyond what the inventories show. */
  changedFiles(target: Target): Promise<string[]>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Random lower-case hex: what marks the payload of one case. */
  nonce(): string;
  signal: AbortSignal;
  onPhase(caseId: string, phase: string): void;
}

/** Sensors that compare inventories: what the attack scheduled, and what cleanup left of it. */
export type ChangeSensor = Extract<SensorName, 'inventory' | 'residue'>;
export type ChangeEvents = (changes: readonly InventoryChange[], at: string) => EcsEvent[];

export interface RecordedCase {
  evidence: CaseEvidence;
  events: EcsEvent[];
}

/** Which inventory grows while a launch is waited for: the attack's, or that of legitimate use. */
type Stock = 'scheduled' | 'legitimate';

/** Longest run of one step; ART's own runner gives two minutes. */
const stepLimitMs = 120_000;
/** How long a launched job may take to end before its exit code is given up. */
const jobEndLimitMs = 3_000;
/** How long cron may take to say that it will not use a table: it looks at its tables once a minute of its clock. */
const cronVerdictMs: Record<Clock, number> = { fast: 4_000, real: 65_000 };

export const markerCommand = (nonce: string): string => `/usr/bin/touch /tmp/atomclock-${nonce}`;

/**
 * Runs one planned case in a target of its own.
 * @returns its evidence, with a fault in it where the harness failed
 * @throws the signal's reason when the run is aborted; AtomclockError when the lab itself is gone
 */
export async function runCase(planned: PlannedCase, world: CaseWorld): Promise<RecordedCase> {
  const run = new CaseRun(planned, world);
  if (!planned.skipped) await run.live();
  return { evidence: run.evidence, events: inOrder(run.targetEvents()) };
}

class CaseRun {
  readonly log = new EventLog();
  readonly evidence: CaseEvidence;
  readonly #planned: PlannedCase;
  readonly #world: CaseWorld;
  readonly #attribution: Attribution;
  readonly #payload: Payload;
  readonly #legitimateNonces: string[];
  #seen = 0;

  constructor(planned: PlannedCase, world: CaseWorld) {
    this.#planned = planned;
    this.#world = world;
    const nonce = world.nonce();
    this.#legitimateNonces = (planned.mitigation?.legitimate ?? []).map(() => world.nonce());
    this.evidence = emptyEvidence(planned, nonce, this.#legitimateNonces);
    this.#payload = attackPayload(this.evidence);
    this.#attribution = new Attribution(payloadsOf(this.evidence));
  }

  async live(): Promise<void> {
    const { id, target, needsUserManager, user } = this.#planned;
    const userManagers = needsUserManager ? [user] : [];
    try {
      await using booted = await this.#timed('boot', () =>
        this.#world.lab.start({ target, caseId: id, clock: this.#world.clock, userManagers }),
      );
      await using watches = await this.#watch(booted);
      await this.#phases(booted, watches);
    } catch (error) {
      this.#world.signal.throwIfAborted();
      this.#fault(error);
    }
  }

  /** What happened in the target: the harness's own probes are no part of it (the raw streams have them). */
  targetEvents(): EcsEvent[] {
    this.#catchUp();
    return this.log.events.filter((event) => this.#attribution.ownerOf(event) !== 'harness');
  }

  /** Steps 3 to 7 of the life of a case (DESIGN). */
  async #phases(target: Target, watches: Watches): Promise<void> {
    const { atomic, mitigation } = this.#planned;
    if (mitigation) {
      const applied = await this.#step(target, 'mitigation', mitigation.apply.user, mitigation.apply.command);
      if (applied.exitCode !== 0)
        throw stepFailed('case/mitigation-not-applied', 'applying the mitigation', applied);
    }
    this.evidence.inventory.before = await this.#timed('inventory', () => this.#world.takeInventory(target));
    if (atomic && (await this.#prerequisites(target))) {
      await this.#timed('attack', () => this.#attack(target));
      await this.#timed('wait', () => this.#awaitLaunch(target, watches, this.#payload, 'scheduled'));
      await this.#timed('cleanup', () => this.#cleanup(target));
      await this.#legitimateUse(target, watches);
    }
    await watches.barrier();
    this.evidence.telemetry.perSensor = { ...watches.account(this.log.events), ...this.#tellChanges() };
    for (const [sensor, { lost }] of Object.entries(this.evidence.telemetry.perSensor)) {
      if (lost === 0) continue;
      this.evidence.faults.push({
        code: 'sensor/lost-events',
        message: `the ${sensor} sensor lost ${lost} events: what this case shows is incomplete`,
      });
    }
  }

  /** Puts into the log what the inventories show, and counts it. */
  #tellChanges(): CaseEvidence['telemetry']['perSensor'] {
    const { before, scheduled, after } = this.evidence.inventory;
    const told: CaseEvidence['telemetry']['perSensor'] = {};
    const later = { inventory: scheduled, residue: after };
    for (const [sensor, toEvents] of Object.entries(this.#world.changeEvents)) {
      const inventory = later[sensor as ChangeSensor];
      const taken = inventory.takenAt >= before.takenAt;
      const events = taken ? toEvents(diffInventory(before, inventory), inventory.takenAt) : [];
      for (const event of events) this.log.push(event);
      told[sensor] = { events: events.length, lost: 0 };
    }
    return told;
  }

  /** ART dependencies: checked, fetched, checked again. False when one is still missing: the case is skipped. */
  async #prerequisites(target: Target): Promise<boolean> {
    const { atomic, user } = this.#planned;
    for (const { description, check, get } of atomic?.dependencies ?? []) {
      if (check === '' || (await this.#step(target, 'prereq', user, this.#render(check))).exitCode === 0)
        continue;
      if (get) await this.#step(target, 'get-prereq', 'root', this.#render(get));
      if (get && (await this.#step(target, 'prereq', user, this.#render(check))).exitCode === 0) continue;
      this.evidence.skipped = `prerequisite not met: ${description.trim()}`;
      return false;
    }
    return true;
  }

  async #attack(target: Target): Promise<void> {
    const { atomic, user } = this.#planned;
    await this.#step(target, 'attack', user, this.#render(atomic?.executor.command ?? ''));
  }

  /** Waits until the payload was launched, or can't be any more, or its scheduler's time has passed. */
  async #awaitLaunch(target: Target, watches: Watches, payload: Payload, stock: Stock): Promise<void> {
    this.#phase('waiting for proof');
    let known = -1;
    const started = this.#world.now();
    let limit: number | undefined;
    for (;;) {
      this.#catchUp();
      if (this.#proof(payload, stock)) return this.#awaitJobEnd(payload, stock);
      // A launch is proof only once the timer's own record says that it elapsed: a service may be started by hand.
      if (this.#attribution.launches.length > known) {
        known = this.#attribution.launches.length;
        await this.#takeStock(target, stock);
        continue;
      }
      const { inventory } = this.evidence;
      const changes = diffInventory(inventory.before, inventory[stock]);
      const added = newSchedules(changes);
      if (added.length === 0 && !touchedSchedules(this.#attribution, payload.role)) {
        if (limit !== undefined) return;
        // Nothing was scheduled, as far as is known by now: let the sensors catch up before believing it.
        limit = 0;
        await watches.barrier();
        continue;
      }
      const reasons = inertReasons(changes, this.log.events);
      limit = isHopeless(changes, reasons)
        ? awaitsCron(reasons, added)
          ? cronVerdictMs[this.#world.clock]
          : 0
        : waitFor(added, this.#world.clock, started);
      const left = started + limit - this.#world.now();
      if (left <= 0) return;
      const said = reasons.length;
      const news = () => {
        this.#catchUp();
        return (
          this.#attribution.launches.length > known || inertReasons(changes, this.log.events).length > said
        );
      };
      await this.log.until(news, left, this.#world.signal);
    }
  }

  async #awaitJobEnd(payload: Payload, stock: Stock): Promise<void> {
    const ended = () => {
      this.#catchUp();
      return this.#proof(payload, stock)?.exitCode !== null;
    };
    await this.log.until(ended, jobEndLimitMs, this.#world.signal);
  }

  /** Under a mitigation: what must still work is tried, each with a marker of its own. */
  async #legitimateUse(target: Target, watches: Watches): Promise<void> {
    for (const [index, { user, command, proof }] of (this.#planned.mitigation?.legitimate ?? []).entries()) {
      const nonce = this.#legitimateNonces[index] as string;
      await this.#step(target, 'legitimate', user, renderCommand(command, { command: markerCommand(nonce) }));
      if (proof === 'executed') {
        await this.#awaitLaunch(target, watches, { role: 'legitimate', nonce }, 'legitimate');
      }
    }
  }

  async #cleanup(target: Target): Promise<void> {
    const { atomic, user } = this.#planned;
    const { cleanup } = atomic?.executor ?? {};
    if (cleanup) await this.#step(target, 'cleanup', user, this.#render(cleanup));
    this.evidence.inventory.after = await this.#world.takeInventory(target);
    this.evidence.filesystem = await this.#world.changedFiles(target);
  }

  /** Runs one step in a shell and writes it down. */
  async #step(target: Target, role: Step['role'], user: string, command: string): Promise<RecordedStep> {
    this.#phase(role);
    const { executor, dependencyExecutor } = this.#planned.atomic ?? {};
    const isArt = role === 'attack' || role === 'cleanup';
    const shell =
      (isArt ? executor?.name : role === 'prereq' || role === 'get-prereq' ? dependencyExecutor : 'sh') ??
      'sh';
    const argv = [shell === 'bash' ? '/bin/bash' : '/bin/sh', '-c', command];
    this.#attribution.expect(role, argv);
    const result = await target.exec(argv, { ...loginOf(target, user), timeoutMs: stepLimitMs });
    const step = { role, user, command, argv, ...result };
    this.evidence.steps.push(step);
    return step;
  }

  #render(text: string): string {
    const { atomic } = this.#planned;
    const inputs = Object.fromEntries(
      Object.entries(atomic?.inputs ?? {}).map(([name, input]) => [name, input.default]),
    );
    if (atomic && !atomic.foreign && 'command' in inputs) inputs.command = markerCommand(this.evidence.nonce);
    return renderCommand(text, inputs);
  }

  /** Takes the inventory again and adds what is new in it: what was scheduled and has run already stays known. */
  async #takeStock(target: Target, stock: Stock): Promise<void> {
    const { inventory } = this.evidence;
    inventory[stock] = mergeInventories(inventory[stock], await this.#world.takeInventory(target));
    const role = stock === 'scheduled' ? 'attack' : 'legitimate';
    const added = newSchedules(diffInventory(inventory.before, inventory[stock]));
    this.#attribution.learn(role, added, inventory.before.schedules);
  }

  #catchUp(): void {
    for (; this.#seen < this.log.events.length; this.#seen++) {
      this.#attribution.push(this.log.events[this.#seen] as EcsEvent);
    }
  }

  #proof(payload: Payload, stock: Stock) {
    return findProof(this.#attribution, payload, [this.evidence.inventory[stock]]);
  }

  async #watch(target: Target): Promise<Watches> {
    const started = await Promise.all(
      this.#world.sensors.map(async (sensor) => ({
        sensor,
        watch: await sensor.watch(target, this.log.push),
      })),
    );
    return new Watches(started);
  }

  async #timed<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.#phase(name);
    const started = this.#world.now();
    try {
      return await work();
    } finally {
      this.evidence.timings[`${name}Ms`] = this.#world.now() - started;
    }
  }

  #phase(phase: string): void {
    this.#world.signal.throwIfAborted();
    this.#world.onPhase(this.#planned.id, phase);
  }

  #fault(error: unknown): void {
    this.evidence.faults.push(
      error instanceof AtomclockError
        ? { code: error.code, message: error.message }
        : { code: 'case/unexpected', message: String(error) },
    );
  }
}

/** The sensors' watches over one target, ended together. */
class Watches implements AsyncDisposable {
  readonly #watches: readonly { sensor: Sensor; watch: Watch }[];

  constructor(watches: readonly { sensor: Sensor; watch: Watch }[]) {
    this.#watches = watches;
  }

  /** Every event up to now is in the log; rejects when a sensor has died. */
  async barrier(): Promise<void> {
    await Promise.all(
      this.#watches.map(({ sensor, watch }) => Promise.race([watch.barrier(), sensor.failed])),
    );
  }

  account(events: readonly EcsEvent[]): Record<string, { events: number; lost: number }> {
    return Object.fromEntries(
      this.#watches.map(({ sensor: { name }, watch }) => [
        name,
        { events: events.filter(({ atomclock }) => atomclock.sensor === name).length, lost: watch.lost() },
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#watches.map(({ watch }) => watch[Symbol.asyncDispose]()));
  }
}

const emptyEvidence = (planned: PlannedCase, nonce: string, legitimateNonces: string[]): CaseEvidence => ({
  evidenceVersion,
  id: planned.id,
  kind: planned.kind,
  atomic: planned.atomic,
  expectation: planned.expectation,
  target: planned.target,
  mitigation: planned.mitigation,
  user: planned.user,
  nonce,
  legitimateNonces,
  skipped: planned.skipped,
  steps: [],
  inventory: {
    before: emptyInventory,
    scheduled: emptyInventory,
    after: emptyInventory,
    legitimate: emptyInventory,
  },
  filesystem: [],
  telemetry: { perSensor: {} },
  faults: [],
  timings: {},
});

/** Environment and folder as after a login, with the way to the user's own service manager. */
function loginOf(target: Target, user: string) {
  const account = target.accounts.find(({ name }) => name === user);
  const home = account?.home ?? '/';
  return {
    user,
    workingDirectory: home,
    env: {
      HOME: home,
      USER: user,
      LOGNAME: user,
      SHELL: '/bin/sh',
      ...(account && { XDG_RUNTIME_DIR: `/run/user/${account.uid}` }),
    },
  };
}

const mergeInventories = (earlier: Inventory, later: Inventory): Inventory => ({
  takenAt: later.takenAt,
  schedules: mergeBy(earlier.schedules, later.schedules, ({ id }) => id),
  files: mergeBy(earlier.files, later.files, ({ path }) => path),
  problems: [...new Set([...earlier.problems, ...later.problems])],
});

function mergeBy<Item>(
  earlier: readonly Item[],
  later: readonly Item[],
  key: (item: Item) => string,
): Item[] {
  const merged = new Map(earlier.map((item) => [key(item), item]));
  for (const item of later) merged.set(key(item), item);
  return [...merged.values()];
}

/** Whether cron reads the table and will say itself why it does not use it. */
const awaitsCron = (
  reasons: readonly { because: string; about: string }[],
  added: readonly { kind: string; inert?: string }[],
): boolean =>
  added.some(({ kind }) => kind === 'crontab' || kind === 'system-crontab') &&
  reasons.every(({ because }) => added.some(({ inert }) => inert === because));

const stepFailed = (code: string, doing: string, { exitCode, stderr }: RecordedStep): AtomclockError =>
  new AtomclockError(code, `${doing} failed (exit ${exitCode}): ${stderr.trim()}`, { exitCode: 3 });
