// Waits for the scheduler to launch a payload: by event, as long as its own table says, moving its clock where it may.

import type { EcsEvent, SensorName } from '../../model/event.ts';
import { emptyInventory, type Inventory, type Schedule } from '../../model/inventory.ts';
import {
  diffInventory,
  type InventoryChange,
  newSchedules,
  scheduleNews,
} from '../../model/inventory-diff.ts';
import { mergeInventories } from '../../model/inventory-merge.ts';
import type { Proof } from '../../model/run-record.ts';
import { isSchedulePlace } from '../../schedulers/index.ts';
import type { Target } from '../ports.ts';
import type { Attribution, Payload } from '../proof/attribution.ts';
import { type InertReason, inertReasons, isHopeless } from '../proof/inert-reasons.ts';
import { loggedStarts } from '../proof/logged-proof.ts';
import { findProof, goneFiles, type Scheduled } from '../proof/observe.ts';
import { canTell, seesProcesses } from '../proof/visibility.ts';
import type { EventLog } from './event-log.ts';
import { type Clock, type Stage, stagesOf } from './wait-plan.ts';

export interface LaunchWaitOptions {
  target: Target;
  log: EventLog;
  attribution: Attribution;
  payload: Payload;
  /** The inventory before the attack. */
  before: Inventory;
  clock: Clock;
  /** All of the run: what none of them can tell is not waited for. */
  sensors: readonly SensorName[];
  /** What the log alone proves, given what was scheduled. */
  loggedProof(scheduled: Scheduled): Proof | null;
  takeInventory(target: Target, earlier: Inventory): Promise<Inventory>;
  barrier(): Promise<void>;
  /** Feeds the attribution with what the log has and it has not. */
  catchUp(): void;
  now(): number;
  signal: AbortSignal;
  /** Told once, when the launch is proven. */
  launched(proof: Proof): void;
}

/** How long a job may be silent before its end is given up: one that never ends is told as that. */
const jobSilenceMs = 60_000;
/** How long it may run in all. */
const jobLimitMs = 180_000;
/** What a scheduler may take to clear up after a job, and a sensor to tell it. */
const jobEndLimitMs = 3_000;
/** How long what the attack left running may take to schedule something. */
const stragglerLimitMs = 8_000;
const writeLimitMs = 1_000;
/** How long cron may take to say that it will not use a table: it looks at its tables once a minute of its clock. */
const cronVerdictMs: Record<Clock, number> = { fast: 4_000, real: 65_000 };

/**
 * Waits until the payload was launched, or can't be any more, or its scheduler's time has passed.
 * @returns everything that was found scheduled meanwhile, what has run and gone already included
 */
export async function awaitLaunch(options: LaunchWaitOptions): Promise<Inventory> {
  const wait = new LaunchWait(options);
  await wait.run();
  return wait.inventory;
}

class LaunchWait {
  inventory: Inventory = emptyInventory;
  readonly #options: LaunchWaitOptions;
  #changes: InventoryChange[] = [];
  /** Launches that the inventory is known to be younger than. */
  #stocked = 0;

  constructor(options: LaunchWaitOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { clock, sensors, target, now, barrier } = this.#options;
    await this.#takeStock();
    if (!this.#isScheduled()) await barrier();
    this.#options.catchUp();
    if (!this.#hasResult() && !(await this.#awaitStragglers())) return;
    const told = newSchedules(this.#changes).filter((schedule) => canTell(sensors, schedule));
    if (told.length === 0 && !seesProcesses(sensors)) return;
    if (await this.#passes(stagesOf(told, clock, now()))) return;
    // An attack that overrides cron's unit may have taken its clock away with it.
    if (clock === 'real' || !this.#awaitsCron(told) || (await target.hasFastClock())) return;
    await this.#passes(stagesOf(told, 'real', now()));
  }

  /** Goes through the stages until nothing more is to be waited for; gives whether that came before their end. */
  async #passes(stages: readonly Stage[]): Promise<boolean> {
    for (const { jump, waitMs } of stages) {
      if (jump) await this.#options.target.advanceClock(jump);
      if (await this.#decided(waitMs)) return true;
    }
    return false;
  }

  #awaitsCron = (schedules: readonly Schedule[]): boolean =>
    schedules.some(
      ({ kind, inert }) => inert === undefined && (kind === 'crontab' || kind === 'system-crontab'),
    );

  #hasResult = (): boolean => this.#isScheduled() || this.#mayBeScheduled() || this.#proof() !== null;

  /** What the step left running may still schedule something. Gives whether it did. */
  async #awaitStragglers(): Promise<boolean> {
    const { attribution, payload, log, signal, catchUp, barrier } = this.#options;
    const places = () => {
      catchUp();
      return attribution.writtenBy(payload.role).filter(isSchedulePlace).length;
    };
    const known = places();
    const isIdle = () => !attribution.isAtWork(payload.role);
    await log.until(() => places() > known || isIdle(), stragglerLimitMs, signal);
    if (places() === known) return this.#hasResult();
    // A file that was only just created is still being written.
    await log.until(() => places() > known && isIdle(), writeLimitMs, signal);
    await barrier();
    await this.#takeStock();
    return this.#hasResult();
  }

  /** True when waiting any longer can't change anything: the payload was launched, or nothing will launch it. */
  async #decided(limitMs: number): Promise<boolean> {
    const { attribution, log, now, sensors, signal, catchUp, clock } = this.#options;
    const started = now();
    for (;;) {
      catchUp();
      const proof = this.#proof();
      if (proof) {
        this.#options.launched(proof);
        await this.#awaitJobEnd();
        return true;
      }
      // A launch is proof only once the timer's own record says that it elapsed: a service may be started by hand.
      if (this.#launches() > this.#stocked) {
        await this.#takeStock();
        continue;
      }
      const reasons = inertReasons(this.#changes, log.events);
      const hopeless = isHopeless(this.#changes, reasons);
      const limit = hopeless
        ? Math.min(limitMs, this.#cronMaySpeak(reasons) ? cronVerdictMs[clock] : 0)
        : limitMs;
      const left = started + limit - now();
      if (left <= 0 && (await this.#awaitOpenJob())) continue;
      if (left <= 0) return hopeless;
      const news = () => {
        catchUp();
        return (
          this.#launches() > this.#stocked ||
          // A job that was launched may come to its payload later; without process events only its log line can tell.
          ((attribution.launches.length > 0 || !seesProcesses(sensors)) && this.#proof() !== null) ||
          inertReasons(this.#changes, log.events).length > reasons.length
        );
      };
      await log.until(news, left, signal);
    }
  }

  /** A job that was launched and has not come to its payload yet is let come to it. Gives whether it brought news. */
  async #awaitOpenJob(): Promise<boolean> {
    const { attribution, payload } = this.#options;
    if (!attribution.awaitsJob(payload.role)) return false;
    const known = this.#launches();
    await this.#awaitWhileHeard(() => !attribution.awaitsJob(payload.role) || this.#launches() > known);
    return this.#launches() > known;
  }

  /** Clean-up must not take from a job what it still needs, nor be blamed for what its scheduler has yet to remove. */
  async #awaitJobEnd(): Promise<void> {
    const { attribution, log, sensors, signal, catchUp } = this.#options;
    const root = () => {
      const id = this.#proof()?.eventId;
      return attribution.launches.find(({ event }) => event.event.id === id)?.job.root;
    };
    const isKnown = () => this.#proof()?.exitCode !== null;
    const isGone = () => root()?.endedAt !== null;
    if (seesProcesses(sensors)) await this.#awaitWhileHeard(() => isKnown() || isGone());
    // Of the end of a job, cron's log has nothing.
    else if (this.#proof()?.scheduler === 'cron') return;
    const isOver = () => {
      catchUp();
      return isKnown() && isGone();
    };
    await log.until(isOver, jobEndLimitMs, signal);
  }

  /** Waits until that holds, as long as the target is not silent for too long, and not for ever. */
  async #awaitWhileHeard(holds: () => boolean): Promise<void> {
    const { attribution, log, now, payload, signal, catchUp } = this.#options;
    const giveUp = now() + jobLimitMs;
    for (;;) {
      catchUp();
      const heard = attribution.deeds(payload.role);
      const news = () => {
        catchUp();
        return holds() || attribution.deeds(payload.role) > heard;
      };
      const inTime = await log.until(news, Math.min(jobSilenceMs, giveUp - now()), signal);
      if (!inTime || holds()) return;
    }
  }

  async #takeStock(): Promise<void> {
    const { attribution, payload, before, target, takeInventory } = this.#options;
    this.#stocked = this.#launches();
    this.inventory = mergeInventories(this.inventory, await takeInventory(target, before));
    this.#changes = diffInventory(before, this.inventory);
    attribution.learn(payload.role, scheduleNews(before, this.#changes));
  }

  #proof(): Proof | null {
    const { attribution, payload, before, sensors, loggedProof } = this.#options;
    const scheduled = { before: before.schedules, after: this.inventory.schedules };
    return seesProcesses(sensors) ? findProof(attribution, payload, scheduled) : loggedProof(scheduled);
  }

  /** How many launches are known of, by what this run has to see them. */
  #launches(): number {
    const { attribution, log, sensors } = this.#options;
    return seesProcesses(sensors)
      ? attribution.launches.length
      : loggedStarts(log.events, this.inventory.schedules);
  }

  #isScheduled = (): boolean => newSchedules(this.#changes).length > 0;

  /** Whether something that the inventory makes nothing of is still where schedulers look. */
  #mayBeScheduled(): boolean {
    const { attribution, payload } = this.#options;
    const gone = new Set(goneFiles(attribution, payload.role, this.inventory));
    return attribution.writtenBy(payload.role).some((path) => isSchedulePlace(path) && !gone.has(path));
  }

  /** Whether cron reads the table and will say itself why it does not use it. */
  #cronMaySpeak(reasons: readonly InertReason[]): boolean {
    const schedules: readonly Schedule[] = newSchedules(this.#changes);
    return (
      schedules.some(({ kind }) => kind === 'crontab' || kind === 'system-crontab') &&
      reasons.every(({ because }) => schedules.some(({ inert }) => inert === because))
    );
  }
}

/** Feeds events into an attribution as they come, each once. */
export function feeder(log: EventLog, attribution: Attribution): () => void {
  let seen = 0;
  return () => {
    for (; seen < log.events.length; seen++) attribution.push(log.events[seen] as EcsEvent);
  };
}
