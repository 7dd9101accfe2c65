// Everybody who looks at a lab: what is said is encoded once, sent in batches, and cut where a viewer cannot follow.
//
// Memory stays bounded whatever a target does and however slow a viewer is: events beyond a batch's share are counted
// instead of sent, a viewer that is behind gets no events until it has caught up, and one that takes nothing is let go.

import type { WebSocket } from 'ws';
import { encoded } from './encode.ts';
import type { LabMessage } from './message.ts';

export interface AudienceLimits {
  /** Shortest time between two batches. */
  readonly batchMs: number;
  /** Between two looks at who has caught up. */
  readonly settleMs: number;
  /** Events in one batch. */
  readonly batchEvents: number;
  /** Bytes not yet taken beyond which a viewer gets no events. */
  readonly behindBytes: number;
  /** Bytes not yet taken beyond which a viewer is let go: its page comes back and begins anew. */
  readonly lostBytes: number;
}

const audienceLimits: AudienceLimits = {
  batchMs: 50,
  settleMs: 500,
  batchEvents: 150,
  behindBytes: 256 * 1024,
  lostBytes: 4 * 1024 * 1024,
};

/** Of a socket, what is needed here. */
export type ViewerSocket = Pick<WebSocket, 'send' | 'close' | 'terminate' | 'bufferedAmount'>;

interface Viewer {
  readonly socket: ViewerSocket;
  /** Events not sent to it since it was last told. */
  leftOut: number;
  /** Some part of a stream was not sent to it. */
  lacksPart: boolean;
}

interface Batch {
  readonly facts: string[];
  /** The same without events. */
  readonly lean: string[];
  events: number;
  /** Events of this batch that nobody gets. */
  cut: number;
}

export class Audience {
  readonly #viewers = new Map<ViewerSocket, Viewer>();
  readonly #limits: AudienceLimits;
  #run = 0;
  #batch: Batch = newBatch();
  #timer: NodeJS.Timeout | null = null;
  #whole: (() => LabMessage) | null = null;
  #owing: NodeJS.Timeout | null = null;
  #lastFlush = 0;

  constructor(limits: AudienceLimits = audienceLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** @param first what it is told before anything else */
  add(socket: ViewerSocket, first: readonly string[]): void {
    // What waits in the batch is in `first` already.
    this.flush();
    this.#viewers.set(socket, { socket, leftOut: 0, lacksPart: false });
    for (const text of first) socket.send(text);
  }

  delete(socket: ViewerSocket): void {
    this.#viewers.delete(socket);
  }

  /** Says something to everybody, after all that was said before. */
  say(message: LabMessage): void {
    this.flush();
    const text = Buffer.from(encoded(message));
    for (const viewer of this.#viewers.values()) this.#send(viewer, text);
  }

  /** Says what happens in a run: soon, together with what happens next. @returns whether it is said at all */
  fact(run: number, text: string, isEvent: boolean): boolean {
    if (run !== this.#run) this.flush();
    this.#run = run;
    const batch = this.#batch;
    const isCut = isEvent && batch.events >= this.#limits.batchEvents;
    if (isCut) batch.cut += 1;
    else {
      batch.facts.push(text);
      if (isEvent) batch.events += 1;
      else batch.lean.push(text);
    }
    this.#timer ??= setTimeout(
      () => this.flush(),
      Math.max(0, this.#lastFlush + this.#limits.batchMs - Date.now()),
    );
    return !isCut;
  }

  /**
   * Says a part of a stream of text to all who follow; who is behind is told the whole when it has caught up.
   * @param whole what it is then told, in place of all the parts
   */
  part(message: LabMessage, whole: () => LabMessage): void {
    this.flush();
    const text = Buffer.from(JSON.stringify(message));
    this.#whole = whole;
    for (const viewer of this.#viewers.values()) {
      if (viewer.lacksPart || this.#isBehind(viewer)) viewer.lacksPart = true;
      else this.#send(viewer, text);
    }
    this.#settle();
  }

  /** Sends what waits. */
  flush(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#lastFlush = Date.now();
    const { facts, lean, events, cut } = this.#batch;
    this.#batch = newBatch();
    const run = this.#run;
    const all = factsText(run, facts);
    const some = events === 0 ? all : factsText(run, lean);
    for (const viewer of this.#viewers.values()) {
      const isBehind = this.#isBehind(viewer);
      viewer.leftOut += cut + (isBehind ? events : 0);
      const text = isBehind ? some : all;
      if (text !== null) this.#send(viewer, text);
    }
    this.#settle();
  }

  /** Tells everybody who has caught up what was left out; whoever has not is told later, also when nothing more comes. */
  #settle(): void {
    let isOwing = false;
    for (const viewer of this.#viewers.values()) {
      if (viewer.leftOut === 0 && !viewer.lacksPart) continue;
      if (this.#isBehind(viewer)) {
        isOwing = true;
        continue;
      }
      if (viewer.leftOut > 0) this.#send(viewer, leftOutText(this.#run, viewer.leftOut));
      if (viewer.lacksPart && this.#whole) this.#send(viewer, Buffer.from(JSON.stringify(this.#whole())));
      viewer.leftOut = 0;
      viewer.lacksPart = false;
    }
    if (isOwing)
      this.#owing ??= setTimeout(() => {
        this.#owing = null;
        this.#settle();
      }, this.#limits.settleMs);
  }

  #isBehind({ socket }: Viewer): boolean {
    return socket.bufferedAmount > this.#limits.behindBytes;
  }

  /** Lets everybody go. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#owing) clearTimeout(this.#owing);
    this.#timer = null;
    this.#owing = null;
    for (const { socket } of this.#viewers.values()) socket.close(1001, 'the lab has ended');
    this.#viewers.clear();
  }

  #send({ socket }: Viewer, text: Buffer): void {
    if (socket.bufferedAmount > this.#limits.lostBytes) {
      this.#viewers.delete(socket);
      socket.terminate();
    } else socket.send(text, { binary: false });
  }
}

const newBatch = (): Batch => ({ facts: [], lean: [], events: 0, cut: 0 });

/** One buffer for all viewers; null where there is nothing to say. */
const factsText = (run: number, facts: readonly string[]): Buffer | null =>
  facts.length === 0 ? null : Buffer.from(factsMessage(run, facts));

/** The message of facts that are encoded already. */
export const factsMessage = (run: number, facts: readonly string[]): string =>
  `{"say":"facts","run":${run},"facts":[${facts.join(',')}]}`;

const leftOutText = (run: number, count: number): Buffer =>
  Buffer.from(encoded({ say: 'left-out', run, count } satisfies LabMessage));
