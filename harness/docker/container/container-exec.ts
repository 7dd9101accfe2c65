// Commands inside a running container: run to the end, or followed line by line.

import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Container, Exec, ExecInspectInfo } from 'dockerode';
import type { ExecOptions, ExecResult, Follow } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { withinLimit } from '../host/deadline.ts';
import { isEngineLoss } from '../host/engine-loss.ts';
import { statusOf } from '../host/status.ts';
import { isAlive, isOfEnd } from './alive.ts';
import { BoundedOutput } from './bounded-output.ts';
import { readFrames } from './frames.ts';
import { killCommand } from './kill-tree.ts';
import { LineReader } from './lines.ts';
import { removeContainer } from './remove.ts';

/** Runs commands in one container. */
export class ContainerExec {
  readonly #container: Container;
  /** In order of their start: how a command is told from the others when the engine is on another machine. */
  readonly #running: Exec[] = [];

  constructor(container: Container) {
    this.#container = container;
  }

  /**
   * Runs a command to its end, or to its time limit.
   * @throws AtomclockError `lab/target-gone` when the container has ended, before or meanwhile
   */
  async run(
    argv: readonly string[],
    options: ExecOptions & { stdin?: Uint8Array } = {},
  ): Promise<ExecResult> {
    const startedAt = new Date();
    const began = performance.now();
    const { exec, stream } = await this.#start(argv, options, options.stdin !== undefined);
    const stdout = new BoundedOutput();
    const stderr = new BoundedOutput();
    const ended = readFrames(stream, {
      stdout: (data) => stdout.push(data),
      stderr: (data) => stderr.push(data),
    });
    if (options.stdin) stream.end(options.stdin);
    const exitCode = await this.#end(exec, stream, ended, options.timeoutMs);
    return {
      exitCode,
      stdout: stdout.text(),
      stderr: stderr.text(),
      startedAt: startedAt.toISOString(),
      ms: Math.round(performance.now() - began),
    };
  }

  /**
   * Starts a command whose standard output is read while it runs; disposing of it kills it inside the container.
   * @throws AtomclockError `lab/target-gone` when the container has ended
   */
  async follow(argv: readonly string[], options: ExecOptions = {}): Promise<Follow> {
    const { exec, stream } = await this.#start(argv, options, false);
    const lines = new LineReader(stream);
    let over = false;
    const ended = readFrames(stream, { stdout: (data) => lines.push(data), stderr: () => {} }).then(() => {
      over = true;
      lines.end();
      this.#forget(exec);
    });
    const stop = async (): Promise<void> => {
      if (over) return;
      try {
        if (await this.#kill(exec)) await withinLimit(ended, lastWordsMs);
      } finally {
        stream.destroy();
        await ended;
      }
    };
    if (options.timeoutMs !== undefined) {
      void withinLimit(ended, options.timeoutMs)
        .then((inTime) => (inTime ? undefined : stop()))
        // Its lines end all the same, and what the engine said is told to whoever asks for more.
        .catch(() => {});
    }
    return { lines, [Symbol.asyncDispose]: stop };
  }

  async #start(
    argv: readonly string[],
    { user = 'root', env, workingDirectory }: ExecOptions,
    stdin: boolean,
  ): Promise<{ exec: Exec; stream: Duplex }> {
    let exec: Exec | undefined;
    try {
      exec = await this.#container.exec({
        Cmd: [...argv],
        User: user,
        AttachStdin: stdin,
        AttachStdout: true,
        AttachStderr: true,
        ...(env && { Env: Object.entries(env).map(([name, value]) => `${name}=${value}`) }),
        ...(workingDirectory !== undefined && { WorkingDir: workingDirectory }),
      });
      this.#running.push(exec);
      return { exec, stream: await exec.start({ hijack: true, stdin }) };
    } catch (error) {
      if (exec) this.#forget(exec);
      throw (await isOfEnd(error, this.#container)) ? this.#gone(error) : error;
    }
  }

  /** Waits for a command's end, or makes it; null when the time limit did. */
  async #end(
    exec: Exec,
    stream: Duplex,
    ended: Promise<void>,
    timeoutMs: number | undefined,
  ): Promise<number | null> {
    try {
      const killed = !(await withinLimit(ended, timeoutMs)) && (await this.#kill(exec));
      if (killed) await withinLimit(ended, lastWordsMs);
      return killed ? null : await this.#exitCode(exec);
    } finally {
      stream.destroy();
      this.#forget(exec);
    }
  }

  async #exitCode(exec: Exec): Promise<number> {
    try {
      const { ExitCode } = await exec.inspect();
      if (ExitCode !== null && (!codesOfEnd.has(ExitCode) || (await isAlive(this.#container))))
        return ExitCode;
    } catch (error) {
      if (!(await isOfEnd(error, this.#container))) throw error;
    }
    throw this.#gone();
  }

  /**
   * Kills the command inside the container. Where it cannot be found or killed its container goes: nothing may outlive
   * its time limit.
   * @returns false when it had ended by itself, and only what it left behind holds its output open
   */
  async #kill(exec: Exec): Promise<boolean> {
    try {
      const { Pid, Running } = await this.#started(exec);
      if (!Running) return false;
      const command = killCommand({
        hostPid: Pid,
        containerId: this.#container.id,
        rank: this.#running.indexOf(exec) + 1,
        count: this.#running.length,
      });
      if ((await this.#succeeds(command)) || (await this.#succeedsWithRoom(command))) return true;
    } catch (error) {
      if (isEngineLoss(error) || !(error instanceof AtomclockError || statusOf(error) !== undefined))
        throw error;
    }
    await removeContainer(this.#container);
    return true;
  }

  /** What the engine says about the command once it has a process: on a busy machine the limit can come before that. */
  async #started(exec: Exec): Promise<ExecInspectInfo> {
    const giveUp = performance.now() + killLimitMs;
    for (;;) {
      const info = await exec.inspect();
      const isPending = info.Running ? info.Pid === 0 : info.ExitCode === null;
      if (!isPending || performance.now() > giveUp) return info;
      // The engine tells nobody when it sets the pid: there is nothing to wait for but the next look.
      await setTimeout(pendingLookMs);
    }
  }

  async #succeeds(command: readonly string[]): Promise<boolean> {
    let exitCode: number | null = null;
    const running = this.run(command).then((result) => {
      exitCode = result.exitCode;
    });
    await withinLimit(running, killLimitMs);
    return exitCode === 0;
  }

  /** Where a fork bomb has used up the processes that the container may have, the one that ends it needs a few more. */
  async #succeedsWithRoom(command: readonly string[]): Promise<boolean> {
    const { HostConfig } = await this.#container.inspect();
    const limit = HostConfig.PidsLimit ?? 0;
    if (limit <= 0) return false;
    await this.#container.update({ PidsLimit: limit + roomForKill });
    const killed = await this.#succeeds(command);
    await this.#container.update({ PidsLimit: limit });
    return killed;
  }

  #forget(exec: Exec): void {
    const at = this.#running.indexOf(exec);
    if (at >= 0) this.#running.splice(at, 1);
  }

  #gone(cause?: unknown): AtomclockError {
    const why = statusOf(cause) === 404 ? 'it was removed' : 'it powered off, rebooted or was killed';
    return new AtomclockError(
      'lab/target-gone',
      `target ${this.#container.id.slice(0, 12)} has ended: ${why}`,
      {
        exitCode: exitCodes.labUnavailable,
        cause,
      },
    );
  }
}

/** What a command ends with when its container ends: not started any more (126, 127), killed, or told to terminate. */
const codesOfEnd: ReadonlySet<number> = new Set([126, 127, 137, 143]);

const killLimitMs = 30_000;
const pendingLookMs = 20;
const roomForKill = 32;
/** For what a killed command had written already. */
const lastWordsMs = 2500;
