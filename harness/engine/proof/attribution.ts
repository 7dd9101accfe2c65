// Which events belong to the atomic: by lineage, by the files it made, by its schedule, by its nonce.
//
// Fed in the order of events. A process is owned when it is a step's own first process, descends from one by birth,
// or belongs to a job that a scheduler launched for one; ownership carries the step's role, so that what a cleanup
// command does is never taken for the attack.

import type { EcsEvent } from '../../model/event.ts';
import type { CaseEvidence } from '../../model/evidence.ts';
import type { Schedule } from '../../model/inventory.ts';
import type { ScheduleNews } from '../../model/inventory-diff.ts';
import type { Proof, Step } from '../../model/run-record.ts';
import { isSchedulePlace } from '../../schedulers/index.ts';
import { isTransientUnit, isUnitSetting, unitOfFile } from '../../schedulers/systemd.ts';
import { FileHistory } from './file-history.ts';
import { FolderNames, moved, type NewName } from './folder-names.ts';
import { lineage, type ProcessNode, ProcessTree, sameArgs, subtree } from './process-tree.ts';
import { isDaemon, type Job, jobOf, type Launchable, launchesAlike, schedulerOf } from './scheduler.ts';

export type Role = Step['role'];
/** `background`: the target's own doings. `harness`: its probes, which nobody in the target started. */
export type Owner = Role | 'background' | 'harness';

/** What is looked for: a marker in the payload, or null when the payload is not ours. */
export interface Payload {
  role: Role;
  nonce: string | null;
}

/** The attack's payload: recognised by its nonce where it is ours, by how it was scheduled where it is not. */
export const attackPayload = ({ atomic, nonce }: CaseEvidence): Payload => ({
  role: 'attack',
  nonce: atomic && !atomic.foreign && 'command' in atomic.inputs ? nonce : null,
});

export const payloadsOf = (evidence: CaseEvidence): Payload[] => [
  attackPayload(evidence),
  ...evidence.legitimateNonces.map((nonce): Payload => ({ role: 'legitimate', nonce })),
];

/** A job known to be a step's: what launched it and how it was recognised. */
export interface Launch {
  role: Role;
  by: Proof['by'];
  /** The marker that was seen, where the payload is ours. */
  nonce: string | null;
  job: Job;
  /** The exec event that shows the launch: of the payload where it is ours, of the job's first program otherwise. */
  event: EcsEvent;
  /** The unit that systemd ran, where it did. */
  unit: string | null;
}

/** A scheduler's launch that no schedule and no step explains. */
export interface UnexplainedLaunch extends Launchable {
  scheduler: string;
  unit: string | undefined;
  /** Whether it is what the scheduler itself executed. */
  isFirst: boolean;
}

export class Attribution {
  readonly tree = new ProcessTree();
  readonly launches: Launch[] = [];
  /** What became of the files that steps made. */
  readonly files = new FileHistory();
  /** ISO time of the latest event. */
  latestTime = '';
  readonly #names = new FolderNames();
  readonly #writers = new Set<ProcessNode>();
  readonly #payloads: readonly Payload[];
  readonly #expectedRoots: { role: Role; argv: readonly string[] }[] = [];
  readonly #roots: { role: Role; event: EcsEvent }[] = [];
  readonly #owned = new Map<ProcessNode, Role | 'harness'>();
  readonly #files = new Map<string, Role>();
  readonly #units = new Map<string, Role>();
  readonly #marked = new Map<EcsEvent, Role>();
  /** Processes of programs that a step put where a scheduler's would be. */
  readonly #impostors = new Set<ProcessNode>();
  readonly #written = new Set<string>();
  /** Programs that a step wrote by itself; those of a package are what they are called. */
  readonly #handmade = new Set<string>();
  /** Scheduler launches that nothing explains yet, with the steps that had begun: a schedule read later may. */
  #unexplained: { node: ProcessNode; job: Job; event: EcsEvent; begun: number }[] = [];
  readonly #schedules: (Launchable & { role: Role })[] = [];
  readonly #kept = new Map<Role, readonly Launchable[]>();

  constructor(payloads: readonly Payload[]) {
    this.#payloads = payloads;
  }

  /** Announces a step before its events: its first process is the next one from outside with exactly this argv. */
  expect(role: Role, argv: readonly string[]): void {
    this.#expectedRoots.push({ role, argv });
  }

  /**
   * What the steps of a role scheduled, once that is known. Nobody can tell the launches of a new entry from those of
   * an old one that is kept and does the same.
   */
  learn(role: Role, { added, kept, gone }: ScheduleNews): void {
    this.#kept.set(role, kept);
    for (const { command, user, unit } of added) {
      this.#schedules.push({ role, command, user });
      for (const name of unit ? [unit.timer, unit.activates] : []) {
        if (!this.#isEarlier(this.#units.get(name), role)) this.#units.set(name, role);
      }
    }
    const open = this.#unexplained;
    this.#unexplained = [];
    for (const { node, job, event, begun } of open) this.#explain(node, job, event, begun);
    this.#explainVanished(role, [...kept, ...gone]);
  }

  push(event: EcsEvent): void {
    if (event['@timestamp'] > this.latestTime) this.latestTime = event['@timestamp'];
    const node = this.tree.observe(event);
    if (!node) return;
    const inherited = node.parent ? this.#owned.get(node.parent) : undefined;
    if (inherited && !this.#owned.has(node)) this.#owned.set(node, inherited);
    if (event.event.action === 'exec' && event.event.outcome !== 'failure') this.#onExec(node, event);
    else if (event.file && event.event.outcome !== 'failure') this.#onFile(node, event);
  }

  /** Whose doing an event is. Ask after everything was pushed: a job may be recognised late. */
  ownerOf(event: EcsEvent): Owner {
    const node = this.tree.named(event);
    return (
      (node && this.#owned.get(node)) ??
      this.#marked.get(event) ??
      this.#byNonce(event) ??
      this.#byFile(event) ??
      'background'
    );
  }

  /** The scheduled job that the process of an event is part of. */
  jobOf(event: EcsEvent): Job | undefined {
    const node = this.tree.named(event);
    return node && jobOf(node, this.#impostors);
  }

  /** The event in which a step's first process began; undefined while it was not seen. */
  rootOf(role: Role): EcsEvent | undefined {
    return this.#roots.find((root) => root.role === role)?.event;
  }

  /** Whether a unit of this name was written, or had written for it, by a step of this role. */
  ownsUnit(unit: string, role: Role): boolean {
    return this.#units.get(unit) === role;
  }

  /** Whether a process of this role told a service manager to start the unit. */
  hasRequested(unit: string, role: Role): boolean {
    for (const [{ execs }, owner] of this.#owned) {
      if (owner !== role) continue;
      const argLists = execs.map(({ process }) => process?.args ?? []);
      if (argLists.some((args) => args.some(isStartVerb) && namesUnit(args, unit))) return true;
    }
    return false;
  }

  /** Whether a process of this role is still running. */
  isAtWork(role: Role): boolean {
    for (const [{ endedAt }, owner] of this.#owned) if (owner === role && endedAt === null) return true;
    return false;
  }

  /** How many programs the processes of this role have executed or ended so far. */
  deeds(role: Role): number {
    let deeds = 0;
    for (const [{ execs, endedAt }, owner] of this.#owned)
      if (owner === role) deeds += execs.length + (endedAt === null ? 0 : 1);
    return deeds;
  }

  /**
   * Whether at, cron or anacron runs a job that nothing explains yet and that began after a step of this role: its
   * payload may be still to come.
   */
  awaitsJob(role: Role): boolean {
    return this.#unexplained.some(
      ({ node, job, begun }) =>
        node.endedAt === null &&
        job.scheduler !== 'systemd' &&
        this.#roots.slice(0, begun).some((root) => root.role === role),
    );
  }

  /** Files that steps of this role made or changed, or had the service manager make: to remove one is not to make it. */
  writtenBy(role: Role): string[] {
    return [...this.#files]
      .filter(([path, owner]) => owner === role && this.#written.has(path))
      .map(([path]) => path);
  }

  /** Launches since a step of this role began that nothing is known to explain. */
  unexplained(role: Role): UnexplainedLaunch[] {
    return this.#unexplained
      .filter(({ begun }) => this.#roots.slice(0, begun).some((root) => root.role === role))
      .map(({ node, job, event }) => ({
        scheduler: job.scheduler,
        command: jobCommand(node, job),
        user: event.process?.user?.name ?? '',
        unit: job.scheduler === 'systemd' ? unitOf(event) : undefined,
        isFirst: isFirstProgram(node, job, event),
      }));
  }

  /** Whether a file whose name has the marker was made by what belongs to the role. */
  hasMade(marker: string, role: Role): boolean {
    return this.writtenBy(role).some((path) => path.endsWith(`/atomclock-${marker}`));
  }

  /** Every name under which what is at the path can be reached. */
  namesOf(path: string): string[] {
    return this.#names.namesOf(path);
  }

  /** Whether the process made or changed a file. */
  hasWritten(node: ProcessNode): boolean {
    return this.#writers.has(node);
  }

  #onExec(node: ProcessNode, event: EcsEvent): void {
    if (cameFromOutside(node, event) && !this.#owned.has(node)) this.#enter(node, event);
    if (this.#owned.has(node) && schedulerOf(node) && this.#handmade.has(node.executable))
      this.#impostors.add(node);
    const job = jobOf(node, this.#impostors);
    if (job) this.#explain(node, job, event, this.#roots.length);
  }

  /** A process that was put into the target is the next step's, or else a probe of the harness. */
  #enter(node: ProcessNode, event: EcsEvent): void {
    const root = this.#expectedRoots[0];
    if (root && sameArgs(node.args, root.argv)) {
      this.#expectedRoots.shift();
      this.#roots.push({ role: root.role, event });
      this.#owned.set(node, root.role);
    } else this.#owned.set(node, 'harness');
  }

  /**
   * Recognises the job that an exec is part of, or keeps it until a schedule is known that explains it.
   * @param begun how many steps had begun by then: what ran before a step is none of its doing
   */
  #explain(node: ProcessNode, job: Job, event: EcsEvent, begun: number): void {
    for (const { role, nonce } of this.#payloads) {
      if (nonce && node.args.some((arg) => arg.includes(nonce))) {
        this.#launch(role, 'nonce', job, event, nonce);
        return;
      }
    }
    const alreadyOwned = this.#owned.get(node);
    if (alreadyOwned === 'harness') return;
    const unit = unitOf(event);
    const roles = this.#roots.slice(0, begun).map(({ role }) => role);
    const ifBegun = (role: Role | undefined) => (role && roles.includes(role) ? role : undefined);
    const unitOwner = ifBegun(unit ? this.#units.get(unit) : undefined);
    const script = [node.executable, ...node.args.slice(0, 2)].find((path) => this.#files.has(path));
    const scheduled = ifBegun(this.#whoScheduled({ command: jobCommand(node, job), user: node.userName }));
    if (unitOwner) this.#launch(unitOwner, 'unit', job, event);
    else if (script) this.#launch(this.#files.get(script) as Role, 'file', job, event);
    else if (scheduled) this.#launch(scheduled, 'command', job, event);
    else if (alreadyOwned && !this.#launches(job)) this.#launch(alreadyOwned, 'file', job, event);
    else if (!alreadyOwned) this.#unexplained.push({ node, job, event, begun });
  }

  /**
   * An entry that was put there, launched and taken away before anybody listed it: cron runs nothing that no table
   * says, so what no other entry explains is its job.
   */
  #explainVanished(role: Role, old: readonly Schedule[]): void {
    if (!this.writtenBy(role).some(isSchedulePlace)) return;
    const known = [...old, ...this.#schedules];
    this.#unexplained = this.#unexplained.filter(({ node, job, event, begun }) => {
      const launched = { command: jobCommand(node, job), user: node.userName };
      const isVanished =
        job.scheduler === 'cron' &&
        isFirstProgram(node, job, event) &&
        this.#roots.slice(0, begun).some((root) => root.role === role) &&
        !known.some((schedule) => launchesAlike(schedule, launched));
      if (isVanished) this.#launch(role, 'command', job, event);
      return !isVanished;
    });
  }

  #launch(role: Role, by: Proof['by'], job: Job, event: EcsEvent, nonce: string | null = null): void {
    const unit = job.scheduler === 'systemd' ? (unitOf(event) ?? null) : null;
    this.launches.push({ role, by, nonce, job, event, unit });
    this.#own(job.root, role);
  }

  #launches = (job: Job): boolean => this.launches.some((launch) => launch.job.root === job.root);

  /** Whose schedule a command is; nobody's when it was scheduled before. */
  #whoScheduled(launched: Launchable): Role | undefined {
    const role = this.#schedules.find((schedule) => launchesAlike(schedule, launched))?.role;
    const isOld = role && this.#kept.get(role)?.some((schedule) => launchesAlike(schedule, launched));
    return isOld ? undefined : role;
  }

  /** Whether the steps of the one role had begun before those of the other. */
  #isEarlier(role: Role | undefined, than: Role): boolean {
    const rank = (wanted: Role | undefined) => this.#roots.findIndex((root) => root.role === wanted);
    return role !== undefined && rank(role) <= rank(than);
  }

  #onFile(node: ProcessNode, event: EcsEvent): void {
    const role = this.#owned.get(node);
    const own = this.#entriesOf(event);
    // What a scheduler's fork does before it executes the job is the scheduler's.
    const isChange = event.event.type.some((type) => type === 'creation' || type === 'change');
    if (isChange && !schedulerOf(node)) this.#writers.add(node);
    const paths = [...new Set([...own, ...pathsOf(event)])];
    this.#carry(this.#names.observe(event), event, role === 'harness' ? undefined : role);
    if (role === 'harness') return;
    for (const path of own) if (role || this.#files.has(path)) this.files.note(path, event);
    if (role) {
      for (const path of paths) {
        this.#claim(path, event, role);
        this.#ownUnit(path, role);
        if (!isPackageManager(node)) this.#handmade.add(path);
      }
      return;
    }
    if (!schedulerOf(node)) return;
    const maker = this.#ownerOfPaths(paths);
    const asker = this.#whoAskedFor(event);
    const owner = event.event.action === 'deletion' ? (asker ?? maker) : (maker ?? asker);
    if (!owner) return;
    this.#marked.set(event, owner);
    if (!maker) this.#claim(event.file?.path ?? '', event, owner);
    // A daemon that handles the file is doing its work for everybody; a fork of it is this job.
    if (!isDaemon(node)) this.#own(node, owner);
  }

  /** Every name of what an event is about; to make or remove a link, or to rename one, is to do nothing behind it. */
  #entriesOf({ event, file }: EcsEvent): string[] {
    const { path, target_path: target } = file ?? {};
    if (path === undefined) return [];
    const isEntry = event.action === 'deletion' || event.action === 'rename' || target !== undefined;
    return isEntry ? this.#names.entriesOf(path) : this.#names.namesOf(path);
  }

  /** What steps made is theirs under every new name of it, and the new names are whose doing they are. */
  #carry(names: readonly NewName[], event: EcsEvent, role: Role | undefined): void {
    // Most events give nothing a new name, and what is known of the files may be large.
    if (names.length === 0) return;
    const since = event['@timestamp'];
    const carried = names.flatMap((name) =>
      [...this.#files].flatMap(([from, owner]) => {
        const to = moved(from, name.from, name.to);
        if (to === undefined || to === from) return [];
        return [{ ...name, from, to, owner: role ?? owner, state: this.files.latest(from) }];
      }),
    );
    const written = new Set(this.#written);
    for (const { from, isMove } of carried) if (isMove) this.files.remove(from, since);
    for (const { from, to, owner, state } of carried) {
      if (!this.#files.has(to)) this.#files.set(to, owner);
      this.#ownUnit(to, owner);
      if (written.has(from)) this.#written.add(to);
      if (this.#handmade.has(from)) this.#handmade.add(to);
      if (state) this.files.put(to, { ...state, since });
    }
  }

  /** A path is whose step touched it first. */
  #claim(path: string, event: EcsEvent, role: Role): void {
    if (!this.#files.has(path)) this.#files.set(path, role);
    if (event.event.action !== 'deletion' && !isMask(event)) this.#written.add(path);
  }

  #ownUnit(path: string, role: Role): void {
    const unit = unitOfFile(path);
    if (unit && !this.#units.has(unit)) this.#units.set(unit, role);
  }

  #ownerOfPaths(paths: readonly string[]): Role | undefined {
    for (const path of paths) {
      const owner = this.#files.get(path) ?? this.#units.get(path.slice(path.lastIndexOf('/') + 1));
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
    if (asker && isTransientUnit(path) && !this.#units.has(unit)) this.#units.set(unit, asker);
    return asker;
  }

  #own(root: ProcessNode, role: Role): void {
    for (const node of subtree(root)) if (!this.#owned.has(node)) this.#owned.set(node, role);
  }

  #byNonce(event: EcsEvent): Role | undefined {
    let text: string | undefined;
    for (const { role, nonce } of this.#payloads) {
      if (!nonce) continue;
      text ??= JSON.stringify(event);
      if (text.includes(nonce)) return role;
    }
    return undefined;
  }

  /** Records that name no process (inventory, residue) belong to who made the file. */
  #byFile(event: EcsEvent): Role | undefined {
    return event.process || !event.file ? undefined : this.#ownerOfPaths(pathsOf(event));
  }
}

/** A service may be named without its suffix. */
const namesUnit = (args: readonly string[], unit: string): boolean =>
  args.includes(unit) || args.includes(unit.replace(/\.service$/, ''));

/** systemctl's verbs, and the methods of the manager's D-Bus interface. */
const isStartVerb = (arg: string): boolean =>
  /^(?:start|restart|try-restart|reload-or-restart|--now|StartUnit|RestartUnit)$/.test(arg);

/** A unit linked to nothing is switched off. */
const isMask = ({ file }: EcsEvent): boolean => file?.target_path === '/dev/null';

const isPackageManager = ({ executable }: ProcessNode): boolean =>
  /^(?:\/usr)?\/s?bin\/(?:dpkg|rpm|dnf|yum|zypper|apk|pacman)$/.test(executable);

/** The unit that a process was started in, from the name of its cgroup. */
const unitOf = (event: EcsEvent): string | undefined => {
  const { cgroup } = event.atomclock;
  return typeof cgroup === 'string' && cgroup.endsWith('.service') ? cgroup : undefined;
};

/** Whether nothing was executed on the way from the daemon to this. */
function isFirstProgram(node: ProcessNode, { root }: Job, event: EcsEvent): boolean {
  if (node.execs[0] !== event) return false;
  for (const ancestor of lineage(node)) {
    if (ancestor !== node && ancestor.execs.length > 0) return false;
    if (ancestor === root) return true;
  }
  return false;
}

/** What the scheduler's table would call this program: cron and anacron hand the entry to a shell with -c. */
function jobCommand(node: ProcessNode, job: Job): string {
  const viaShell = job.scheduler !== 'systemd' && node.args[1] === '-c' ? node.args[2] : undefined;
  return (viaShell ?? node.args.join(' ')).trim();
}

/** Every path that an event is about: the file, its old name, what a link points at. */
function pathsOf({ file }: EcsEvent): string[] {
  if (!file) return [];
  const original = file.Ext?.original?.path;
  const target = file.target_path?.startsWith('/') ? file.target_path : undefined;
  return [file.path, original, target].filter((path) => path !== undefined);
}

/** Whether the process was started by the engine, from outside of the target's pid namespace; PID 1 was, too. */
const cameFromOutside = (node: ProcessNode, { process }: EcsEvent): boolean =>
  process?.parent?.pid === 0 && node.pid !== 1;
