// Whose process is whose, by birth: a step's first process, all that descends from it, and the jobs that are its own.
//
// Ownership carries the step's role, so that what a cleanup command does is never taken for the attack.

import { posix } from 'node:path';
import type { EcsEvent } from '../../model/event.ts';
import { tableGiven } from '../../schedulers/anacron.ts';
import { userTableOwner } from '../../schedulers/cron.ts';
import { type RunningDaemon, schedulerOfProgram } from '../../schedulers/index.ts';
import { isLoginManager, isTransientUnit, isUnitSetting, lingererOf } from '../../schedulers/systemd.ts';
import { isAgent } from './agent-process.ts';
import { isSshClient, isSshSession } from './login-session.ts';
import { OwnedFiles, pathsOf } from './owned-files.ts';
import type { Role } from './payload.ts';
import { lineage, type ProcessNode, ProcessTree, sameArgs, subtree } from './process-tree.ts';
import type { RoleSchedules } from './role-schedules.ts';
import { isDaemon, type Job, jobOf, schedulerOf } from './scheduler.ts';

/** A step by what its first process is recognised by: it is the next one with exactly this argv that the harness started. */
export interface ExpectedStep {
  readonly role: Role;
  readonly argv: readonly string[];
  /** What its shell was given to do. */
  readonly text?: string;
}

export class Ownership {
  readonly tree = new ProcessTree((executable) => this.#programs.get(executable) ?? executable);
  readonly files = new OwnedFiles();
  readonly #steps: readonly ExpectedStep[];
  readonly #schedules: RoleSchedules;
  /** The first process of each step that has begun, in the order of the steps. */
  readonly #roots: { role: Role; event: EcsEvent; node: ProcessNode }[] = [];
  readonly #owned = new Map<ProcessNode, Role | 'harness'>();
  /** What schedulers did with files of steps. */
  readonly #marked = new Map<EcsEvent, Role>();
  readonly #writers = new Set<ProcessNode>();
  /** Processes of programs that a step put where a scheduler's would be. */
  readonly #impostors = new Set<ProcessNode>();
  /** Other names of schedulers' programs, and copies of them. */
  readonly #programs: Map<string, string>;
  readonly #lingerers = new Map<string, Role>();
  /** How often processes that were there already were given to a role: earlier events became its own by that. */
  grants = 0;

  /**
   * @param steps in order; may grow, each before its events
   * @param schedules what is known of units beyond the files that were seen
   * @param copies what is known of copies of schedulers' programs, by path
   */
  constructor(
    steps: readonly ExpectedStep[],
    schedules: RoleSchedules,
    copies: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#programs = new Map(copies);
    this.#steps = steps;
    this.#schedules = schedules;
  }

  /** Takes in the next event and gives the process that it is about; undefined for events without a process entity. */
  observe(event: EcsEvent): ProcessNode | undefined {
    const node = this.tree.observe(event);
    if (!node) return undefined;
    for (const one of [node.parent, node])
      if (one && isAgent(one) && !this.#owned.has(one)) this.#owned.set(one, 'harness');
    const inherited = node.parent ? this.#owned.get(node.parent) : undefined;
    if (inherited && !this.#owned.has(node)) this.#owned.set(node, inherited);
    if (isExec(event)) this.#onExec(node, event);
    else if (event.file && event.event.outcome !== 'failure') this.#onFile(node, event);
    return node;
  }

  /** Whose doing an event is, by its process or by the file that a scheduler acted on. */
  ownerOf(event: EcsEvent): Role | 'harness' | undefined {
    const node = this.tree.processOf(event);
    // On a machine without the harness nobody forks a step.
    if (event.event.action === 'fork' && node?.parent && isAgent(node.parent)) return 'harness';
    return (node && this.#owned.get(node)) ?? this.#marked.get(event);
  }

  /** Records that name no process (inventory, residue) belong to who made the file. */
  ownerByFile(event: EcsEvent): Role | undefined {
    if (event.process || !event.file) return undefined;
    const paths = pathsOf(event);
    const owner = this.#ownerOfPaths(paths, (unit) => this.unitOwner(unit));
    return this.#heirOf(owner, paths) ?? owner;
  }

  /** What a scheduler logs of a table or a job that it will not use belongs to who put that there. */
  ownerByRefusal({ event, atomclock: { job } }: EcsEvent): Role | undefined {
    if (event.outcome !== 'failure' || typeof job !== 'object' || job === null) return undefined;
    if ('file' in job && typeof job.file === 'string') return this.files.ownerOf(job.file);
    const isTable = 'scheduler' in job && job.scheduler === 'cron' && 'user' in job;
    return isTable ? this.files.ownerWhere((path) => userTableOwner(path) === job.user) : undefined;
  }

  ownerOfProcess(node: ProcessNode): Role | 'harness' | undefined {
    return this.#owned.get(node);
  }

  /** Gives a process and all that descends from it to a role, as far as it is nobody's, or of what prepared the role. */
  own(root: ProcessNode, role: Role): void {
    for (const node of subtree(root)) {
      const owner = this.#owned.get(node);
      if (owner !== undefined && !(role === 'attack' && isPreparation(owner))) continue;
      this.#owned.set(node, role);
      this.grants += 1;
    }
  }

  /** The scheduled job that a process is part of. */
  jobOf(node: ProcessNode): Job | undefined {
    return jobOf(node, this.#impostors);
  }

  /** The roles of the steps that have begun, in order. */
  begun(): Role[] {
    return this.#roots.map(({ role }) => role);
  }

  /** What the shells of this role's steps were given to do. */
  *textsOf(isOf: (role: Role) => boolean): Generator<string> {
    for (const { role, text } of this.#steps) if (isOf(role) && text !== undefined) yield text;
  }

  /** The event in which a step's first process began; undefined while it was not seen. */
  rootOf(role: Role): EcsEvent | undefined {
    return this.#roots.find((root) => root.role === role)?.event;
  }

  /** The step, by its place among all, from whose first process the process descends. */
  stepOf(node: ProcessNode): number | undefined {
    for (const ancestor of lineage(node)) {
      const step = this.#roots.findIndex((root) => root.node === ancestor);
      if (step >= 0) return step;
    }
    return undefined;
  }

  /** Whose a unit of this name is: by its files, or else by an inventory where a sensor saw no step begin. */
  unitOwner(unit: string): Role | undefined {
    const known = this.begunUnitOwner(unit);
    return known ?? (this.#roots.length === 0 ? this.#schedules.ownerOfUnit(unit) : undefined);
  }

  /**
   * The same among steps that have begun: of two that name a unit it is whose began first, but what was only prepared is
   * whose schedule it has become.
   */
  begunUnitOwner(unit: string): Role | undefined {
    const maker = this.files.ownerOfUnit(unit);
    const scheduler = this.#schedules.ownerOfUnit(unit);
    const rank = (wanted: Role) => this.#roots.findIndex(({ role }) => role === wanted);
    if (scheduler === undefined || rank(scheduler) < 0) return maker;
    if (maker === undefined || isPreparation(maker)) return scheduler;
    return rank(maker) <= rank(scheduler) ? maker : scheduler;
  }

  /** Whether the process made or changed a file. */
  hasWritten(node: ProcessNode): boolean {
    return this.#writers.has(node);
  }

  /** Whether a process of this role told a service manager to start the unit. */
  hasRequested(unit: string, role: Role): boolean {
    for (const { execs } of this.#processesOf(role)) {
      const argLists = execs.map(({ process }) => process?.args ?? []);
      if (argLists.some((args) => args.some(isStartVerb) && namesUnit(args, unit))) return true;
    }
    return false;
  }

  /** Whether a process of this role is still running. */
  isAtWork(role: Role): boolean {
    for (const { endedAt } of this.#processesOf(role)) if (endedAt === null) return true;
    return false;
  }

  /** How many programs the processes of this role have executed or ended so far. */
  deeds(role: Role): number {
    let deeds = 0;
    for (const { execs, endedAt } of this.#processesOf(role))
      deeds += execs.length + (endedAt === null ? 0 : 1);
    return deeds;
  }

  *#processesOf(role: Role): Generator<ProcessNode> {
    for (const [node, owner] of this.#owned) if (owner === role) yield node;
  }

  #onExec(node: ProcessNode, event: EcsEvent): void {
    if (cameFromOutside(node, event) && !this.#owned.has(node)) this.#enter(node, event);
    else if (node.parent && isAgent(node.parent) && node.execs.length === 1) this.#enter(node, event);
    const guest = this.#whoLoggedIn(node) ?? this.#whoseTable(node, event);
    if (guest) this.own(node, guest);
    const isItself = node.program === node.executable;
    if (this.#owned.has(node) && schedulerOf(node) && isItself && this.files.isHandmade(node.executable))
      this.#impostors.add(node);
  }

  /**
   * Of a pair: whose step, still running in the container, a session of ssh on the machine is. Nobody else is in their
   * network.
   */
  #whoLoggedIn(node: ProcessNode): Role | undefined {
    if (node.isActors || !isSshSession(node)) return undefined;
    let guest: Role | undefined;
    for (const [client, role] of this.#owned)
      if (client.isActors && client.endedAt === null && role !== 'harness' && isSshClient(client))
        guest = role;
    return guest;
  }

  /** Whose is the table of which an anacron launches all that it launches, where it was told another one than its own. */
  #whoseTable(node: ProcessNode, { process }: EcsEvent): Role | undefined {
    const table = schedulerOf(node) === 'anacron' ? tableGiven(node.args) : null;
    if (table === null) return undefined;
    return this.files.authorOf(posix.resolve(process?.working_directory ?? '/', table));
  }

  /** A process that the harness started in the target is the next step's, or else a probe. */
  #enter(node: ProcessNode, event: EcsEvent): void {
    const next = this.#steps[this.#roots.length];
    if (next && sameArgs(node.args, next.argv)) {
      this.#roots.push({ role: next.role, event, node });
      this.#owned.set(node, next.role);
    } else this.#owned.set(node, 'harness');
  }

  #onFile(node: ProcessNode, event: EcsEvent): void {
    const doer = this.#owned.get(node);
    // What a scheduler's fork does before it executes the job is the scheduler's.
    const isChange = event.event.type.some((type) => type === 'creation' || type === 'change');
    if (isChange && !schedulerOf(node)) this.#writers.add(node);
    this.#onName(event);
    const paths = this.files.observe(event, doer);
    if (doer === 'harness') return;
    if (doer) {
      const isPackaged = isPackageManager(node);
      for (const path of paths) this.files.claimAsMade(path, event, doer, isPackaged);
    } else if (schedulerOf(node)) this.#onSchedulersFile(node, event, paths);
    else if (isLoginManager(node.executable)) this.#onLingerer(event);
  }

  /** A program stays what it is under the other name that a link or a renaming gives it. */
  #onName({ event, file }: EcsEvent): void {
    const from = event.action === 'rename' ? file?.Ext?.original?.path : file?.target_path;
    const to = file?.path;
    if (to === undefined || from === undefined || this.files.isHandmade(from)) return;
    const program = this.#programs.get(from) ?? from;
    if (schedulerOfProgram(program)) this.#programs.set(to, program);
  }

  /**
   * Executables that steps of this role wrote by themselves and started, with a process of each that is still there: what
   * may be a copy of a scheduler's program.
   */
  ownPrograms(role: Role): ReadonlyMap<string, number | null> {
    const programs = new Map<string, number | null>();
    for (const { executable, program, isActors, endedAt, pid } of this.#processesOf(role)) {
      if (isActors || program !== executable || !this.files.isHandmade(executable)) continue;
      if (schedulerOfProgram(executable)) continue;
      programs.set(executable, endedAt === null ? pid : (programs.get(executable) ?? null));
    }
    return programs;
  }

  /** Daemons of schedulers that are processes of this role, and run: one that goes to the background is but a fork. */
  daemonsOf(role: Role): RunningDaemon[] {
    const daemons = new Map<string, RunningDaemon>();
    for (const node of this.#processesOf(role)) {
      const { executable: program } = node;
      const scheduler = node.endedAt === null && !this.#impostors.has(node) ? schedulerOf(node) : undefined;
      if (scheduler) daemons.set(program, { scheduler, program });
    }
    return [...daemons.values()];
  }

  /** Pids of the service managers that are processes of this role, and run. */
  managersOf(role: Role): number[] {
    const pids: number[] = [];
    for (const node of this.#processesOf(role)) {
      const isManager = schedulerOf(node) === 'systemd' && !this.#impostors.has(node);
      // Before they execute something its forks are called as it is.
      if (isManager && node.execs.length > 0 && node.endedAt === null && !node.isActors) pids.push(node.pid);
    }
    return pids;
  }

  /** Who lingers is noted by the login manager for whoever asks it to, and by nobody unasked. */
  #onLingerer(event: EcsEvent): void {
    const path = event.file?.path ?? '';
    const owner = lingererOf(path) === undefined ? undefined : this.#whoIsAtWork();
    if (!owner) return;
    this.#marked.set(event, owner);
    this.files.claim(path, event, owner);
    const user = event.event.action === 'creation' ? lingererOf(path) : undefined;
    if (user) this.#lingerers.set(user, owner);
  }

  /** Users whose managers the login manager starts because a step of this role had it. */
  lingerersBy(role: Role): string[] {
    return [...this.#lingerers].filter(([, owner]) => owner === role).map(([user]) => user);
  }

  /** Whose step is still running. */
  #whoIsAtWork(): Role | undefined {
    let worker: Role | undefined;
    for (const [node, role] of this.#owned) if (node.endedAt === null && role !== 'harness') worker = role;
    return worker;
  }

  /** What a scheduler does with a file is the doing of who made the file, or of who asked for it. */
  #onSchedulersFile(node: ProcessNode, event: EcsEvent, paths: readonly string[]): void {
    const made = this.#ownerOfPaths(paths, (unit) => this.files.ownerOfUnit(unit));
    const isPrepared = made !== undefined && isPreparation(made);
    const unitOwner = this.#ownerOfPaths(paths, (unit) => this.begunUnitOwner(unit));
    const asker = this.#whoAskedFor(event);
    const heir = this.#heirOf(made, paths) ?? (isPrepared ? asker : undefined);
    const scheduler = heir ?? made ?? unitOwner;
    const owner = event.event.action === 'deletion' ? (asker ?? scheduler) : (scheduler ?? asker);
    if (!owner) return;
    this.#marked.set(event, owner);
    if (!made || heir) this.files.claim(event.file?.path ?? '', event, owner);
    // A daemon that handles the file is doing its work for everybody; a fork of it is this job.
    if (!isDaemon(node)) this.own(node, owner);
  }

  /** Of what was only prepared: whose schedule it has become, among steps that have begun. */
  #heirOf(maker: Role | undefined, paths: readonly string[]): Role | undefined {
    if (maker === undefined || !isPreparation(maker)) return undefined;
    const heirs = paths.map(
      (path) =>
        this.#schedules.ownerOfFile(path) ??
        this.#schedules.ownerOfUnit(path.slice(path.lastIndexOf('/') + 1)),
    );
    return heirs.find((heir) => heir !== undefined && this.begun().includes(heir));
  }

  #ownerOfPaths(paths: readonly string[], unitOwner: (unit: string) => Role | undefined): Role | undefined {
    for (const path of paths) {
      const owner = this.files.ownerOf(path) ?? unitOwner(path.slice(path.lastIndexOf('/') + 1));
      if (owner) return owner;
    }
    return undefined;
  }

  /**
   * Whose step, still running, had the service manager write this: a transient unit, or what enables or masks the unit
   * that it names.
   */
  #whoAskedFor({ file }: EcsEvent): Role | undefined {
    const path = file?.path ?? '';
    const unit =
      isTransientUnit(path) || isUnitSetting(path) ? path.slice(path.lastIndexOf('/') + 1) : undefined;
    if (!unit) return undefined;
    let asker: Role | undefined;
    for (const [node, role] of this.#owned) {
      const isAtWork = node.endedAt === null && role !== 'harness';
      if (isAtWork && (isTransientUnit(path) || namesUnit(node.args, unit))) asker = role;
    }
    if (asker && isTransientUnit(path)) this.files.claimUnit(unit, asker);
    return asker;
  }
}

/** What is done before an attack, for it to find. */
export const isPreparation = (role: Role | 'harness'): boolean => role === 'prereq' || role === 'get-prereq';

/** Whether a program was executed, rather than tried to be. */
export const isExec = ({ event }: EcsEvent): boolean =>
  event.action === 'exec' && event.outcome !== 'failure';

/** A service may be named without its suffix. */
const namesUnit = (args: readonly string[], unit: string): boolean =>
  args.includes(unit) || args.includes(unit.replace(/\.service$/, ''));

/** systemctl's verbs, and the methods of the manager's D-Bus interface. */
const isStartVerb = (arg: string): boolean =>
  /^(?:start|restart|try-restart|reload-or-restart|--now|StartUnit|RestartUnit)$/.test(arg);

const isPackageManager = ({ executable }: ProcessNode): boolean =>
  /^(?:\/usr)?\/s?bin\/(?:dpkg|rpm|dnf|yum|zypper|apk|pacman)$/.test(executable);

/** Whether the process was started by the engine, from outside of the target's pid namespace; PID 1 was, too. */
const cameFromOutside = (node: ProcessNode, { process }: EcsEvent): boolean =>
  process?.parent?.pid === 0 && node.pid !== 1;
