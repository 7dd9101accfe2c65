// Follows the journal inside each target. A barrier is a line of the sensor's own that the follower brings when journald
// has taken in all that was sent before it; where that does not come, a barrier fetches what is missing.

import { randomUUID } from 'node:crypto';
import type { EventSink, Follow, LiveSensor, Target, Watch } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { type Accounts, accountsOf } from '../accounts.ts';
import { journalEvent } from './ecs.ts';
import { field, type JournalEntry, parseEntry } from './entry.ts';
import { meaning } from './message/index.ts';
import { SequenceGaps } from './sequence.ts';
import { takenIn } from './synchronize.ts';

export interface JournalSensorOptions {
  /** Receives every line as journalctl printed it, in the order of the events. */
  readonly onRaw?: (target: Target, line: string) => void;
}

/** A journal sensor for any number of targets; nothing runs until a target is watched. */
export function startJournalSensor(options: JournalSensorOptions = {}): LiveSensor {
  const watches = new Set<Watch>();
  return {
    name: 'journal',
    // A journal that ends concerns its target alone: the barrier of that watch tells it.
    failed: new Promise<never>(() => {}),
    async watch(target, sink) {
      const watch = await JournalWatch.start(target, sink, options);
      watches.add(watch);
      return {
        barrier: () => watch.barrier(),
        lost: () => watch.lost(),
        async [Symbol.asyncDispose]() {
          // Kept, it would keep the events of its case.
          watches.delete(watch);
          await watch[Symbol.asyncDispose]();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...watches].map((watch) => watch[Symbol.asyncDispose]()));
    },
  };
}

const journalctl = ['journalctl', '--no-pager', '--quiet', '--all', '--output=json'];
/**
 * A follower that brings nothing for so long may have been stopped or be blind: what it has not brought is fetched then.
 */
const followerSilenceMs = 2_000;
/** Of the barriers' lines. */
const identifier = 'atomclock';
/** Well below the limit on an exec's output; the rest comes with the next round. */
const drainBytes = 512 * 1024;
const drainTimeoutMs = 60_000;
/**
 * The same without the follower: writes the barrier's line, waits until journald has taken in everything that was sent to it before
 * (that is what `--sync` promises, for all of its sockets), then prints what came after a cursor.
 */
const drainScript = `
if [ -n "$1" ]; then logger -t ${identifier} -- "$1" || echo "$1" | systemd-cat -t ${identifier} || exit 3; fi
journalctl --sync || exit 4
${journalctl.join(' ')} \${2:+--after-cursor="$2"} | head -c ${drainBytes}`;

class JournalWatch implements Watch {
  #events = 0;
  #taken = 0;
  #suppressed = 0;
  #barriersAsked = 0;
  #barriersSeen = 0;
  /** Nobody else can write this watch's barriers. */
  readonly #barrierText = `atomclock barrier ${randomUUID()}`;
  /** Of the newest entry that was taken. */
  #cursor = '';
  readonly #sequence = new SequenceGaps();
  readonly #accounts: Accounts;
  readonly #target: Target;
  readonly #sink: EventSink;
  readonly #options: JournalSensorOptions;
  readonly #follow: Follow;
  #followerEnded = false;
  /** Barriers that wait for what the follower brings next, or for its end. */
  readonly #waiting = new Set<() => void>();

  static async start(target: Target, sink: EventSink, options: JournalSensorOptions): Promise<JournalWatch> {
    const follow = await target.follow([...journalctl, '--follow', '--lines=all']);
    const watch = new JournalWatch(target, sink, options, follow);
    void watch.#read();
    return watch;
  }

  private constructor(target: Target, sink: EventSink, options: JournalSensorOptions, follow: Follow) {
    this.#accounts = accountsOf(target.accounts);
    this.#target = target;
    this.#sink = sink;
    this.#options = options;
    this.#follow = follow;
  }

  async barrier(): Promise<void> {
    this.#barriersAsked += 1;
    const asked = this.#barriersAsked;
    const line = `${this.#barrierText} ${asked}`;
    // In this order: lines of different sockets are taken in in any order.
    if ((await takenIn(this.#target, identifier, line)) && (await this.#brings(asked))) return;
    await this.#fetch(asked, line);
  }

  /** Whether the follower brings the line of a barrier: all earlier ones came before it, or are missed by their number. */
  async #brings(asked: number): Promise<boolean> {
    while (this.#barriersSeen < asked) {
      if (this.#followerEnded || !(await this.#hears())) return false;
    }
    return true;
  }

  /** Whether the follower says anything, be it by its end, before it has been silent for too long. */
  async #hears(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const heard = () => resolve(true);
    const limit = setTimeout(resolve, followerSilenceMs, false);
    this.#waiting.add(heard);
    const isHeard = await promise;
    clearTimeout(limit);
    this.#waiting.delete(heard);
    return isHeard;
  }

  async #fetch(asked: number, line: string): Promise<void> {
    let mark = line;
    while (this.#barriersSeen < asked) {
      const takenBefore = this.#taken;
      const argv = ['sh', '-c', drainScript, 'drain', mark, this.#cursor];
      const fetched = await this.#target.exec(argv, { timeoutMs: drainTimeoutMs });
      if (fetched.exitCode !== 0) throw silent(fetched.stderr.trim() || `exit code ${fetched.exitCode}`);
      for (const line of completeLines(fetched.stdout)) this.#take(line);
      if (this.#barriersSeen < asked && this.#taken === takenBefore)
        throw silent('a line that was just written is not in it');
      mark = '';
    }
  }

  lost(): number {
    return this.#suppressed + this.#sequence.missing();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#follow[Symbol.asyncDispose]();
  }

  /** The follower may end at any time (the target stops, journalctl is killed): barriers do not depend on it. */
  async #read(): Promise<void> {
    try {
      for await (const line of this.#follow.lines) this.#take(line);
    } catch {
      // What the follower would still have brought, a barrier fetches or fails to.
    }
    this.#followerEnded = true;
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    for (const tell of this.#waiting) tell();
  }

  #take(line: string): void {
    const entry = entryOf(line);
    if (!entry) return;
    const cursor = field(entry, '__CURSOR') ?? '';
    if (!this.#sequence.take(cursor)) return;
    this.#taken += 1;
    this.#cursor = cursor;
    this.#options.onRaw?.(this.#target, line);
    const barrier = barrierNumber(entry, this.#barrierText);
    if (barrier !== undefined) this.#barriersSeen = Math.max(this.#barriersSeen, barrier);
    this.#tellWaiting();
    if (barrier !== undefined) return;
    this.#suppressed += meaning(entry)?.lost ?? 0;
    this.#events += 1;
    this.#sink(journalEvent(entry, this.#events, this.#accounts));
  }
}

/** A torn line is no entry: the next barrier brings it whole, or its number is missing in the account. */
function entryOf(line: string): JournalEntry | undefined {
  try {
    return parseEntry(line);
  } catch {
    return undefined;
  }
}

/** The number of the barrier whose line this entry is; these lines are the sensor's own and become no event. */
function barrierNumber(entry: JournalEntry, text: string): number | undefined {
  if (field(entry, 'SYSLOG_IDENTIFIER') !== identifier) return undefined;
  const message = field(entry, 'MESSAGE') ?? '';
  return message.startsWith(`${text} `) ? Number(message.slice(text.length)) : undefined;
}

/** Without what `head` cut off. */
const completeLines = (text: string): string[] => text.split('\n').slice(0, -1);

const silent = (why: string): AtomclockError =>
  new AtomclockError('sensor/journal-silent', `The target's journal cannot be read to its end: ${why}.`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'systemd-journald must run in the target, and its image needs journalctl and logger.',
  });
