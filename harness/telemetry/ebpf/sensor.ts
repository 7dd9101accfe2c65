// Drives the eBPF sensor: one sidecar serves all targets; its lines are told apart by pid namespace.

import { randomBytes } from 'node:crypto';
import type { EventSink, Sensor, Sidecar, Target, Watch } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { parseAccounts } from '../accounts.ts';
import { RecordAccount } from './account.ts';
import { EcsMapper } from './ecs.ts';
import { parseLine, type RawNotice, type RawRecord } from './raw.ts';

export interface EbpfSensorOptions {
  /** Receives every line of a target as the sensor wrote it, before its event. */
  readonly onRaw?: (target: Target, line: string) => void;
}

/** How long the sensor may take to load, and to answer a command. */
const readyLimitMs = 30_000;
const answerLimitMs = 20_000;

/**
 * Takes over a sidecar that runs the sensor's image, and returns when its programs are loaded.
 * @throws AtomclockError `sensor/failed` with what the sensor said, when it does not come up
 * @source containers/sensor/sensor.c
 */
export async function startEbpfSensor(sidecar: Sidecar, options: EbpfSensorOptions = {}): Promise<Sensor> {
  const sensor = new EbpfSensor(sidecar, options);
  await sensor.ready();
  return sensor;
}

type Answer = Extract<RawNotice, { op: 'added' | 'count' | 'removed' }>;

class EbpfSensor implements Sensor {
  readonly name = 'ebpf';
  readonly failed: Promise<never>;
  readonly #sidecar: Sidecar;
  readonly #options: EbpfSensorOptions;
  readonly #watches = new Map<number, EbpfWatch>();
  readonly #probe = `atomclock-probe-${randomBytes(6).toString('hex')}`;
  readonly #fail: (error: AtomclockError) => void;
  readonly #ready = Promise.withResolvers<string>();
  #over: AtomclockError | undefined;
  #stopping = false;
  #missedRuns = 0;

  constructor(sidecar: Sidecar, options: EbpfSensorOptions) {
    this.#sidecar = sidecar;
    this.#options = options;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.#fail = (error) => {
      if (this.#over) return;
      this.#over = error;
      if (!this.#stopping) reject(error);
      this.#ready.reject(error);
      for (const watch of this.#watches.values()) watch.end(error);
    };
    // Nobody may be waiting for these yet; whoever asks later still gets the rejection.
    promise.catch(() => {});
    this.#ready.promise.catch(() => {});
    void this.#read();
  }

  async ready(): Promise<void> {
    await within(readyLimitMs, this.#ready.promise, 'it did not get ready');
  }

  /**
   * Watches a target from now on; the processes that live in it already come first.
   * @throws AtomclockError `sensor/failed`; `sensor/blind` when a process known to run in the target is not seen
   */
  async watch(target: Target, sink: EventSink): Promise<Watch> {
    const bootTime = await this.#ready.promise;
    const watch = new EbpfWatch(target, sink, {
      bootTime,
      probe: this.#probe,
      missedRuns: () => this.#missedRuns,
      send: (line) => this.#send(line),
      onRaw: this.#options.onRaw,
      forget: () => this.#watches.delete(target.pidNamespace),
    });
    this.#watches.set(target.pidNamespace, watch);
    try {
      await watch.begin();
    } catch (error) {
      await watch[Symbol.asyncDispose]();
      throw error;
    }
    return watch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    if (!this.#over) await this.#sidecar.send('stop').catch(() => {});
    await Promise.race([this.#sidecar.exited, deadline(answerLimitMs)]);
  }

  async #send(line: string): Promise<void> {
    if (this.#over) throw this.#over;
    await this.#sidecar.send(line);
  }

  async #read(): Promise<void> {
    try {
      for await (const line of this.#sidecar.lines) this.#take(line);
      const { exitCode, stderr } = await this.#sidecar.exited;
      this.#fail(dead(`it ended with exit code ${exitCode}: ${lastLines(stderr)}`));
    } catch (error) {
      this.#fail(error instanceof AtomclockError ? error : dead(String(error), error));
    }
  }

  #take(line: string): void {
    const parsed = parseLine(line);
    if (parsed.kind === 'record') this.#watches.get(parsed.record.pidns)?.take(parsed.record, line);
    else this.#hear(parsed.notice);
  }

  #hear(notice: RawNotice): void {
    switch (notice.op) {
      case 'ready':
        this.#ready.resolve(notice.boot_time);
        return;
      case 'added':
      case 'count':
      case 'removed':
        this.#watches.get(notice.pidns)?.answer(notice);
        return;
      case 'lost':
        this.#watches.get(notice.pidns)?.tellLost(notice.lost);
        return;
      case 'missed':
        this.#missedRuns = notice.runs;
        return;
      case 'refused': {
        const error = dead(`it refused "${notice.command}": ${notice.reason}`);
        const watch = notice.pidns === undefined ? undefined : this.#watches.get(notice.pidns);
        if (watch) watch.refuse(error);
        else this.#fail(error);
        return;
      }
      case 'end':
        return;
    }
  }
}

interface WatchOptions {
  bootTime: string;
  /** In the arguments of the harness's own processes. */
  probe: string;
  missedRuns: () => number;
  send: (line: string) => Promise<void>;
  onRaw: EbpfSensorOptions['onRaw'];
  forget: () => void;
}

/** Prints the account tables; the probe is an argument of the shell. */
const accountsScript = 'cat /etc/passwd; echo; echo -- groups --; cat /etc/group';
const accountTables: ReadonlySet<string> = new Set(['/etc/passwd', '/etc/group']);

class EbpfWatch implements Watch {
  readonly #target: Target;
  readonly #sink: EventSink;
  readonly #options: WatchOptions;
  readonly #mapper: EcsMapper;
  readonly #account = new RecordAccount();
  readonly #missedBefore: number;
  #answers: { op: Answer['op']; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  /** Barriers that wait for numbers still on their way. */
  #waiting: { last: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  /** Records that came before the names of users and groups did. */
  #held: RawRecord[] | undefined = [];
  readonly #probesSeen = new Set<string>();
  #probes = 0;
  #over: AtomclockError | undefined;
  #disposed = false;
  #refreshing: Promise<void> | undefined;

  constructor(target: Target, sink: EventSink, options: WatchOptions) {
    this.#target = target;
    this.#sink = sink;
    this.#options = options;
    this.#missedBefore = options.missedRuns();
    this.#mapper = new EcsMapper({
      targetId: target.id,
      bootTime: options.bootTime,
      isHarness: (argv) => this.#isProbe(argv),
    });
  }

  async begin(): Promise<void> {
    await this.#ask('added', `add ${this.#target.pidNamespace} ${this.#target.id.slice(0, 12)}`);
    await this.#readAccounts();
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const record of held) this.#pass(record);
  }

  async barrier(): Promise<void> {
    await this.#refreshing;
    await this.#probeTarget(['true']);
    await this.#settle();
  }

  lost(): number {
    return this.#account.lost() + this.#options.missedRuns() - this.#missedBefore;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    try {
      if (!this.#over) await this.#ask('removed', `remove ${this.#target.pidNamespace}`);
    } catch {
      // A sensor that is gone watches nothing; `failed` has told it.
    } finally {
      this.#options.forget();
    }
  }

  /* ---- from the sensor ---- */

  take(record: RawRecord, line: string): void {
    this.#options.onRaw?.(this.#target, line);
    this.#account.receive(record.parts ?? 1);
    if (record.op === 'exec' && record.argv) this.#noticeProbe(record.argv);
    if (this.#held) this.#held.push(record);
    else this.#pass(record);
    this.#release();
  }

  #pass(record: RawRecord): void {
    for (const event of this.#mapper.map(record)) {
      this.#sink(event);
      const { path } = event.file ?? {};
      if (path !== undefined && accountTables.has(path) && event.event.type[0] === 'change') this.#refresh();
    }
  }

  tellLost(lost: number): void {
    this.#account.tellLost(lost);
    this.#release();
  }

  answer(answer: Answer): void {
    if (answer.op !== 'added') this.tellLost(answer.lost);
    const index = this.#answers.findIndex(({ op }) => op === answer.op);
    if (index >= 0) this.#answers.splice(index, 1)[0]?.resolve(answer);
  }

  /** The command that was sent first is refused; the others wait on. */
  refuse(error: AtomclockError): void {
    this.#answers.shift()?.reject(error);
  }

  end(error: AtomclockError): void {
    this.#over = error;
    for (const { reject } of [...this.#answers, ...this.#waiting]) reject(error);
    this.#answers = [];
    this.#waiting = [];
  }

  /* ---- to the sensor ---- */

  async #ask(op: Answer['op'], command: string): Promise<Answer> {
    if (this.#over) throw this.#over;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#answers.push({ op, resolve, reject });
    promise.catch(() => {});
    await this.#options.send(command);
    return within(answerLimitMs, promise, `it did not answer "${command}"`);
  }

  /** Waits until all records up to now have come or are known to be lost. */
  async #settle(): Promise<void> {
    const answer = await this.#ask('count', `count ${this.#target.pidNamespace}`);
    if (answer.op !== 'count') return;
    const last = answer.target_seq;
    if (!this.#account.isComplete(last)) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.#waiting.push({ last, resolve, reject });
      // Numbers on their way come within microseconds; what takes this long is missing.
      await Promise.race([promise, deadline(1000)]);
    }
    this.#account.close(last);
  }

  #release(): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter(({ last, resolve }) => {
      if (!this.#account.isComplete(last)) return true;
      resolve();
      return false;
    });
  }

  /* ---- probes: processes of ours in the target ---- */

  /** Runs a command that must be seen; gives its output. */
  async #probeTarget(argv: readonly string[]): Promise<string> {
    this.#probes += 1;
    const mark = `${this.#options.probe}-${this.#probes}`;
    const { stdout } = await this.#target.exec([...argv, mark]);
    await this.#settle();
    if (!this.#probesSeen.delete(mark) && this.lost() === 0) throw blind(this.#target);
    return stdout;
  }

  #isProbe(argv: readonly string[]): boolean {
    return argv.at(-1)?.startsWith(this.#options.probe) ?? false;
  }

  #noticeProbe(argv: readonly string[]): void {
    if (this.#isProbe(argv)) this.#probesSeen.add(argv.at(-1) as string);
  }

  async #readAccounts(): Promise<void> {
    const tables = await this.#probeTarget(['sh', '-c', accountsScript]);
    const [passwd = '', group = ''] = tables.split('\n-- groups --\n');
    this.#mapper.useAccounts(parseAccounts(passwd, group));
  }

  /** The tables changed: reads them again, once for many changes. */
  #refresh(): void {
    this.#refreshing ??= this.#readAccounts()
      .catch(() => {}) // a target that is ending needs no names
      .finally(() => {
        this.#refreshing = undefined;
      });
  }
}

/* ---- errors and limits ---- */

const dead = (what: string, cause?: unknown): AtomclockError =>
  new AtomclockError('sensor/failed', `the eBPF sensor has failed: ${what}`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'atomclock doctor',
    cause,
  });

const blind = (target: Target): AtomclockError =>
  new AtomclockError(
    'sensor/blind',
    `the eBPF sensor does not see the target ${target.id.slice(0, 12)}: a process started there was not reported`,
    { exitCode: exitCodes.labUnavailable, hint: 'atomclock doctor' },
  );

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join('\n') || 'it said nothing';

async function within<T>(limitMs: number, promise: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(dead(`${otherwise} within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const deadline = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
