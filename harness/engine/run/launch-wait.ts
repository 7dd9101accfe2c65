// Waits for the scheduler to launch a payload: by event, as long as its own table says, moving its clock where it may.

import type { EcsEvent, SensorName } from '../../model/event.ts';
import type { ClockMove } from '../../model/evidence.ts';
import { emptyInventory, type Inventory, type ProgramCopy, type Schedule } from '../../model/inventory.ts';
import { mergeInventories } from '../../model/inventory-merge.ts';
import type { Proof } from '../../model/run-record.ts';
import { isSchedulePlace, type RunningDaemon } from '../../schedulers/index.ts';
import {
  diffInventory,
  type InventoryChange,
  keptSchedules,
  newSchedules,
  scheduleNews,
} from '../../schedulers/inventory-diff.ts';
import type { ClockJump, Target } from '../ports.ts';
import type { Attribution, Payload } from '../proof/attribution.ts';
import { type InertReason, inertReasons, isHopeless, withoutOutdated } from '../proof/inert-reasons.ts';
import { loggedStarts } from '../proof/logged-proof.ts';
import {
  findProof,
  goneFiles,
  putSchedules,
  type Scheduled,
  unitsToFollow,
  wereSkipped,
} from '../proof/observe.ts';
import { type ProcessNode, subtree } from '../proof/process-tree.ts';
import { takenOver } from '../proof/taken-over.ts';
import { unreadTables, writtenTables } from '../proof/unread-tables.ts';
import { areManagersUp, haveSaidUp } from '../proof/user-managers.ts';
import { canTell, seesProcesses } from '../proof/visibility.ts';
import { sleepsForALook, sleepsOf } from './cron-look.ts';
import { findCopies } from './daemon-copies.ts';
import type { EventLog } from './event-log.ts';
import { PreparedRuns, preparedFor } from './prepared-runs.ts';
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
  /** @param running daemons that are known to run, whatever they are called */
  takeInventory(target: Target, earlier: Inventory, running: readonly RunningDaemon[]): Promise<Inventory>;
  barrier(): Promise<void>;
  /** Feeds the attribution with what the log has and it has not. */
  catchUp(): void;
  now(): number;
  signal: AbortSignal;
  /** Told once, when the launch is proven. */
  launched(proof: Proof): void;
  /** Told of each move of a scheduler's clock, when it is over. */
  clockMoved(move: ClockMove): void;
}

/** How long a job may be silent before its end is given up: one that never ends is told as that. */
const jobSilenceMs = 60_000;
/** How long it may run in all. */
const jobLimitMs = 180_000;
/**
 * Once the job's own end is known, its scheduler's process closes the session and removes the job's file. Where it is all
 * that is left of the job its end comes, however busy the machine is; the limit is for a sensor that lost it. Where
 * something of the job goes on behind its back, the scheduler may wait for that as long as it likes.
 */
const clearUpMs = 3_000;
const clearUpLimitMs = 30_000;
/**
 * How long what the attack left running may be silent, that is execute nothing, end nothing and write nothing where
 * schedulers look, before it counts as one that schedules nothing.
 */
const stragglerSilenceMs = 8_000;
/** How long it may go on in all without scheduling anything. */
const stragglerLimitMs = 30_000;
/** How long nothing at all may happen while a manager is to come up. */
const managerSilenceMs = 30_000;
/** How long it may take, whatever else goes on. */
const managerLimitMs = 300_000;
/** How long a unit may take to be started once the one has ended that it follows. */
const followMs = 30_000;
/** Jobs that schedule jobs that schedule jobs: so many of them are waited for, one after the other. */
const mostGenerations = 3;
/** A file that was just created is still being written: its writer has ended, or has been quiet for this long. */
const writeSilenceMs = 1_000;
/** How long what the attack left running may take to bring about what a job that ran in vain had missed. */
const secondChanceMs = 8_000;
/** How often cron is asked whether it has looked at its tables, about as often as it looks. */
const lookEveryMs: Record<Clock, number> = { fast: 1_000, real: 10_000 };
/** Against what hangs. */
const touchLimitMs = 60_000;
/** How long that is waited for where it cannot be seen whether it has, and where it can be. */
const blindLookMs: Record<Clock, number> = { fast: 4_000, real: 65_000 };
const lookLimitMs: Record<Clock, number> = { fast: 30_000, real: 150_000 };

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
  /** The inventory that cron has looked at its tables since; it has said of them what it had to say. */
  #heardOf: Inventory | null = null;
  /** The inventory about which everything is known that was said when its schedules were found to be hopeless. */
  #saidOf: Inventory | null = null;
  /** Programs of the step that were held against the schedulers'. */
  readonly #compared = new Set<string>();
  /** Service managers that the step started by hand, and that were let come up. */
  readonly #awaitedManagers = new Set<number>();
  /** Launches that the inventory is known to be younger than. */
  #stocked = 0;
  #unreadOf: { inventory: Inventory; reloads: number; upTo: number; reasons: readonly InertReason[] } = {
    inventory: emptyInventory,
    reloads: 0,
    upTo: 0,
    reasons: [],
  };

  constructor(options: LaunchWaitOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { clock, sensors, target, now, barrier } = this.#options;
    await this.#takeStock();
    if (!this.#isScheduled()) await barrier();
    this.#options.catchUp();
    await this.#lookAtPrograms();
    if (!this.#hasResult()) await this.#awaitManagers();
    if (!this.#hasResult() && !(await this.#awaitStragglers())) {
      await this.#awaitPrepared();
      return;
    }
    let told = this.#awaited().filter((schedule) => canTell(sensors, schedule));
    if (told.length === 0 && !seesProcesses(sensors)) return;
    if (await this.#passes(stagesOf(told, clock, now()))) return;
    for (let generation = 1; generation < mostGenerations; generation++) {
      const late = await this.#lateOnes(told);
      if (late.length === 0) break;
      if (await this.#passes(stagesOf(late, clock, now()))) return;
      told = [...told, ...late];
    }
    if ((await this.#showTables(told)) && (await this.#passes(stagesOf(told, clock, now())))) return;
    // An attack that overrides cron's unit may have taken its clock away with it.
    if (clock === 'real' || !this.#awaitsCron(told)) return;
    // Nor is a daemon that somebody starts by hand given it, whatever it is called.
    if (!this.#startedCron() && (await target.hasFastClock())) return;
    await this.#passes(stagesOf(told, 'real', now()));
  }

  async #moveClock(jump: ClockJump): Promise<void> {
    const { target, now, clockMoved } = this.#options;
    const { scheduler } = jump;
    const from = new Date(now()).toISOString();
    await target.advanceClock(jump);
    // What is logged in a millisecond is logged after its beginning.
    clockMoved({ scheduler, from, to: new Date(now() + 1).toISOString() });
  }

  /** What jobs that were launched meanwhile have scheduled: it comes due at a time of its own. */
  async #lateOnes(told: readonly Schedule[]): Promise<Schedule[]> {
    const { sensors } = this.#options;
    if (this.#launches() > 0) await this.#takeStock();
    const known = new Set(told.map(({ id }) => id));
    return this.#awaited().filter((schedule) => !known.has(schedule.id) && canTell(sensors, schedule));
  }

  /** Goes through the stages until nothing more is to be waited for; gives whether that came before their end. */
  async #passes(stages: readonly Stage[]): Promise<boolean> {
    for (const { jump, waitMs } of stages) {
      if (jump) await this.#moveClock(jump);
      if (await this.#decided(waitMs)) return true;
    }
    return false;
  }

  /**
   * Cron knows by times of modification, to the second, that a table was written: what is written in the very moment of a
   * look stays unread. On a clock that is sixty times as fast it looks sixty times as often, and misses as much more: what
   * the attack wrote gets a new time then, and cron another look. A table whose old time was put back keeps that.
   * @returns whether there was such a table
   */
  async #showTables(schedules: readonly Schedule[]): Promise<boolean> {
    const { before, clock, target } = this.#options;
    if (clock === 'real' || !this.#awaitsCron(schedules)) return false;
    const written = writtenTables(before, this.inventory);
    if (written.length === 0) return false;
    await target.exec(['touch', '-c', '-m', '--', ...written], { timeoutMs: touchLimitMs });
    return true;
  }

  #awaitsCron = (schedules: readonly Schedule[]): boolean =>
    schedules.some(
      ({ kind, inert, daemon }) =>
        inert === undefined && daemon === undefined && (kind === 'crontab' || kind === 'system-crontab'),
    );

  #startedCron = (): boolean =>
    this.#options.attribution
      .daemonsOf(this.#options.payload.role)
      .some(({ scheduler }) => scheduler === 'cron');

  #hasResult = (): boolean => this.#isScheduled() || this.#mayBeScheduled() || this.#proof() !== null;

  /** A manager that the step had started for a user has timers of its own, and those that its generators make. */
  async #awaitManagers(): Promise<void> {
    const { attribution, payload, log } = this.#options;
    const users = attribution.lingerersBy(payload.role);
    if (users.length > 0) await this.#takeStockOnce(() => areManagersUp(users, log.events));
  }

  /**
   * A manager that the step started by hand calls its timers dead until it has come up. Each is awaited once.
   * @returns whether there was one that had not been
   */
  async #awaitOwnManagers(): Promise<boolean> {
    const { attribution, payload, log } = this.#options;
    const starting = attribution.managersOf(payload.role).filter((pid) => !this.#awaitedManagers.has(pid));
    for (const pid of starting) this.#awaitedManagers.add(pid);
    if (starting.length === 0) return false;
    await this.#takeStockOnce(() => haveSaidUp(starting, log.events) || this.#toStock() > this.#stocked);
    return true;
  }

  /** Waits until managers are up, or nothing at all happens for too long, and takes stock then. */
  async #takeStockOnce(areUp: () => boolean): Promise<void> {
    const { log, now, signal, catchUp, barrier } = this.#options;
    const giveUp = now() + managerLimitMs;
    for (let heard = -1; !areUp() && log.events.length > heard && now() < giveUp; ) {
      heard = log.events.length;
      await log.until(() => areUp() || log.events.length > heard, managerSilenceMs, signal);
    }
    await barrier();
    catchUp();
    await this.#takeStock();
  }

  /** What the step left running may still schedule something. Gives whether it did. */
  async #awaitStragglers(): Promise<boolean> {
    const { attribution, payload, log, now, signal, catchUp, barrier } = this.#options;
    const places = () => attribution.writtenBy(payload.role).filter(isSchedulePlace).length;
    const signs = () => attribution.deeds(payload.role) + places();
    const hasManager = () =>
      attribution.daemonsOf(payload.role).some(({ scheduler }) => scheduler === 'systemd');
    const isLaunching = () => hasManager() && this.#toStock() > this.#stocked;
    const isIdle = () => !attribution.isAtWork(payload.role) && !attribution.awaitsService(payload.role);
    const giveUp = now() + stragglerLimitMs;
    for (let looked = places(); ; ) {
      const heard = signs();
      const news = () => {
        catchUp();
        return signs() > heard || isIdle() || isLaunching();
      };
      const inTime = await log.until(news, Math.min(stragglerSilenceMs, giveUp - now()), signal);
      if (places() > looked) {
        await this.#awaitQuiet(() => isIdle(), signs);
        await barrier();
        catchUp();
        looked = places();
        await this.#takeStock();
        if (this.#hasResult()) return true;
      }
      const isOver = !inTime || isIdle();
      // Only a manager itself knows its timers: whether it has any is asked once it is at rest, and when it starts something.
      if (isLaunching() || (isOver && hasManager())) {
        await this.#takeStock();
        if (this.#hasResult()) return true;
      }
      if (isOver) return this.#hasResult();
    }
  }

  /**
   * What prerequisites scheduled is there for the attack to abuse, and may run its payload though nothing of the attack is
   * a schedule: by what the job reads, by its environment, by what its scheduler does beside it. Each that is due soon
   * is let run once more.
   */
  async #awaitPrepared(): Promise<void> {
    const { attribution, payload, before, sensors, log, clock } = this.#options;
    const { now, signal, catchUp, barrier, launched } = this.#options;
    if (!seesProcesses(sensors)) return;
    const prepared = preparedFor(attribution, keptSchedules(before, this.#changes), now());
    if (prepared.length === 0) return;
    const launches = () => attribution.launches.filter(({ role }) => role === payload.role).length;
    const known = launches();
    const runs = new PreparedRuns(attribution, payload.role);
    const isOver = () => {
      catchUp();
      return launches() > known || prepared.every((schedule) => runs.haveBeen(schedule));
    };
    for (const { jump, waitMs } of stagesOf(prepared, clock, now())) {
      if (jump) await this.#moveClock(jump);
      if (await log.until(isOver, waitMs, signal)) break;
    }
    await barrier();
    catchUp();
    await this.#takeStock();
    const proof = this.#proof();
    if (!proof) return;
    launched(proof);
    await this.#awaitJobEnd();
  }

  /** Waits until that holds, or until no more signs have come for as long as a file takes to be written. */
  async #awaitQuiet(holds: () => boolean, signs: () => number): Promise<void> {
    const { log, signal, catchUp } = this.#options;
    for (;;) {
      catchUp();
      const heard = signs();
      const news = () => {
        catchUp();
        return holds() || signs() > heard;
      };
      if (!(await log.until(news, writeSilenceMs, signal)) || holds()) return;
    }
  }

  /** True when waiting any longer can't change anything: the payload was launched, or nothing will launch it. */
  async #decided(limitMs: number): Promise<boolean> {
    const { attribution, log, now, sensors, signal, catchUp, barrier } = this.#options;
    const started = now();
    for (;;) {
      catchUp();
      // A launch is proof only once the timer's own record says that it elapsed: a service may be started by hand. One
      // that recurs each second is launched again meanwhile: the limit holds all the same.
      if (!this.#proof() && this.#toStock() > this.#stocked) {
        await this.#takeStock();
        catchUp();
      }
      const proof = this.#proof();
      if (proof) {
        await this.#awaitWhatFollows();
        this.#options.launched(this.#proof() ?? proof);
        await this.#awaitJobEnd();
        return true;
      }
      if (this.#wasSkipped() && (await this.#staysSkipped())) return true;
      const reasons = this.#reasons();
      const hopeless = this.#takenOver().length === 0 && isHopeless(this.#changes, reasons);
      if (hopeless && this.#cronMaySpeak(reasons) && this.#heardOf !== this.inventory) {
        await this.#awaitCronsLook();
        continue;
      }
      if (hopeless && (await this.#awaitOwnManagers())) continue;
      // What overrules a reason may be on its way: the manager starts what it has passed over before.
      if (hopeless && this.#saidOf !== this.inventory) {
        this.#saidOf = this.inventory;
        await barrier();
        catchUp();
        continue;
      }
      // Who stops a daemon may have started another one that is not known for what it is yet.
      if (hopeless && (await this.#lookAtPrograms())) continue;
      const limit = hopeless ? 0 : limitMs;
      const left = started + limit - now();
      if (left <= 0 && (await this.#awaitOpenJob())) continue;
      if (left <= 0) return hopeless;
      const ended = this.#endedLaunches();
      const news = () => {
        catchUp();
        return (
          this.#toStock() > this.#stocked ||
          // A job that was launched may come to its payload later; without process events only its log line can tell.
          ((attribution.launches.length > 0 || !seesProcesses(sensors)) && this.#proof() !== null) ||
          this.#reasons().length > reasons.length ||
          this.#endedLaunches() > ended
        );
      };
      await log.until(news, left, signal);
    }
  }

  /** Whether every job that may run was launched, and ended without its payload. */
  #wasSkipped(): boolean {
    const { attribution, payload, sensors } = this.#options;
    if (!seesProcesses(sensors) || attribution.awaitsJob(payload.role)) return false;
    const dead = new Set(this.#reasons().map(({ about }) => about));
    const alive = this.#awaited().filter(({ id }) => !dead.has(id));
    return wereSkipped(attribution, payload.role, alive, this.#scheduled());
  }

  /**
   * Whether the next launch would be as much in vain. What the attack left running may still bring what is missing:
   * then the job has some more chances.
   */
  async #staysSkipped(): Promise<boolean> {
    const { attribution, payload, log, signal, catchUp, barrier } = this.#options;
    await barrier();
    catchUp();
    if (this.#proof() || !this.#wasSkipped()) return false;
    if (!attribution.isAtWork(payload.role)) return true;
    const isProven = () => {
      catchUp();
      return this.#proof() !== null;
    };
    return !(await log.until(isProven, secondChanceMs, signal));
  }

  #reasons = (): InertReason[] => [
    ...inertReasons(this.#changes, withoutOutdated(this.#options.log.events)),
    ...this.#unread(),
  ];

  /** Asked at each event: what it depends on is the inventory, and what cron says that it reads. */
  #unread(): readonly InertReason[] {
    const { log, before } = this.#options;
    const { inventory } = this;
    let { reloads, upTo } = this.#unreadOf;
    for (; upTo < log.events.length; upTo++)
      if (log.events[upTo]?.event.action === 'cron-reload') reloads += 1;
    const isKnown = this.#unreadOf.inventory === inventory && this.#unreadOf.reloads === reloads;
    const reasons = isKnown ? this.#unreadOf.reasons : unreadTables(before, inventory, log.events);
    this.#unreadOf = { inventory, reloads, upTo, reasons };
    return reasons;
  }

  #endedLaunches = (): number =>
    this.#options.attribution.launches.filter(({ job }) => job.root.endedAt !== null).length;

  #scheduled = (): Scheduled => ({
    before: this.#options.before.schedules,
    after: this.inventory.schedules,
  });

  /** A job that was launched and has not come to its payload yet is let come to it. Gives whether it brought news. */
  async #awaitOpenJob(): Promise<boolean> {
    const { attribution, payload } = this.#options;
    if (!attribution.awaitsJob(payload.role)) return false;
    const known = this.#launches();
    await this.#awaitWhileHeard(() => !attribution.awaitsJob(payload.role) || this.#launches() > known);
    return this.#launches() > known;
  }

  /** A unit that only looks or waits may be there for one that its manager starts when it has ended. */
  async #awaitWhatFollows(): Promise<void> {
    const { attribution, log, signal, catchUp } = this.#options;
    const launch = () => {
      const id = this.#proof()?.eventId;
      return attribution.launches.find(({ event }) => event.event.id === id);
    };
    const isAlone = () => {
      const proven = launch();
      return proven === undefined || unitsToFollow(attribution, proven, this.#scheduled()).length === 0;
    };
    if (isAlone()) return;
    await this.#awaitWhileHeard(() => isAlone() || launch()?.job.root.endedAt !== null);
    const hasFollowed = () => {
      catchUp();
      return isAlone();
    };
    await log.until(hasFollowed, followMs, signal);
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
    // Of the end of a job, cron's log has nothing; what others log of it comes when it ends.
    if (!seesProcesses(sensors)) {
      if (this.#proof()?.scheduler !== 'cron') await this.#awaitWhileHeard(isKnown);
      return;
    }
    await this.#awaitWhileHeard(() => isKnown() || isGone());
    const isOver = () => {
      catchUp();
      return isGone();
    };
    if (await log.until(isOver, clearUpMs, signal)) return;
    const job = root();
    if (job && !leftBy(job)) await log.until(isOver, clearUpLimitMs, signal);
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
    this.#stocked = this.#toStock();
    const copies = await this.#findCopies();
    const taken = await takeInventory(target, before, attribution.daemonsOf(payload.role));
    const found = copies.length > 0 ? { ...taken, copies } : taken;
    this.inventory = mergeInventories(this.inventory, found);
    this.#changes = diffInventory(before, this.inventory);
    attribution.addSchedules(payload.role, scheduleNews(before, this.#changes));
  }

  /** Takes stock anew where the step has started programs of its own since. Gives whether it has. */
  async #lookAtPrograms(): Promise<boolean> {
    if (this.#ownPrograms().length === 0) return false;
    await this.#takeStock();
    return true;
  }

  /** What the step wrote and started and nobody has looked at yet. */
  #ownPrograms(): (readonly [path: string, pid: number | null])[] {
    const { attribution, payload } = this.#options;
    return [...attribution.ownPrograms(payload.role)].filter(([path]) => !this.#compared.has(path));
  }

  /** Of these, the programs that are copies of schedulers' own; each is looked at once. */
  async #findCopies(): Promise<ProgramCopy[]> {
    const { attribution, target } = this.#options;
    const own = this.#ownPrograms();
    if (own.length === 0) return [];
    for (const [path] of own) this.#compared.add(path);
    const copies = await findCopies(target, new Map(own), (path) => !attribution.isHandmade(path));
    attribution.addCopies(copies);
    return copies;
  }

  #proof(): Proof | null {
    const { attribution, payload, sensors, loggedProof } = this.#options;
    const scheduled = this.#scheduled();
    return seesProcesses(sensors) ? findProof(attribution, payload, scheduled) : loggedProof(scheduled);
  }

  /** How many launches are known of, by what this run has to see them. */
  #launches(): number {
    const { attribution, log, sensors } = this.#options;
    return seesProcesses(sensors)
      ? attribution.launches.length
      : loggedStarts(log.events, this.inventory.schedules);
  }

  /** The same for what an inventory may tell more of: of at's and cron's jobs each command counts once. */
  #toStock(): number {
    const { attribution, sensors } = this.#options;
    if (!seesProcesses(sensors)) return this.#launches();
    const keys = attribution.launches.map(({ unit, event }) =>
      unit === null ? event.process?.command_line : event,
    );
    return new Set(keys).size;
  }

  /** What is new, and what was there and runs what the step wrote. */
  #awaited = (): Schedule[] => [...newSchedules(this.#changes), ...this.#takenOver()];

  #takenOver(): Schedule[] {
    const { attribution, payload, before } = this.#options;
    const kept = keptSchedules(before, this.#changes);
    return takenOver(attribution, payload.role, kept).map(({ schedule }) => schedule);
  }

  #isScheduled = (): boolean => this.#awaited().length > 0;

  /** Whether something that the inventory makes nothing of is still where schedulers look. */
  #mayBeScheduled(): boolean {
    const { attribution, payload, before } = this.#options;
    const gone = new Set(goneFiles(attribution, payload.role, this.inventory));
    return putSchedules(attribution, payload.role, before, this.inventory).some((path) => !gone.has(path));
  }

  /** Waits until cron has looked at its tables, or has said why it does not use one, or something was launched. */
  async #awaitCronsLook(): Promise<void> {
    const { target, log, clock, now, signal, catchUp, barrier } = this.#options;
    const { inventory } = this;
    const pid = inventory.zones?.find(({ scheduler }) => scheduler === 'cron')?.daemon?.pid;
    const sleeps = async () => (pid === undefined ? null : sleepsOf(target, pid));
    const slept = await sleeps();
    const giveUp = now() + (slept === null ? blindLookMs : lookLimitMs)[clock];
    const news = () => {
      catchUp();
      return !this.#cronMaySpeak(this.#reasons()) || this.#toStock() > this.#stocked;
    };
    for (let left = giveUp - now(); left > 0; left = giveUp - now()) {
      if (await log.until(news, Math.min(lookEveryMs[clock], left), signal)) return;
      const since = slept === null ? null : await sleeps();
      // A daemon that is gone says nothing any more.
      if (slept !== null && (since === null || since >= slept + sleepsForALook)) break;
    }
    this.#heardOf = this.#saidOf = inventory;
    await barrier();
    catchUp();
  }

  /** Whether cron reads the table and will say itself why it does not use it. */
  #cronMaySpeak(reasons: readonly InertReason[]): boolean {
    const schedules: readonly Schedule[] = newSchedules(this.#changes);
    return (
      schedules.some(({ kind }) => kind === 'crontab' || kind === 'system-crontab') &&
      reasons.every(
        ({ because }) =>
          schedules.some(({ inert }) => inert === because) ||
          this.#unread().some((unread) => unread.because === because),
      )
    );
  }
}

/** Whether something of a job goes on besides its scheduler's own process. */
const leftBy = (root: ProcessNode): boolean =>
  [...subtree(root)].some((node) => node !== root && node.endedAt === null);

/** Feeds events into an attribution as they come, each once. */
export function feeder(log: EventLog, attribution: Attribution): () => void {
  let seen = 0;
  return () => {
    for (; seen < log.events.length; seen++) attribution.push(log.events[seen] as EcsEvent);
  };
}
