// One target under the sensor: its records in, its events out, and the account of both.

import type { EventSink, Found, Target, Watch } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { parseAccounts } from '../accounts.ts';
import { foundFile } from '../found-file.ts';
import { EcsMapper } from './ecs.ts';
import { answerLimitMs, blind, deadline, within } from './failure.ts';
import type { RawNotice, RawRecord } from './raw.ts';
import { RecordGaps } from './record-gaps.ts';

/** What the sensor says to a command about one target. */
export type Answer = Extract<RawNotice, { op: 'added' | 'count' | 'removed' }>;

export interface WatchOptions {
  bootTime: string;
  /** In the arguments of the harness's own processes. */
  probe: string;
  missedRuns: () => number;
  /** When the sensor last said anything, by `performance.now`. */
  heardAt: () => number;
  send: (line: string) => Promise<void>;
  /** Receives each line before its event. */
  onRaw: ((target: Target, line: string) => void) | undefined;
  forget: () => void;
}

/** Numbers on their way come when their process has its turn on a processor; what takes this long is missing. */
const stragglerLimitMs = 10_000;

const accountTables = ['/etc/passwd', '/etc/group'] as const;
/** After these a file may have another content than before. */
const changing: ReadonlySet<string> = new Set(['creation', 'modification', 'rename', 'close']);

export class EbpfWatch implements Watch {
  readonly #target: Target;
  readonly #sink: EventSink;
  readonly #options: WatchOptions;
  readonly #mapper: EcsMapper;
  readonly #account = new RecordGaps();
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
  /** The tables changed while they were being read. */
  #stale = false;

  constructor(target: Target, sink: EventSink, options: WatchOptions) {
    this.#target = target;
    this.#sink = sink;
    this.#options = options;
    this.#missedBefore = options.missedRuns();
    this.#mapper = new EcsMapper({ targetId: target.id, bootTime: options.bootTime });
  }

  async begin(): Promise<void> {
    await this.#ask('added', `add ${this.#target.pidNamespace} ${this.#target.id.slice(0, 12)}`);
    await this.#probeTarget(['true']);
    await this.#readAccounts();
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const record of held) this.#pass(record);
  }

  async barrier(): Promise<void> {
    await this.#refreshing;
    await this.#probeTarget(['true']);
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
      if (event.file?.path && isAccountTable(event.file.path) && changing.has(event.event.action))
        this.#refresh();
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
    return within(answerLimitMs, promise, `it did not answer "${command}"`, this.#options.heardAt);
  }

  /** Waits until all records up to now have come or are known to be lost. */
  async #settle(): Promise<void> {
    // A barrier may go on where its case was given up meanwhile: the sensor would refuse a target that it has let go.
    if (this.#disposed) throw watchEnded(this.#target);
    const answer = await this.#ask('count', `count ${this.#target.pidNamespace}`);
    if (answer.op !== 'count') return;
    const last = answer.target_seq;
    if (!this.#account.isComplete(last)) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.#waiting.push({ last, resolve, reject });
      await Promise.race([promise, deadline(stragglerLimitMs)]);
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

  /** Runs a command that must be seen. */
  async #probeTarget(argv: readonly string[]): Promise<void> {
    this.#probes += 1;
    const mark = `${this.#options.probe}-${this.#probes}`;
    await this.#target.exec([...argv, mark]);
    await this.#settle();
    if (!this.#probesSeen.delete(mark) && this.lost() === 0) throw blind(this.#target);
  }

  #noticeProbe(argv: readonly string[]): void {
    const mark = argv.at(-1) ?? '';
    if (mark.startsWith(this.#options.probe)) this.#probesSeen.add(mark);
  }

  async #readAccounts(): Promise<void> {
    const { found } = await this.#target.look(
      accountTables.map((path) => ({ ask: 'files', path, depth: 0, withContents: true })),
    );
    const [passwd = '', group = ''] = await Promise.all(
      accountTables.map((path, at) => this.#textOf(path, found[at]?.[0])),
    );
    this.#mapper.useAccounts(parseAccounts(passwd, group));
  }

  /** Of a file that was looked at; of one that is too large for a look a process tells it. */
  async #textOf(path: string, found: Found | undefined): Promise<string> {
    const content = found && foundFile(found).content;
    if (!found || content) return content?.toString('utf8') ?? '';
    return (await this.#target.exec(['cat', path])).stdout;
  }

  /** The tables changed: reads them again, once for many changes. */
  #refresh(): void {
    this.#stale = true;
    this.#refreshing ??= this.#readWhileStale().finally(() => {
      this.#refreshing = undefined;
    });
  }

  async #readWhileStale(): Promise<void> {
    try {
      while (this.#stale) {
        this.#stale = false;
        await this.#readAccounts();
      }
    } catch {
      // A target that is ending needs no names; a sensor that is gone has told it.
    }
  }
}

const isAccountTable = (path: string): boolean => accountTables.some((table) => table === path);

const watchEnded = ({ id }: Pick<Target, 'id'>): AtomclockError =>
  new AtomclockError(
    'sensor/watch-ended',
    `the watch over target ${id.slice(0, 12)} ended before its barrier`,
    {
      exitCode: exitCodes.labUnavailable,
    },
  );
