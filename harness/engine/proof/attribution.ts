// Which events belong to the atomic: by lineage, by the files it made, by its schedule, by its nonce.
//
// Fed with the steps, the events and what was scheduled, as each becomes known: live they come in turn, in judging all at
// once. What it says depends on what it was fed with, never on the order of the three: schedules that are learned late
// have the events gone through again.

import type { EcsEvent } from '../../model/event.ts';
import type { CaseEvidence, ClockMove } from '../../model/evidence.ts';
import { emptyInventory, type ProgramCopy } from '../../model/inventory.ts';
import { isUnitOf, type RunningDaemon } from '../../schedulers/index.ts';
import { diffInventory, type ScheduleNews, scheduleNews } from '../../schedulers/inventory-diff.ts';
import { isTransientUnit } from '../../schedulers/systemd.ts';
import type { FileHistory } from './file-history.ts';
import { type Launch, Launches, type UnexplainedLaunch } from './launches.ts';
import { type ExpectedStep, isExec, Ownership } from './ownership.ts';
import { attributedRole, type Payload, payloadsOf, type Role } from './payload.ts';
import type { ProcessNode, ProcessTree } from './process-tree.ts';
import { RoleSchedules } from './role-schedules.ts';
import type { Job } from './scheduler.ts';

export type { Launch, UnexplainedLaunch } from './launches.ts';
export { attackPayload, attributedRole, type Payload, payloadsOf, type Role } from './payload.ts';

/** `background`: the target's own doings. `harness`: its probes, which nobody in the target started. */
export type Owner = Role | 'background' | 'harness';

/**
 * The attribution of a case by what is recorded of it: of a case that runs so far, to be fed with what comes.
 * @param events in order, of all sensors
 */
export function attributeCase(evidence: CaseEvidence, events: readonly EcsEvent[]): Attribution {
  const attribution = new Attribution(payloadsOf(evidence));
  for (const { role, argv, command } of evidence.steps)
    attribution.expectStep(attributedRole(role), argv, command);
  addInventories(attribution, evidence);
  for (const move of evidence.clockMoves ?? []) attribution.addClockMove(move);
  for (const event of events) attribution.push(event);
  return attribution;
}

/** Has the attribution learn what the inventories of a case say that its steps scheduled. */
export function addInventories(attribution: Attribution, { inventory }: CaseEvidence): void {
  const { before, scheduled, legitimate } = inventory;
  for (const [role, later] of [
    ['attack', scheduled],
    ['legitimate', legitimate],
  ] as const) {
    // Nobody looked: that says nothing about what is there.
    attribution.addCopies(later.copies ?? []);
    if (later.takenAt === emptyInventory.takenAt && later.schedules.length === 0) continue;
    attribution.addSchedules(role, scheduleNews(before, diffInventory(before, later)));
  }
}

export class Attribution {
  readonly #payloads: readonly Payload[];
  readonly #steps: ExpectedStep[] = [];
  readonly #schedules = new RoleSchedules();
  readonly #copies = new Map<string, string>();
  readonly #clockMoves: ClockMove[] = [];
  readonly #events: EcsEvent[] = [];
  #ownership: Ownership;
  #launches: Launches;
  #latestTime = '';
  /** Whose nonce an event carries: found out once, however often its owner is asked for. */
  readonly #byNonces = new WeakMap<EcsEvent, { readonly role: Role | undefined }>();
  /** Of what was gone through before. */
  #grants = 0;

  constructor(payloads: readonly Payload[]) {
    this.#payloads = payloads;
    this.#ownership = new Ownership(this.#steps, this.#schedules);
    this.#launches = new Launches(payloads, this.#ownership, this.#schedules);
  }

  /**
   * Announces a step before its events: its first process is the next one with exactly this argv that the harness
   * started, by its agent in the target or (as older runs did) from outside.
   * @param text what its shell is given to do
   */
  expectStep(role: Role, argv: readonly string[], text?: string): void {
    this.#steps.push(text === undefined ? { role, argv } : { role, argv, text });
  }

  /**
   * What the steps of a role scheduled, once that is known; later news of the role replace what was known. Nobody can
   * tell the launches of a new entry from those of an old one that is kept and does the same.
   */
  addSchedules(role: Role, news: ScheduleNews): void {
    const isNew = this.#schedules.add(role, news);
    if (isNew && this.#events.length > 0) this.#startAgain();
  }

  /** Files that are known to have the content of a scheduler's program. */
  addCopies(copies: readonly ProgramCopy[]): void {
    const known = copies.filter(({ path, program }) => this.#copies.get(path) !== program);
    for (const { path, program } of known) this.#copies.set(path, program);
    if (known.length > 0) this.#startAgain();
  }

  /** What the service manager says of the restart of a daemon by which its clock was moved is the harness's doing. */
  addClockMove(move: ClockMove): void {
    this.#clockMoves.push(move);
  }

  push(event: EcsEvent): void {
    this.#events.push(event);
    if (event['@timestamp'] > this.#latestTime) this.#latestTime = event['@timestamp'];
    this.#take(event);
  }

  /** Who started whom. */
  get tree(): ProcessTree {
    return this.#ownership.tree;
  }

  /** The jobs that are a step's, in the order of events. */
  get launches(): readonly Launch[] {
    return this.#launches.known;
  }

  /** What became of the files that steps made. */
  get files(): FileHistory {
    return this.#ownership.files.history;
  }

  /** ISO time of the latest event. */
  get latestTime(): string {
    return this.#latestTime;
  }

  /** Whose doing an event is. Ask after everything was pushed: a job may be recognised late. */
  ownerOf(event: EcsEvent): Owner {
    return (
      this.#ownership.ownerOf(event) ??
      this.#byContainer(event) ??
      this.#byClockMove(event) ??
      this.#byNonce(event) ??
      this.#ownership.ownerByFile(event) ??
      this.#ownership.ownerByRefusal(event) ??
      'background'
    );
  }

  /** Grows whenever earlier events may have become somebody's: whoever asked for their owner asks again then. */
  get recognised(): number {
    return this.#grants + this.#ownership.grants;
  }

  /** The scheduled job that the process of an event is part of. */
  jobOf(event: EcsEvent): Job | undefined {
    const node = this.tree.processOf(event);
    return node && this.#ownership.jobOf(node);
  }

  /** The event in which a step's first process began; undefined while it was not seen. */
  rootOf(role: Role): EcsEvent | undefined {
    return this.#ownership.rootOf(role);
  }

  /** Whether the process of an event descends from the step at this place, or from a job that runs the marker. */
  isOfStep(event: EcsEvent, step: number, marker: string | undefined): boolean {
    const node = this.tree.processOf(event);
    if (!node) return false;
    if (this.#ownership.stepOf(node) === step) return true;
    const job = marker === undefined ? undefined : this.#ownership.jobOf(node);
    return this.launches.some(({ nonce, job: { root } }) => nonce === marker && root === job?.root);
  }

  /** Whether a unit of this name was written, or had written for it, by a step of this role. */
  ownsUnit(unit: string, role: Role): boolean {
    return this.#ownership.unitOwner(unit) === role;
  }

  /** Whether a process of this role told a service manager to start the unit. */
  hasRequested(unit: string, role: Role): boolean {
    return this.#ownership.hasRequested(unit, role);
  }

  /** Users whose managers the login manager starts because a step of this role had it. */
  lingerersBy(role: Role): string[] {
    return this.#ownership.lingerersBy(role);
  }

  /** Whether a process of this role is still running. */
  isAtWork(role: Role): boolean {
    return this.#ownership.isAtWork(role);
  }

  /** Daemons of schedulers that are processes of this role, and run. */
  daemonsOf(role: Role): RunningDaemon[] {
    return this.#ownership.daemonsOf(role);
  }

  /** Pids of the service managers that are processes of this role, and run. */
  managersOf(role: Role): number[] {
    return this.#ownership.managersOf(role);
  }

  /**
   * Executables that steps of this role wrote by themselves and started, with a process of each that is still there: what
   * may be a copy of a scheduler's program.
   */
  ownPrograms(role: Role): ReadonlyMap<string, number | null> {
    return this.#ownership.ownPrograms(role);
  }

  /** Whether a step wrote this file by itself, and no package manager for it. */
  isHandmade(path: string): boolean {
    return this.#ownership.files.isHandmade(path);
  }

  /**
   * Whether a service that the service manager was asked to start at once has yet to execute anything: whoever asked has
   * its answer when there is a process, before that executes the service's program.
   * @source systemd-run(1); systemd.service(5), Type=simple
   */
  awaitsService(role: Role): boolean {
    return this.writtenBy(role).some((path) => {
      const unit = path.slice(path.lastIndexOf('/') + 1);
      return (
        isTransientUnit(path) &&
        unit.endsWith('.service') &&
        this.files.latest(path)?.isThere !== false &&
        !this.launches.some((launch) => launch.unit === unit)
      );
    });
  }

  /** How many programs the processes of this role have executed or ended so far. */
  deeds(role: Role): number {
    return this.#ownership.deeds(role);
  }

  /**
   * Whether at, cron or anacron runs a job that nothing explains yet and that began after a step of this role: its
   * payload may be still to come.
   */
  awaitsJob(role: Role): boolean {
    return this.#launches.awaitsJob(role);
  }

  /** Files that steps of this role made or changed, or had the service manager make: to remove one is not to make it. */
  writtenBy(role: Role): string[] {
    return this.#ownership.files.writtenBy(role);
  }

  /** Paths to which steps of this role gave a content or a name: not what they only set a mode or an owner of. */
  putBy(role: Role): string[] {
    return this.#ownership.files.putBy(role);
  }

  /** Launches since a step of this role began that nothing is known to explain. */
  unexplained(role: Role): UnexplainedLaunch[] {
    return this.#launches.unexplained(role);
  }

  /** Whether a file whose name has the marker was made by what belongs to the role. */
  hasMade(marker: string, role: Role): boolean {
    return this.writtenBy(role).some((path) => path.endsWith(`/atomclock-${marker}`));
  }

  /** Every name under which what is at the path can be reached. */
  namesOf(path: string): string[] {
    return this.#ownership.files.namesOf(path);
  }

  /** Whether the process made or changed a file. */
  hasWritten(node: ProcessNode): boolean {
    return this.#ownership.hasWritten(node);
  }

  #take(event: EcsEvent): void {
    const node = this.#ownership.observe(event);
    if (node && isExec(event)) this.#launches.observe(node, event);
  }

  /** What a job did may be a step's doing only by what is known now, and what followed from it as well. */
  #startAgain(): void {
    this.#grants += this.#ownership.grants + 1;
    this.#ownership = new Ownership(this.#steps, this.#schedules, this.#copies);
    this.#launches = new Launches(this.#payloads, this.#ownership, this.#schedules);
    for (const event of this.#events) this.#take(event);
  }

  /** What the container engine tells is of the attack where the container stands for one that it started. */
  #byContainer({ atomclock: { container } }: EcsEvent): Owner | undefined {
    if (typeof container !== 'object' || container === null || !('of_harness' in container)) return undefined;
    const isAttacked = this.#steps.some(({ role }) => role === 'attack');
    return container.of_harness === false && isAttacked ? 'attack' : 'harness';
  }

  #byClockMove({ '@timestamp': time, atomclock: { job } }: EcsEvent): Owner | undefined {
    const { scheduler: speaker, unit } = (job ?? {}) as { scheduler?: string; unit?: string };
    if (speaker !== 'systemd' || unit === undefined) return undefined;
    const at = Date.parse(time);
    const isOfMove = ({ scheduler, from, to }: ClockMove) =>
      isUnitOf(scheduler, unit) && Date.parse(from) <= at && at <= Date.parse(to);
    return this.#clockMoves.some(isOfMove) ? 'harness' : undefined;
  }

  #byNonce(event: EcsEvent): Role | undefined {
    const known = this.#byNonces.get(event) ?? { role: this.#nonceIn(event) };
    this.#byNonces.set(event, known);
    return known.role;
  }

  #nonceIn(event: EcsEvent): Role | undefined {
    let text: string | undefined;
    for (const { role, nonce } of this.#payloads) {
      if (!nonce) continue;
      text ??= JSON.stringify(event);
      if (text.includes(nonce)) return role;
    }
    return undefined;
  }
}
