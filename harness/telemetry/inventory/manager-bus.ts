// A service manager asked over its own socket, by the agent: no process in the target for a question.

import type { Conversation, Target } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import {
  type BusReply,
  decodeReply,
  encodeCall,
  endedJob,
  type MethodCall,
  messageLength,
} from './bus-message.ts';

export class ManagerBus implements Disposable {
  readonly #talk: Conversation;
  readonly #pending = new Map<number, PromiseWithResolvers<BusReply>>();
  /** A manager tells everybody at its own socket of each job that ends, asked or not. */
  readonly #endedJobs = new Set<number>();
  #onEnded: (() => void) | null = null;
  #calls = 0;
  /** Calls of this moment: they go in one piece. */
  #unsaid: Buffer[] = [];
  #over: unknown;

  /**
   * Opens the socket of a manager, as root.
   * @throws AtomclockError `inventory/bus` where none of ours answers; `lab/socket` and others as `Target.talk`
   * @source systemd, src/libsystemd/sd-bus/bus-socket.c; D-Bus Specification, "Authentication Protocol", EXTERNAL
   */
  static async open(target: Target, path: string): Promise<ManagerBus> {
    const talk = await target.talk(path, `\0AUTH EXTERNAL ${rootsId}\r\nBEGIN\r\n`, answerLimitMs);
    try {
      let said: Buffer = Buffer.alloc(0);
      for (let end = -1; end < 0; end = said.indexOf('\r\n')) {
        const piece = await talk.listen();
        if (piece === null || said.length > longestGreeting) throw silent('does not let us in');
        said = Buffer.concat([said, piece]);
      }
      const end = said.indexOf('\r\n');
      if (!said.toString('latin1', 0, end).startsWith('OK ')) throw silent('does not let us in');
      return new ManagerBus(talk, said.subarray(end + 2));
    } catch (error) {
      talk[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(talk: Conversation, said: Buffer) {
    this.#talk = talk;
    void this.#listen(said);
  }

  /**
   * Calls a method. Calls need not wait for the answers of earlier ones.
   * @throws AtomclockError `inventory/bus` where it fails, or is not answered
   */
  async call(call: MethodCall): Promise<BusReply> {
    if (this.#over) throw this.#over;
    this.#calls += 1;
    const answer = Promise.withResolvers<BusReply>();
    this.#pending.set(this.#calls, answer);
    if (this.#unsaid.length === 0)
      queueMicrotask(() => this.#talk.say(Buffer.concat(this.#unsaid.splice(0))));
    this.#unsaid.push(encodeCall(this.#calls, call));
    const reply = await answer.promise;
    if (reply.error !== undefined) throw silent(`answers ${call.member} with ${reply.error}`);
    return reply;
  }

  /** Waits until these jobs have ended, or the manager hangs up, or for half a minute. */
  async jobsEnded(ids: readonly number[]): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const look = () => {
      if (this.#over || ids.every((id) => this.#endedJobs.has(id))) ended.resolve();
    };
    const limit = setTimeout(ended.resolve, jobLimitMs);
    this.#onEnded = look;
    look();
    await ended.promise;
    clearTimeout(limit);
    this.#onEnded = null;
  }

  [Symbol.dispose](): void {
    this.#talk[Symbol.dispose]();
  }

  async #listen(first: Buffer): Promise<void> {
    let held = first;
    try {
      for (;;) {
        held = this.#take(held);
        const piece = await this.#talk.listen();
        if (piece === null) throw silent('has hung up');
        held = Buffer.concat([held, piece]);
      }
    } catch (error) {
      this.#over = error;
      for (const { reject } of this.#pending.values()) reject(error);
      this.#pending.clear();
      this.#onEnded?.();
    }
  }

  /** Hands on the whole messages; gives what is left. */
  #take(bytes: Buffer): Buffer {
    let at = 0;
    for (;;) {
      const length = messageLength(bytes.subarray(at));
      if (length === undefined || bytes.length - at < length) return bytes.subarray(at);
      const message = bytes.subarray(at, at + length);
      at += length;
      const job = endedJob(message);
      if (job !== undefined) {
        this.#endedJobs.add(job);
        this.#onEnded?.();
      }
      const reply = decodeReply(message);
      if (!reply) continue;
      this.#pending.get(reply.serial)?.resolve(reply);
      this.#pending.delete(reply.serial);
    }
  }
}

/** The uid in digits, each as the hexadecimal code of its character. */
const rootsId = '30';
const longestGreeting = 4096;
/** Against what hangs. */
const answerLimitMs = 60_000;
/** A job that waits for something else may wait for ever. */
const jobLimitMs = 30_000;

const silent = (what: string): AtomclockError =>
  new AtomclockError('inventory/bus', `a service manager of the target ${what}; expected an answer`, {
    exitCode: exitCodes.labUnavailable,
  });
