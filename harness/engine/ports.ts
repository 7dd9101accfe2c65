// What the engine needs from the world: containers to act in and sensors to watch them. Adapters implement these.

import type { AuditRecording } from '../model/audit-recording.ts';
import type { EcsEvent, SensorName } from '../model/event.ts';
import type { Beside } from '../model/expectation.ts';
import type { ImageSource } from '../model/image-source.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Loss } from '../model/loss.ts';
import type { MitigationProfile } from '../model/mitigation.ts';
import type { ClockJump } from '../schedulers/index.ts';

export type { ClockJump } from '../schedulers/index.ts';

export interface ExecOptions {
  /** User name or uid inside the container; root unless given. */
  user?: string;
  env?: Readonly<Record<string, string>>;
  workingDirectory?: string;
  /** After this the process and all its descendants are killed inside the container. */
  timeoutMs?: number;
  /**
   * A file that is there as long as the command runs, readable by everybody; directly below `scriptFolder`. Such a
   * command is never begun again: without one it may be, where what runs commands in the target was killed.
   */
  script?: { path: string; content: string };
}

export interface ExecResult {
  /** null when the time limit ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  startedAt: string;
  ms: number;
}

/** A process whose output is read line by line while it runs. */
export interface Follow extends AsyncDisposable {
  readonly lines: AsyncIterable<string>;
}

/** What is said to and fro with a socket in a target. Disposing of it ends it. */
export interface Conversation extends Disposable {
  say(words: string | Uint8Array): void;
  /**
   * What the other side has said since; null when it has ended.
   * @throws AtomclockError `lab/socket` where nobody listens; else as `Target.exec`
   */
  listen(): Promise<Buffer | null>;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A process with a terminal of its own. Disposing of it ends what it shows, and its input. */
export interface TerminalSession extends AsyncDisposable {
  /** What it prints, until it ends. */
  readonly output: AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): Promise<void>;
  /** Asked when the output has ended: what it ended with; null where it runs on. Throws as `exec`. */
  exitCode(): Promise<number | null>;
}

/** Whoever sits at a terminal. */
export interface TerminalUser {
  readonly size: TerminalSize;
  /** The value of TERM: which control sequences are understood. */
  readonly kind: string;
  /** From now on, until it is disposed of, tells what is typed and how large the terminal has become. */
  attach(session: Pick<TerminalSession, 'write' | 'resize'>): Disposable;
  show(bytes: Uint8Array): void;
  /** Aborted when what was scheduled is to be waited for no longer. */
  readonly enough: AbortSignal;
}

/** What can be seen in a target without a process in it (containers/agent/look.h says what is answered). */
export type Question =
  | { readonly ask: 'clock' }
  /** Running ones of these names. */
  | { readonly ask: 'processes'; readonly names: readonly string[] }
  /** Whether it is there to be executed. */
  | { readonly ask: 'program'; readonly path: string }
  | { readonly ask: 'names'; readonly path: string }
  | FilesQuestion;

/** A file, or a folder with all below it. */
export interface FilesQuestion {
  readonly ask: 'files';
  readonly path: string;
  /** `*` in the path is any name. */
  readonly isPattern?: true;
  /** Of files of up to 64 KiB. */
  readonly withContents?: true;
  /** Where the path is a link to a folder, what is in that. */
  readonly throughLink?: true;
  readonly onOneDevice?: true;
  /** 0 is the file or the folder itself. */
  readonly depth?: number;
  /** Only those whose path ends so, or of which anything changed after that moment (`SECONDS.NANOSECONDS`). */
  readonly onlyIf?: { readonly ending: string; readonly since: string };
}

/** One thing that was there. */
export interface Found {
  /** A name, where names were asked for. */
  readonly path: string;
  readonly facts: string;
  /** Where it leads, of a link. */
  readonly link: string;
  readonly content: Buffer;
}

export interface Sight {
  /** For each question. */
  readonly found: readonly (readonly Found[])[];
  /** There is more than is told. */
  readonly isCut: boolean;
}

/** An account of the target, from its passwd database. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

/** A running disposable container. */
export interface Target extends AsyncDisposable {
  readonly id: string;
  /** The container beside it in which attacks are run, where that is another one; it ends with this one. */
  readonly actor?: Target;
  readonly accounts: readonly Account[];
  /** Inode of its pid namespace: how the kernel sensor tells targets apart. */
  readonly pidNamespace: number;
  /** Throws AtomclockError `lab/target-gone` when the container has ended. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  follow(argv: readonly string[], options?: ExecOptions): Promise<Follow>;
  /** Starts a process with a terminal, from outside of the target as a login would. Throws as `exec`. */
  openTerminal(
    argv: readonly string[],
    options: Pick<ExecOptions, 'user' | 'env' | 'workingDirectory'> & { readonly size: TerminalSize },
  ): Promise<TerminalSession>;
  /** Sees what is there at this moment; leaves no trace on the sensors. Throws as `exec`. */
  look(questions: readonly Question[]): Promise<Sight>;
  /** Talks with a stream socket there, as root, with no process of its own in it; ended after the time limit. Throws as `exec`. */
  talk(path: string, words: string | Uint8Array, timeoutMs: number): Promise<Conversation>;
  /**
   * Sends a datagram to a socket there, in the same way; where there is no room for it at this moment it is refused.
   * @throws AtomclockError `lab/socket`; else as `exec`
   */
  sendDatagram(path: string, content: string | Uint8Array): Promise<void>;
  /** Wakes who watches folders (inotify) there, and changes nothing; `*` in a path is any name. Throws as `exec`. */
  wakeWatchers(folders: readonly string[]): Promise<void>;
  /** Moves a scheduler's clock, and its alone, so that what is due then is due in about a second. */
  advanceClock(jump: ClockJump): Promise<void>;
  /** Whether cron lives on the fast clock: an attack may have put a unit of its own in the place of the image's. */
  hasFastClock(): Promise<boolean>;
  writeFile(path: string, content: string | Uint8Array, options?: { mode?: number }): Promise<void>;
}

/** A container beside the targets, driven over its standard streams (a sensor). */
export interface Sidecar extends AsyncDisposable {
  /** Lines of standard output in order; ends when the container does. */
  readonly lines: AsyncIterable<string>;
  send(line: string): Promise<void>;
  /** Resolves with the exit code when the container has ended, and the end of its standard error. */
  readonly exited: Promise<{ exitCode: number | null; stderr: string }>;
}

export interface SidecarSpec {
  image: string;
  command?: readonly string[];
  capAdd: readonly string[];
  /** Read-only bind mounts, `host:container:options`; none unless the sensor cannot do without. */
  binds?: readonly string[];
  pidMode?: 'host';
  memoryBytes?: number;
}

/** Receives a target's events in the sensor's order. */
export type EventSink = (event: EcsEvent) => void;

/** A source of telemetry that tells what happens as it happens, in any number of targets. */
export interface LiveSensor extends AsyncDisposable {
  readonly name: SensorName;
  /** Rejects as soon as the sensor dies while it should be watching; never resolves otherwise. */
  readonly failed: Promise<never>;
  /** It needs nothing of what it watches: neither a service manager nor a journal. */
  readonly watchesAnyContainer?: true;
  watch(target: Target, sink: EventSink): Promise<Watch>;
  /** Of one that can do it: has mitigations put on record what they ask for. */
  readonly recorder?: AuditRecorder;
}

/** Has audit rules of mitigations loaded for single targets, beside whatever a sensor watches there. */
export interface AuditRecorder {
  /** Rejects as soon as it dies while it should be listening; never resolves otherwise. */
  readonly failed: Promise<never>;
  /** @param keys those of which records are kept */
  listen(target: Target, keys: readonly string[]): Promise<AuditListener>;
}

/** Listens to one target; disposed of, it takes away every rule that it loaded. */
export interface AuditListener extends AsyncDisposable {
  /** Loads the rules of a mitigation; of several that see the same, the first counts. */
  load(mitigation: string, rules: readonly string[]): Promise<void>;
  /** All that was put on record before the call. */
  recording(): Promise<AuditRecording>;
}

/** One target being watched by one sensor. */
export interface Watch extends AsyncDisposable {
  /** Resolves when every event of the target that happened before the call is in the sink. */
  barrier(): Promise<void>;
  /** Records known to be lost since the watch began, by the sensor's own count and its sequence numbers. */
  lost(): Loss;
}

/** A source of telemetry that tells what is different between two looks at a target. */
export interface SnapshotSensor {
  readonly name: SensorName;
  /** Looks at a target before the attack; the attack begins when this has resolved. */
  begin(target: Target): Promise<Snapshot>;
}

/** How a target was before the attack. */
export interface Snapshot {
  /** Looks again, after cleanup. */
  compare(taken: TakenInventories): Promise<Difference>;
}

/** What the engine itself has looked at: before the attack, while its launch was waited for, and after cleanup. */
export interface TakenInventories {
  readonly before: Inventory;
  readonly scheduled: Inventory;
  readonly after: Inventory;
}

export interface Difference {
  readonly events: readonly EcsEvent[];
  /** One line for people for each thing that cleanup left, where the sensor tells of that. */
  readonly left: readonly string[];
}

/** What a sensor needs of the container that it lives in. */
export interface SidecarNeeds {
  readonly image: ImageSource;
  readonly capAdd: readonly string[];
  readonly pidMode?: 'host';
  /** The engine's storage, read-only at its own place: where the files of all targets lie. */
  readonly seesStorage?: true;
}

/** What the container engine says of the containers of a run, from the moment on at which it was asked for. */
export interface EngineFeed extends AsyncDisposable {
  /**
   * JSON texts in order, each `{event, setup, execUser, case, isOfHarness}`: the engine's own event; how the container
   * is set up (`Config`, `HostConfig`, `Mounts`) where it was created just now, else null; as whom it is entered where
   * that is told, else null; the case that it is of, or null; and whether nobody but the harness would have started it.
   * Ends when the engine does.
   */
  readonly lines: AsyncIterable<string>;
  /** Has the engine say an `exec_create` of a target with these words: all that happened before is said before. */
  mark(target: Pick<Target, 'id'>, mark: string): Promise<void>;
}

/** The world as a sensor finds it when it is started. */
export interface SensorHost {
  /** What the container engine says; it is disposed of after the sensor. */
  engineFeed(): Promise<EngineFeed>;
  /** Starts the container that the sensor's descriptor asks for; it is removed after the sensor. */
  sidecar(command?: readonly string[]): Promise<Sidecar>;
  /** Takes what the sensor said of a target, word for word, before its event. */
  onRaw(target: Pick<Target, 'id'>, line: string): void;
  /** Tells the user something once. */
  note(message: string): void;
  /** The package's files of this ending in a folder of its own. @throws ContentError for one that cannot be read */
  files(folder: string, ending: string): readonly { readonly file: string; readonly text: string }[];
  /** Settings for those who develop the harness. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface TargetRequest {
  /** Name in containers/targets.yaml. */
  target: string;
  caseId: string;
  clock: 'fast' | 'real';
  /** Users whose own service manager must be up. */
  userManagers: readonly string[];
  /** What mitigations need of the target, in the order in which they are applied. */
  profiles: readonly MitigationProfile[];
  /** Of a pair: how the container beside the machine is set up, as far as that matters. */
  beside: BesideRequest;
}

export interface BesideRequest extends Partial<Beside> {
  /** Whether it is of the procedure's making, rather than the place where that is run. */
  isOfProcedure: boolean;
}

/** Where targets come from. */
export interface Lab {
  start(request: TargetRequest): Promise<Target>;
  /** Rejects as soon as the lab itself is gone, and all targets with it; never resolves otherwise. */
  readonly gone: Promise<never>;
  /** What an error really comes of: the loss of the lab where it is lost, else the error itself. */
  reasonOf(error: unknown): Promise<unknown>;
}
