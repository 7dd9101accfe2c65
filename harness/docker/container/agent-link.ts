// One agent process in a target, and what goes to and fro between it and the harness.

import type { Duplex } from 'node:stream';
import type { Container, Exec } from 'dockerode';
import { agentPath } from '../../model/target.ts';
import { withinLimit } from '../host/deadline.ts';
import { ignoreMissing } from '../host/status.ts';
import { type AgentFrame, encodeFrame, FrameReader } from './agent-frames.ts';
import { AgentWatchdog } from './agent-watchdog.ts';
import { ContainerExec, targetGone } from './container-exec.ts';
import { readFrames } from './frames.ts';
import { Tail } from './tail.ts';

/** Something that was asked of the agent: its answers come until it is over. */
export interface Errand {
  /** Gives true when this was the last answer. */
  hear(frame: AgentFrame): boolean;
  /** No answer will come any more. */
  lose(link: AgentLink): void;
}

/** How an agent ended while its target goes on. */
export interface AgentEnd {
  /** null where it is there and does not answer. */
  exitCode: number | null;
  /** What it, or the engine in its place, said besides frames. */
  said: string;
}

export class AgentLink {
  /** Its pid in the target, once it has said that it is there. */
  pid: number | undefined;
  /** Inode of its pid namespace, from then on. */
  pidNamespace: number | undefined;
  readonly #container: Container;
  readonly #exec: Exec;
  readonly #stream: Duplex;
  readonly #reader = new FrameReader();
  readonly #errands = new Map<number, Errand>();
  readonly #said = new Tail();
  readonly #hello = Promise.withResolvers<boolean>();
  readonly #watchdog: AgentWatchdog;
  #isOver = false;
  #isSilent = false;
  #numbers = 0;

  /**
   * Starts an agent.
   * @returns when it has been started; `greeting` tells whether it works
   * @throws as `ContainerExec.open`
   */
  static async start(container: Container): Promise<AgentLink> {
    const { exec, stream } = await new ContainerExec(container).open([agentPath]);
    return new AgentLink(container, exec, stream);
  }

  private constructor(container: Container, exec: Exec, stream: Duplex) {
    this.#container = container;
    this.#exec = exec;
    this.#stream = stream;
    this.#watchdog = new AgentWatchdog({
      ask: () => this.tell('N', 0),
      wake: () => this.#wake(),
      giveUp: () => {
        this.#isSilent = true;
        stream.destroy();
      },
    });
    void readFrames(stream, {
      stdout: (data) => this.#take(data),
      stderr: (data) => this.#said.push(data),
    }).then(() => this.#end());
  }

  /** Whether it has said that it is there; false where it ended without. */
  get greeting(): Promise<boolean> {
    return this.#hello.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks for something; the errand hears the answers. @returns its number */
  ask(kind: string, fields: readonly (string | Uint8Array)[], errand: Errand): number {
    this.#numbers += 1;
    const number = this.#numbers;
    const bytes = encodeFrame(kind, number, fields);
    if (this.#isOver) errand.lose(this);
    else {
      this.#errands.set(number, errand);
      this.#watchdog.keep(true);
      this.#stream.write(bytes);
    }
    return number;
  }

  /** Says something that has no answer of its own. */
  tell(kind: string, number: number, fields: readonly (string | Uint8Array)[] = []): void {
    if (!this.#isOver) this.#stream.write(encodeFrame(kind, number, fields));
  }

  /** Ends it. What it runs goes on, and is no longer heard. */
  close(): void {
    this.#stream.destroy();
  }

  /**
   * Why it is over.
   * @throws AtomclockError `lab/target-gone` when its target is
   */
  async end(): Promise<AgentEnd> {
    const exitCode = this.#isSilent ? null : await new ContainerExec(this.#container).exitCode(this.#exec);
    // PID 1 has told it to go, and goes next.
    if (exitCode === 0 && (await withinLimit(this.#container.wait().catch(ignoreMissing), farewellMs)))
      throw targetGone(this.#container);
    return { exitCode, said: this.#said.text().trim() };
  }

  #take(data: Buffer): void {
    try {
      for (const frame of this.#reader.push(data)) this.#hear(frame);
    } catch {
      // No agent of ours speaks like this: something else was put in its place, or the engine tells why it cannot start.
      this.#said.push(data);
      this.#stream.destroy();
    }
  }

  #hear(frame: AgentFrame): void {
    this.#watchdog.heard();
    if (frame.kind === 'A') {
      this.pid = Number(frame.fields[1]);
      this.pidNamespace = Number(frame.fields[2]);
      this.#hello.resolve(true);
    }
    if (!this.#errands.get(frame.number)?.hear(frame)) return;
    this.#errands.delete(frame.number);
    this.#watchdog.keep(this.#errands.size > 0);
  }

  #end(): void {
    this.#isOver = true;
    this.#watchdog.keep(false);
    this.#stream.destroy();
    this.#hello.resolve(false);
    const errands = [...this.#errands.values()];
    this.#errands.clear();
    for (const errand of errands) errand.lose(this);
  }

  /** An attack can stop every process but its own; only another one can tell this one to go on. */
  #wake(): void {
    if (this.pid === undefined) return;
    void new ContainerExec(this.#container)
      .run([agentPath, '--continue', String(this.pid)])
      // Whether it helped is seen by what comes then.
      .catch(() => {});
  }
}

/** From PID 1's word to everybody to its own end. */
const farewellMs = 15_000;
