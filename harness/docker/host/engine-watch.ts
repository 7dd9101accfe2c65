// Notices that the engine has gone away, for all that wait for something of it: a connection on which nothing is ever
// said ends when the engine does. An engine that is merely silent (stopped, or busy) is waited for.

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Engine } from './connection.ts';
import { withinLimit } from './deadline.ts';
import { engineLoss, isEngineLoss } from './engine-loss.ts';

/** The engine under watch. */
export interface EngineWatch extends AsyncDisposable {
  /** Aborted when the engine is gone; its reason is the AtomclockError `lab/engine-gone`. */
  readonly gone: AbortSignal;
  /** Whether it answers within three seconds. */
  answers(): Promise<boolean>;
  /** What an error really comes of: the engine's loss where it is lost, else the error itself. */
  reasonOf(error: unknown): Promise<unknown>;
}

/**
 * Watches the engine until it is disposed of.
 * @throws AtomclockError `lab/engine-gone`
 */
export async function watchEngine(engine: WatchedEngine): Promise<EngineWatch> {
  const watch = new Watch(engine);
  await watch.open();
  return watch;
}

type WatchedEngine = Pick<Engine, 'docker' | 'address' | 'streams'>;

class Watch implements EngineWatch {
  readonly gone: AbortSignal;
  readonly #lose = new AbortController();
  readonly #engine: WatchedEngine;
  #connection: IncomingMessage | undefined;
  #deciding: Promise<void> | undefined;
  #isOver = false;

  constructor(engine: WatchedEngine) {
    this.#engine = engine;
    this.gone = this.#lose.signal;
  }

  async open(): Promise<void> {
    // A filter that nothing passes: the answer begins, and goes on as long as the engine does.
    const filters = { label: ['dev.atomclock.nothing-has-this'] };
    const connection = (await this.#engine.docker.getEvents({ filters })) as IncomingMessage;
    // Of an engine whose machine or network is gone nothing is heard, not even the end.
    connection.socket.setKeepAlive(true, keepAliveMs);
    connection.on('error', () => {});
    connection.once('close', () => this.#decide());
    connection.resume();
    this.#connection = connection;
    if (this.#isOver) connection.destroy();
  }

  async reasonOf(error: unknown): Promise<unknown> {
    if (!this.gone.aborted && !this.#deciding) await this.answers();
    await this.#deciding;
    return this.gone.aborted ? this.gone.reason : error;
  }

  async answers(): Promise<boolean> {
    // That it does not take connections is its loss.
    const answer = this.#engine.docker.ping().catch((error: unknown) => this.#lost(error));
    return (await withinLimit(answer, answerLimitMs)) && !this.gone.aborted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#connection?.destroy();
  }

  #decide(): void {
    if (this.#isOver) return;
    this.#deciding ??= this.#look().finally(() => {
      this.#deciding = undefined;
    });
  }

  /** The connection has ended: with the engine, or because somebody on the way to it has cut what looked idle. */
  async #look(): Promise<void> {
    const { streams, address } = this.#engine;
    const closedAt = performance.now();
    await setTimeout(togetherMs);
    if (streams.open === 0 && closedAt - streams.closedAt < togetherMs) {
      // It may be up again already, under systemd: what ran in it is lost all the same.
      this.#lost(engineLoss(address, 'it closed all connections at once'));
    } else if (await this.answers()) await this.open().catch((error: unknown) => this.#lost(error));
    else this.#lost(engineLoss(address, 'it closed the connection and does not answer'));
  }

  #lost(error: unknown): void {
    // An answer of the engine's, whatever it says, is one.
    if (isEngineLoss(error) && !this.#isOver) this.#lose.abort(error);
  }
}

/** Connections of one engine end together; told apart, they are this far from each other at most. */
const togetherMs = 300;
const answerLimitMs = 3000;
const keepAliveMs = 10_000;

/** Rejects with the signal's reason when it fires; never resolves. */
export async function rejectedBy(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
