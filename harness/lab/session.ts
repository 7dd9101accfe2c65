// A lab's session: what the trainer asks for is run, one attack at a time, and everybody is told what happens.

import { join } from 'node:path';
import type { LabOffer } from '../main/lab-offer.ts';
import { type LabRun, run } from '../main/run.ts';
import type { World } from '../main/world.ts';
import { AtomclockError } from '../model/errors.ts';
import type { CasePhase, RunEvent } from '../model/run-event.ts';
import type { Role } from './access.ts';
import { Audience, type ViewerSocket } from './audience.ts';
import { encoded } from './encode.ts';
import { judgedViews } from './judged-view.ts';
import { LabTerminal } from './lab-terminal.ts';
import type { Detonation, LabMessage, LabRequestMessage, Scene, SessionRun, Sitting } from './message.ts';
import { runSentence } from './run-sentence.ts';
import { SessionLog } from './session-log.ts';
import { Stepper } from './stepper.ts';

export interface SessionSettings {
  readonly offer: LabOffer;
  readonly bears: number;
  /** Rules instead of the bundled ones; empty: these. */
  readonly rules: readonly string[];
  readonly atomics: readonly string[];
  /** The folder below which runs are kept; null: runs/. */
  readonly out: string | null;
}

/** How runs are made: main's own, unless a test has another. */
export type MakeRun = typeof run;

interface Running {
  readonly abort: AbortController;
  readonly stepper: Stepper;
  readonly terminal: LabTerminal | null;
  readonly ended: Promise<void>;
}

export class Session implements AsyncDisposable {
  readonly #settings: SessionSettings;
  readonly #world: World;
  readonly #makeRun: MakeRun;
  readonly #audience = new Audience();
  readonly #log = new SessionLog();
  readonly #runs: SessionRun[] = [];
  #running: Running | null = null;
  #scene: Scene = { lesson: null, target: null, stage: 0 };
  #waiting: Readonly<Record<string, CasePhase>> = {};
  #judged: Extract<LabMessage, { say: 'judged' }> | null = null;

  constructor(settings: SessionSettings, world: World, makeRun: MakeRun = run) {
    this.#settings = settings;
    this.#world = world;
    this.#makeRun = makeRun;
  }

  get runs(): readonly SessionRun[] {
    return this.#runs;
  }

  /** Somebody looks on from now. */
  join(socket: ViewerSocket, role: Role): void {
    const { offer, bears } = this.#settings;
    const latest = this.#runs.length;
    const first: LabMessage[] = [
      { say: 'hello', role, offer, bears },
      ...this.#runs.map((each) => ({ say: 'run', run: each }) as const),
      { say: 'scene', scene: this.#scene },
    ];
    const last: LabMessage[] = [
      ...(this.#running ? [{ say: 'waiting', run: latest, cases: this.#waiting } as const] : []),
      ...(this.#running?.terminal ? [wholeOf(latest, this.#running.terminal)] : []),
      ...(this.#judged ? [this.#judged] : []),
    ];
    this.#audience.add(socket, [
      ...first.map((message) => encoded(message)),
      ...this.#log.messages(),
      ...last.map((message) => encoded(message)),
    ]);
    this.#tellViewers();
  }

  leave(socket: ViewerSocket): void {
    this.#audience.delete(socket);
    this.#tellViewers();
  }

  /** Does what the trainer asks for. @returns why it is not done; null: it is */
  do(request: LabRequestMessage): Extract<LabMessage, { say: 'refused' }> | null {
    switch (request.ask) {
      case 'detonate': {
        const { ask: _, ...detonation } = request;
        return this.#begin(detonation, null);
      }
      case 'terminal': {
        const { ask: _, ...sitting } = request;
        return this.#begin(sittingAs(sitting), sitting);
      }
      case 'type':
        this.#running?.terminal?.type(request.text);
        return null;
      case 'resize':
        this.#running?.terminal?.resize(request.size);
        return null;
      case 'enough':
        this.#running?.terminal?.waitNoLonger();
        return null;
      case 'next':
        this.#running?.stepper.next();
        return null;
      case 'release':
        this.#running?.stepper.release();
        return null;
      case 'stop':
        this.#running?.abort.abort();
        return null;
      case 'show': {
        const { ask: _, ...scene } = request;
        this.#scene = scene;
        this.#audience.say({ say: 'scene', scene });
        return null;
      }
    }
  }

  #begin(detonation: Detonation, sitting: Sitting | null): Extract<LabMessage, { say: 'refused' }> | null {
    if (this.#running) return refused('a run is under way', 'Stop it, or wait for its end.');
    const wrong = whyNotOffered(detonation, sitting === null, this.#settings.offer);
    if (wrong) return refused(wrong, null);
    const number = this.#runs.length + 1;
    const abort = new AbortController();
    const stepper = new Stepper(detonation.isStepping, (waiting) => this.#tellWaiting(number, waiting));
    const terminal = sitting && this.#terminalOf(number, sitting);
    const begun: SessionRun = {
      number,
      detonation,
      isTerminal: sitting !== null,
      startedAt: new Date().toISOString(),
      state: 'running',
      sentence: null,
      folder: null,
    };
    this.#runs.push(begun);
    this.#log.begin(number);
    this.#judged = null;
    this.#waiting = {};
    this.#audience.say({ say: 'run', run: begun });
    const ended = this.#live(begun, abort, stepper, terminal).finally(() => {
      this.#running = null;
    });
    this.#running = { abort, stepper, terminal, ended };
    return null;
  }

  /** Never rejects: what goes wrong is said. */
  async #live(
    begun: SessionRun,
    abort: AbortController,
    stepper: Stepper,
    terminal: LabTerminal | null,
  ): Promise<void> {
    const { number } = begun;
    const signal = AbortSignal.any([this.#world.signal, abort.signal]);
    const seen = new Set<string>();
    const tell = (event: RunEvent): void => {
      if (event.kind === 'case-finished') stepper.forget(event.case);
      const isEvent = isOneOfMany(event, seen);
      this.#audience.fact(number, this.#log.add(event, isEvent), isEvent);
    };
    try {
      const beforePhase = (caseId: string, phase: CasePhase) => stepper.before(caseId, phase);
      const world = { ...this.#world, signal, beforePhase, ...(terminal && { terminal }) };
      const made = await this.#makeRun(this.#requestOf(begun), world, tell);
      this.#judged = await judgedMessage(number, made);
      this.#audience.say(this.#judged);
      this.#end({ ...begun, state: 'ended', sentence: runSentence(made.record), folder: made.folder });
    } catch (error) {
      this.#end({ ...begun, state: 'failed', sentence: sentenceOf(error, signal) });
    }
  }

  #terminalOf(run: number, { size }: Sitting): LabTerminal {
    const terminal = new LabTerminal(size, (text) =>
      this.#audience.part({ say: 'terminal', run, text, size: terminal.size, whole: false }, () =>
        wholeOf(run, terminal),
      ),
    );
    return terminal;
  }

  #requestOf({ number, detonation: { atomic, target, mitigation, user }, isTerminal }: SessionRun) {
    const { rules, atomics, out, bears } = this.#settings;
    return {
      selectors: isTerminal ? [] : [atomic],
      targets: [target],
      mitigations:
        mitigation === null ? ({ kind: 'none' } as const) : ({ kind: 'named', names: [mitigation] } as const),
      given: {},
      getPrereqs: false,
      variants: { kind: 'none' } as const,
      sensors: [],
      clock: 'fast' as const,
      jobs: bears,
      shard: null,
      out: out && join(out, `${number}`),
      atomics,
      rules,
      placeholders: {},
      placeholderFiles: [],
      live: true,
      ...(isTerminal ? { terminal: { user } } : user !== null && { user }),
    };
  }

  #end(run: SessionRun): void {
    this.#runs[run.number - 1] = run;
    this.#audience.say({ say: 'run', run });
  }

  #tellWaiting(run: number, waiting: ReadonlyMap<string, CasePhase>): void {
    this.#waiting = Object.fromEntries(waiting);
    this.#audience.say({ say: 'waiting', run, cases: this.#waiting });
  }

  #tellViewers(): void {
    this.#audience.say({ say: 'viewers', count: this.#audience.size });
  }

  /** Ends what runs, and lets everybody go when it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.ended;
    this.#audience.close();
  }
}

const refused = (why: string, hint: string | null) => ({ say: 'refused', why, hint }) as const;

/** Why something cannot be detonated; null: it can. The run itself would say the same, later. */
function whyNotOffered(
  { atomic, target, mitigation, user }: Detonation,
  isAtomic: boolean,
  offer: LabOffer,
): string | null {
  const chosen = offer.atomics.find(({ slug }) => slug === atomic);
  if (isAtomic && !chosen) return `there is no atomic ${atomic}`;
  if (!offer.targets.some(({ name }) => name === target)) return `this lab has no target ${target}`;
  if (isAtomic && !chosen?.targets.includes(target)) return `${atomic} does not run on ${target}`;
  if (user !== null && !offer.users.includes(user)) return `there is no user ${user}`;
  for (const id of mitigation?.split('+') ?? []) {
    const known = offer.mitigations.find((one) => one.id === id);
    if (!known) return `there is no mitigation ${id}`;
    if (!known.targets.includes(target)) return `${id} cannot be applied on ${target}`;
  }
  return null;
}

/** What is typed is the attack: it has the name under which its case is kept. */
const sittingAs = ({ target, mitigation, user }: Sitting): Detonation => ({
  atomic: 'shell',
  target,
  mitigation,
  user,
  isStepping: false,
});

const wholeOf = (run: number, { tail, size }: LabTerminal) =>
  ({ say: 'terminal', run, text: tail, size, whole: true }) as const;

/** What may come by the thousand, and is left out where it comes too fast. */
function isOneOfMany(event: RunEvent, seen: Set<string>): boolean {
  if (event.kind === 'event') return true;
  if (event.kind !== 'matched') return false;
  const first = `${event.case} ${event.rule}`;
  if (seen.has(first)) return true;
  seen.add(first);
  return false;
}

async function judgedMessage(run: number, { record, folder }: LabRun) {
  const cases = await judgedViews(record, folder);
  return { say: 'judged', run, cases, mitigations: record.mitigations } as const;
}

const sentenceOf = (error: unknown, signal: AbortSignal): string => {
  if (signal.aborted) return 'It was stopped.';
  if (error instanceof AtomclockError) return error.hint ? `${error.message}. ${error.hint}` : error.message;
  return String(error);
};
