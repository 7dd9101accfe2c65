// The life of one case: boot a target, watch it, detonate, wait for proof, clean up, hand over the evidence.
//
// Everything that happened goes into the evidence, nothing is judged here: judge-case.ts does that from the evidence alone.

import { dirname } from 'node:path';
import { type Atomic, atomicsFolder, defaultInputs, renderCommand } from '../../model/atomic.ts';
import { AtomclockError } from '../../model/errors.ts';
import type { EcsEvent, SensorName } from '../../model/event.ts';
import type { CaseEvidence, RecordedStep } from '../../model/evidence.ts';
import type { Inventory } from '../../model/inventory.ts';
import { mergeInventories } from '../../model/inventory-merge.ts';
import { lossFaults } from '../../model/loss.ts';
import { usesUnder } from '../../model/mitigation-use.ts';
import type { CasePhase, OnRunFact } from '../../model/run-event.ts';
import type { Step } from '../../model/run-record.ts';
import { scriptFolder, type TargetFile } from '../../model/target.ts';
import { isTerminal } from '../../model/terminal.ts';
import type { RunningDaemon } from '../../schedulers/index.ts';
import { LiveCase } from '../live/live-case.ts';
import type { LiveRuleSets } from '../live/live-rules.ts';
import { stageSentence } from '../live/stage-sentence.ts';
import type {
  AuditListener,
  AuditRecorder,
  BesideRequest,
  Lab,
  LiveSensor,
  SnapshotSensor,
  Target,
  TerminalUser,
} from '../ports.ts';
import {
  type Attribution,
  addInventories,
  attackPayload,
  attributeCase,
  attributedRole,
  type Payload,
} from '../proof/attribution.ts';
import { findLoggedProof } from '../proof/logged-proof.ts';
import { blankEvidence } from './blank-evidence.ts';
import { Comparisons } from './comparisons.ts';
import { EventLog, inOrder } from './event-log.ts';
import { awaitLaunch, feeder } from './launch-wait.ts';
import type { PlannedCase, PlannedProcedure } from './plan.ts';
import type { Aside } from './pool.ts';
import { Watches } from './target-watches.ts';
import { loginShell, sitAt } from './terminal-step.ts';
import { untilAborted } from './until-aborted.ts';
import { loginOf } from './user-session.ts';
import type { Clock } from './wait-plan.ts';

/** The world in which cases run. */
export interface CaseWorld {
  lab: Lab;
  sensors: readonly LiveSensor[];
  snapshots: readonly SnapshotSensor[];
  /** What puts on record what mitigations ask for, or why nothing can; null where no mitigation of the run asks. */
  recorder: AuditRecorder | NoRecorder | null;
  clock: Clock;
  /** Whether what authors of foreign atomics wrote to bring prerequisites is run; that of bundled ones always is. */
  getsPrereqs: boolean;
  /** How long one step may run; unless given as long as on ART's own runner on a machine three times as fast. */
  stepLimitMs?: number;
  /** @param earlier the one before the attack: a daemon that runs since then may keep what it had */
  /** @param running daemons that are known to run, whatever they are called */
  takeInventory(target: Target, earlier?: Inventory, running?: readonly RunningDaemon[]): Promise<Inventory>;
  /** Lets other cases work while this one waits. */
  aside: Aside;
  /** What lies beside an atomic on this machine and must do so in the target. */
  filesBeside(atomic: Atomic): readonly TargetFile[];
  /** Milliseconds since the epoch. */
  now(): number;
  /** Random lower-case hex: what marks the payload of one case. */
  nonce(): string;
  signal: AbortSignal;
  /** Told what the case does, as it does it. */
  say: OnRunFact;
  /** For viewers: the rules that are told as they match; without it no events, matches and stages are told live. */
  live?: LiveRuleSets;
  /** Who sits at the terminal of a case that is one. */
  terminal?: TerminalUser;
  /** Asked before each stage of a procedure: the case goes on when this has resolved. */
  beforePhase?: (caseId: string, phase: CasePhase) => Promise<void>;
}

/** Why nothing can be put on record: the kernel has no audit, or another reader has it. */
export interface NoRecorder {
  readonly why: string;
}

/** A case that could not begin, for this reason. */
export function caseNotRun(planned: PlannedCase, reason: AtomclockError, nonce: () => string): RecordedCase {
  const evidence = blankEvidence(planned, nonce);
  if (planned.kind === 'idle' || !planned.skipped)
    evidence.faults.push({ code: reason.code, message: reason.message });
  return { evidence, events: [] };
}

export interface RecordedCase {
  evidence: CaseEvidence;
  events: EcsEvent[];
}

/** Longest run of one step: ART's own runner gives two minutes, on a machine three times as slow they are six. */
const stepLimitMs = 360_000;
/** What a case is doing while a step of this role runs. */
const phaseOf: Record<Step['role'], CasePhase> = {
  mitigation: 'mitigation',
  check: 'mitigation',
  prereq: 'prerequisites',
  'get-prereq': 'prerequisites',
  attack: 'attack',
  cleanup: 'cleanup',
  legitimate: 'legitimate',
  bypass: 'legitimate',
};
const markerCommand = (nonce: string): string => `/usr/bin/touch /tmp/atomclock-${nonce}`;

/**
 * Runs one planned case in a target of its own.
 * @returns its evidence, with a fault in it where the harness failed
 * @throws the signal's reason when the run is aborted; AtomclockError when the lab itself is gone
 */
export async function runCase(planned: PlannedCase, world: CaseWorld): Promise<RecordedCase> {
  const run = new CaseRun(planned, world);
  run.skipUnrecordable();
  if (run.evidence.kind === 'idle' || !run.evidence.skipped) await run.live();
  return { evidence: run.evidence, events: inOrder(run.targetEvents()) };
}

class CaseRun {
  readonly log = new EventLog();
  readonly evidence: CaseEvidence;
  readonly #planned: PlannedCase;
  /** What is done; null in the idle control. */
  readonly #procedure: PlannedProcedure | null;
  readonly #world: CaseWorld;
  readonly #attribution: Attribution;
  readonly #catchUp: () => void;
  readonly #comparisons: Comparisons;
  readonly #live: LiveCase | null;
  #watches: Watches | null = null;
  #listener: AuditListener | null = null;
  /** What steps that have begun were given. */
  readonly #begun: { readonly argv: readonly string[] }[] = [];
  /** What the case does now. */
  #now: CasePhase | undefined;
  /** What was announced last: while legitimate use waits for its launch, that is still its stage. */
  #stage: CasePhase | undefined;

  constructor(planned: PlannedCase, world: CaseWorld) {
    this.#planned = planned;
    this.#world = world;
    this.#procedure = planned.kind === 'idle' ? null : planned;
    this.evidence = blankEvidence(planned, () => world.nonce());
    this.#attribution = attributeCase(this.evidence, []);
    this.#catchUp = feeder(this.log, this.#attribution);
    this.#comparisons = new Comparisons(world.snapshots);
    const { live: rules, say, now } = world;
    this.#live = rules
      ? new LiveCase({
          case: planned.id,
          rules,
          attribution: this.#attribution,
          events: this.log.events,
          steps: this.#begun,
          catchUp: this.#catchUp,
          now: () => now(),
          say,
        })
      : null;
  }

  /** What a mitigation is to put on record cannot be judged where nothing can be. */
  skipUnrecordable(): void {
    const { recorder } = this.#world;
    if (recorder === null || !('why' in recorder) || this.evidence.kind === 'idle') return;
    if (this.evidence.mitigations.some(({ audit }) => audit !== undefined))
      this.evidence.skipped ??= `its audit rules cannot be loaded here: ${recorder.why}`;
  }

  async live(): Promise<void> {
    const { id, target } = this.#planned;
    const userManagers = this.#procedure?.needsUserManager ? [this.#procedure.user] : [];
    using _live = this.#live;
    try {
      const booted = await this.#timed('boot', () =>
        this.#world.lab.start({
          target,
          caseId: id,
          clock: this.#world.clock,
          userManagers,
          profiles: (this.#procedure?.mitigations ?? []).flatMap(({ profile }) => profile ?? []),
          beside: besideOf(this.#procedure),
        }),
      );
      await using _removal = {
        [Symbol.asyncDispose]: () => this.#world.aside(async () => booted[Symbol.asyncDispose]()),
      };
      await using watches = await Watches.over(booted, this.#world.sensors, this.#take);
      this.#watches = watches;
      const recorder = this.#recorder();
      await using listener = recorder
        ? await recorder.listen(booted, this.#procedure?.auditKeys ?? [])
        : null;
      this.#listener = listener;
      await Promise.race([
        this.#phases(booted, watches),
        watches.failed,
        this.#world.lab.gone,
        ...(recorder ? [recorder.failed] : []),
      ]);
    } catch (error) {
      this.#world.signal.throwIfAborted();
      this.#fault(await this.#world.lab.reasonOf(error));
    }
  }

  /** Who listens to this case; null where nobody needs to, or can. */
  #recorder(): AuditRecorder | null {
    const { recorder } = this.#world;
    if (recorder === null || 'why' in recorder) return null;
    return this.#procedure?.auditKeys === undefined ? null : recorder;
  }

  /** What happened in the target: the harness's own probes are no part of it (the raw streams have them). */
  targetEvents(): EcsEvent[] {
    this.#catchUp();
    return this.log.events.filter((event) => this.#attribution.ownerOf(event) !== 'harness');
  }

  /** Steps 3 to 7 of the life of a case (DESIGN). */
  async #phases(target: Target, watches: Watches): Promise<void> {
    const procedure = this.#procedure;
    if (procedure) await this.#bringFiles(target, procedure);
    if (procedure) await this.#mitigate(target, procedure);
    const isReady = procedure === null || (await this.#prerequisites(target, procedure));
    // What prerequisites bring is there before the attack, and none of its doing.
    this.evidence.inventory.before = await this.#timed('inventory', async () => {
      const [inventory] = await Promise.all([
        this.#world.takeInventory(target),
        this.#comparisons.begin(target),
      ]);
      return inventory;
    });
    if (procedure && isReady) {
      await this.#timed('attack', () =>
        isTerminal(procedure.atomic)
          ? this.#terminal(target, procedure.user)
          : this.#step(target, 'attack', procedure.user, this.#render(procedure.atomic.executor.command)),
      );
      this.evidence.inventory.scheduled = await this.#timed('wait', () =>
        this.#world.aside(() =>
          this.#launch(target, watches, attackPayload(this.evidence), this.evidence.inventory.before),
        ),
      );
      await this.#checkAgain(target, procedure.mitigations);
      await this.#timed('cleanup', () => this.#cleanup(target, procedure));
      await this.#legitimateUse(target, watches, procedure);
    }
    await watches.barrier();
    if (this.#listener && this.evidence.kind !== 'idle')
      this.evidence.recording = await this.#listener.recording();
    const live = watches.account(this.log.events);
    this.evidence.telemetry.perSensor = { ...live, ...this.#comparisons.tell(this.#take) };
    this.evidence.faults.push(...lossFaults(this.evidence.telemetry.perSensor));
    this.#live?.finish();
  }

  readonly #take = (event: EcsEvent): void => {
    this.log.push(event);
    this.#live?.wake();
  };

  /** One that cannot be applied, or whose check does not hold, is judged as that: the attack is run all the same. */
  async #mitigate(target: Target, { mitigations }: PlannedProcedure): Promise<void> {
    for (const { id, apply, audit, check } of mitigations) {
      if (apply) await this.#step(target, 'mitigation', apply.user, apply.command);
      if (audit) await this.#listener?.load(id, audit);
      if (check) await this.#step(target, 'check', check.user, check.command);
    }
    await this.#checkAgain(target, mitigations.slice(0, -1));
  }

  /** What held once it was applied may have been undone since: by one that was applied after it, or while the attack ran. */
  async #checkAgain(target: Target, mitigations: PlannedProcedure['mitigations']): Promise<void> {
    for (const { check } of mitigations)
      if (check) await this.#step(target, 'check', check.user, check.command);
  }

  /** As a checkout of the user's: ART's own prerequisites write into it. */
  async #bringFiles(target: Target, { atomic, user }: PlannedProcedure): Promise<void> {
    const files = this.#world.filesBeside(atomic);
    if (files.length === 0) return;
    const place = target.actor ?? target;
    for (const { path, content, mode } of files) await place.writeFile(path, content, { mode });
    await place.exec(['chown', '-R', user, dirname(atomicsFolder)]);
  }

  /** ART dependencies: checked, fetched, checked again. False when one is still missing: the case is skipped. */
  async #prerequisites(target: Target, { atomic, user, mitigations }: PlannedProcedure): Promise<boolean> {
    const holds = async (check: string) =>
      (await this.#step(target, 'prereq', user, this.#render(check))).exitCode === 0;
    const mayGet = !atomic.foreign || this.#world.getsPrereqs;
    for (const { description, check, get } of atomic.dependencies) {
      if (check === '' || (await holds(check))) continue;
      const got = get && mayGet ? await this.#step(target, 'get-prereq', 'root', this.#render(get)) : null;
      if (got && (await holds(check))) continue;
      // A mitigation may have taken away what the attack needs: it is tried all the same, and its own answer tells.
      if (mitigations.length > 0) continue;
      const fetching = got ? `; getting it: ${whyNotGot(got)}` : get ? '; --get-prereqs gets it' : '';
      if (this.evidence.kind !== 'idle')
        this.evidence.skipped = `prerequisite not met: ${this.#render(description)}${fetching}`;
      return false;
    }
    return true;
  }

  /** @param before what was scheduled when the step began that is to bring the launch about */
  async #launch(target: Target, watches: Watches, payload: Payload, before: Inventory): Promise<Inventory> {
    const { clock, takeInventory, now, signal, say } = this.#world;
    await this.#phase('wait');
    const { steps } = this.evidence;
    const of = payload.role === 'attack' ? 'attack' : 'legitimate';
    const enough = this.#world.terminal?.enough;
    const waited = awaitLaunch({
      target,
      log: this.log,
      attribution: this.#attribution,
      payload,
      before,
      clock,
      sensors: this.#sensorNames(),
      loggedProof: (scheduled) => findLoggedProof(steps, this.log.events, payload, scheduled),
      takeInventory,
      barrier: () => watches.barrier(),
      catchUp: this.#catchUp,
      now,
      signal: enough ? AbortSignal.any([signal, enough]) : signal,
      launched: (proof) => say({ kind: 'launched', case: this.evidence.id, of, proof }),
      clockMoved: (move) => {
        this.#attribution.addClockMove(move);
        this.evidence.clockMoves = [...(this.evidence.clockMoves ?? []), move];
      },
    });
    return waited.catch((error: unknown) => {
      if (!enough?.aborted || signal.aborted) throw error;
      return takeInventory(target, before);
    });
  }

  #sensorNames(): SensorName[] {
    const { sensors, snapshots } = this.#world;
    return [...sensors, ...snapshots].map(({ name }) => name);
  }

  /** Under mitigations: what must still work, and what is known to get by, is tried, each with a marker of its own. */
  async #legitimateUse(
    target: Target,
    watches: Watches,
    { mitigations, legitimateIn }: PlannedProcedure,
  ): Promise<void> {
    if (legitimateIn !== undefined) return;
    const nonces = this.evidence.kind === 'idle' ? [] : this.evidence.legitimateNonces;
    // What is still scheduled of the attack and of earlier uses is nothing that the next one waits for.
    let before = this.evidence.inventory.after;
    for (const [index, { role, user, command, proof }] of usesUnder(mitigations).entries()) {
      const nonce = nonces[index] as string;
      const rendered = renderCommand(command, { command: markerCommand(nonce) });
      const { exitCode } = await this.#step(target, role, user, rendered);
      // What was refused schedules nothing that could be waited for.
      if (proof === 'executed' && exitCode === 0) {
        const found = await this.#launch(target, watches, { role: 'legitimate', nonce }, before);
        before = mergeInventories(before, found);
        const { inventory } = this.evidence;
        inventory.legitimate = mergeInventories(inventory.legitimate, found);
        addInventories(this.#attribution, this.evidence);
      }
    }
  }

  async #cleanup(target: Target, { atomic, user }: PlannedProcedure): Promise<void> {
    const { cleanup } = atomic.executor;
    if (cleanup) await this.#step(target, 'cleanup', user, this.#render(cleanup));
    const { inventory } = this.evidence;
    inventory.after = await this.#world.takeInventory(target, inventory.before);
    this.evidence.filesystem = await this.#comparisons.compare(inventory);
  }

  /**
   * Runs one step in a shell and writes it down. Its script stands in a file and not on a command line: rules would
   * match it there, and no attacker hands a whole attack to one shell.
   */
  async #step(target: Target, role: Step['role'], user: string, command: string): Promise<RecordedStep> {
    await this.#phase(phaseOf[role]);
    const { executor, dependencyExecutor } = this.#procedure?.atomic ?? {};
    const isArt = role === 'attack' || role === 'cleanup';
    const shell =
      (isArt ? executor?.name : role === 'prereq' || role === 'get-prereq' ? dependencyExecutor : 'sh') ??
      'sh';
    const path = `${scriptFolder}/step-${this.evidence.steps.length + 1}`;
    const script = { path, content: command.endsWith('\n') ? command : `${command}\n` };
    const argv = [shell === 'bash' ? '/bin/bash' : '/bin/sh', path];
    this.#attribution.expectStep(attributedRole(role), argv, command);
    this.#begun.push({ argv });
    if (this.#live) this.#world.say({ kind: 'step-started', case: this.evidence.id, role, user, command });
    // What is applied to the machine, and legitimate use of it, is done on the machine.
    const isAttackers = isArt || role === 'prereq' || role === 'get-prereq';
    const place = isAttackers ? (target.actor ?? target) : target;
    const result = await place.exec(argv, {
      ...loginOf(place, user),
      script,
      timeoutMs: this.#world.stepLimitMs ?? stepLimitMs,
    });
    const step = { role, user, command, argv, ...result };
    this.evidence.steps.push(step);
    const { argv: _, ...said } = step;
    this.#world.say({ kind: 'step', case: this.evidence.id, ...said });
    await this.#tellAll();
    return step;
  }

  /** Where somebody follows, what a step did is told before the next stage is. */
  async #tellAll(): Promise<void> {
    if (!this.#live) return;
    await this.#watches?.barrier();
    this.#live.flush();
  }

  /** Somebody sits at a terminal in the target until the shell ends, and that is the attack. */
  async #terminal(target: Target, user: string): Promise<RecordedStep> {
    const { terminal, say } = this.#world;
    if (!terminal) throw new TypeError('a terminal was planned, and nobody is there to sit at it');
    const place = target.actor ?? target;
    const argv = await loginShell(place, user);
    const command = `# at a terminal: ${argv.join(' ')}`;
    this.#attribution.expectStep('attack', argv);
    this.#begun.push({ argv });
    if (this.#live) say({ kind: 'step-started', case: this.evidence.id, role: 'attack', user, command });
    const result = await sitAt(terminal, place, argv, loginOf(place, user));
    const step = { role: 'attack' as const, user, command, argv, ...result };
    this.evidence.steps.push(step);
    const { argv: _, ...said } = step;
    say({ kind: 'step', case: this.evidence.id, ...said });
    await this.#tellAll();
    return step;
  }

  #render(text: string): string {
    const inputs = defaultInputs(this.#procedure?.atomic.inputs ?? {});
    const { nonce } = attackPayload(this.evidence);
    if (nonce !== null) inputs.command = markerCommand(nonce);
    return renderCommand(text, inputs);
  }

  async #timed<Result>(
    name: Exclude<CasePhase, 'mitigation' | 'prerequisites' | 'legitimate'>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    await this.#phase(name);
    const started = this.#world.now();
    try {
      return await work();
    } finally {
      this.evidence.timings[`${name}Ms`] = this.#world.now() - started;
    }
  }

  async #phase(phase: CasePhase): Promise<void> {
    this.#world.signal.throwIfAborted();
    if (phase === this.#now) return;
    const isUse = phase === 'wait' && this.#stage === 'legitimate';
    await this.#announce(isUse ? 'legitimate' : phase);
    this.#now = phase;
    this.#world.say({ kind: 'phase', case: this.evidence.id, phase });
  }

  /** Says what comes next where somebody follows, and lets who may hold the case hold it. */
  async #announce(stage: CasePhase): Promise<void> {
    if (stage === this.#stage || this.#procedure === null) return;
    this.#stage = stage;
    const { live, say, beforePhase, signal } = this.#world;
    const { id } = this.evidence;
    if (live) {
      const sentence = stageSentence(stage, this.#procedure, (text) => this.#render(text));
      say({ kind: 'stage', case: id, stage, sentence });
    }
    if (beforePhase) await untilAborted(beforePhase(id, stage), signal);
  }

  #fault(error: unknown): void {
    // Where clearing up failed as well, what made it necessary comes first.
    if (error instanceof SuppressedError) {
      this.#fault(error.suppressed);
      this.#fault(error.error);
      return;
    }
    this.evidence.faults.push(
      error instanceof AtomclockError
        ? { code: error.code, message: error.message }
        : { code: 'case/unexpected', message: String(error) },
    );
  }
}

/** Whoever attacks has started the container beside a machine; a twin only where that is what it is about. */
function besideOf(procedure: PlannedProcedure | null): BesideRequest {
  const container = procedure?.expectation?.container;
  return { isOfProcedure: procedure?.kind === 'attack' || container !== undefined, ...container };
}

/** What was said, or how it ended; and what stands behind the first in a target. */
function whyNotGot({ exitCode, stdout, stderr }: RecordedStep): string {
  if (exitCode === null) return 'it ran into its time limit';
  const said = lastLine(stderr) || lastLine(stdout);
  const text = `${stdout}\n${stderr}`;
  const end = exitCode === 0 ? 'it exited 0 and the prerequisite is still not met' : `exit ${exitCode}`;
  return `${said === '' ? end : said}${asksNetwork.test(text) ? ' (targets have no network)' : ''}`;
}

/** What curl, wget, apt, git, pip and resolvers say where there is no network. */
const asksNetwork =
  /could not resolve|unable to resolve|temporary failure (?:in name resolution|resolving)|name or service not known|network is unreachable|failed to establish a new connection|could not connect/i;

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
