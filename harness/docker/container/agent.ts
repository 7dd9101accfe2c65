// Commands, files and looks in a target, by the agent in it instead of an exec of the engine for each.

import type { Container } from 'dockerode';
import type { Conversation, ExecOptions, ExecResult, Follow, Question, Sight } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';
import { withinLimit } from '../host/deadline.ts';
import { AgentCommand, type Birth, CommandLost } from './agent-command.ts';
import { AgentLink } from './agent-link.ts';
import { AgentLook } from './agent-look.ts';
import { AgentTalk } from './agent-talk.ts';
import { agentLost, agentUnusable, isAgentLost, refusal } from './agent-trouble.ts';
import { BoundedOutput } from './bounded-output.ts';
import { LineReader } from './lines.ts';
import { removeContainer } from './remove.ts';

/** Runs commands and writes files in one container, as root or as users. */
export class Agent {
  readonly #container: Container;
  #link: AgentLink | undefined;
  #starting: Promise<AgentLink> | undefined;
  /** What agents that are gone ran: the next one ends it. */
  readonly #orphans: Birth[] = [];

  constructor(container: Container) {
    this.#container = container;
  }

  /**
   * Runs a command to its end, or to its time limit. One without a script of its own is a look of the harness's: where
   * the agent is lost meanwhile it is begun again, once, by a fresh one.
   * @returns as a shell would say it, 126 and 127 for what cannot be executed, with the reason on standard error
   * @throws AtomclockError `lab/target-gone` when the container has ended, before or meanwhile; `lab/agent-lost` when
   *   the agent was; `lab/agent-unusable` when no other one can be started; `lab/target-full` and the others of
   *   `refusal`
   */
  async run(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    try {
      return await this.#run(argv, options);
    } catch (error) {
      if (!isAgentLost(error) || options.script) throw error;
      return this.#run(argv, options);
    }
  }

  /**
   * Starts a command whose standard output is read while it runs; disposing of it kills it inside the container. Its
   * lines end with it, and with its agent.
   * @throws as `run`
   */
  async follow(argv: readonly string[], options: ExecOptions = {}): Promise<Follow> {
    const link = await this.#ready();
    const lines = new LineReader({ pause: () => command.pause(), resume: () => command.resume() });
    const outputs = { stdout: (data: Buffer) => lines.push(data), stderr: () => {} };
    const command = new AgentCommand(link, argv, options, outputs);
    const ended = this.#resultOf(command)
      // Why it ended is told to whoever asks for more.
      .catch(() => {})
      .then(() => {
        clearTimeout(limit);
        lines.end();
      });
    const stop = async (): Promise<void> => {
      await this.#kill(command, ended);
    };
    const limit =
      options.timeoutMs === undefined ? undefined : setTimeout(() => command.kill(), options.timeoutMs);
    await Promise.race([command.started, this.#resultOf(command)]);
    return { lines, [Symbol.asyncDispose]: stop };
  }

  /**
   * Writes a file of root's, with the folders above it.
   * @throws AtomclockError `lab/write-failed`; else as `run`
   */
  async writeFile(path: string, content: Uint8Array, mode: number): Promise<void> {
    await this.#order('W', [path, mode.toString(8), content], ([, , why]) => writeFailed(path, String(why)));
  }

  /** As `Target.sendDatagram`. */
  async sendDatagram(path: string, content: string | Uint8Array): Promise<void> {
    await this.#order('M', [path, content]);
  }

  /** As `Target.wakeWatchers`. */
  async wakeWatchers(folders: readonly string[]): Promise<void> {
    await this.#order('Y', folders);
  }

  /** As `Target.talk`. */
  async talk(path: string, words: string | Uint8Array, timeoutMs: number): Promise<Conversation> {
    const link = await this.#ready();
    return new AgentTalk(link, { path, words, timeoutMs }, (error) => this.#explained(Promise.reject(error)));
  }

  /**
   * Looks at what is there. Where the agent is lost meanwhile it looks again, once.
   * @throws as `run`; AtomclockError `lab/look` where it does not come to an end
   */
  async look(questions: readonly Question[]): Promise<Sight> {
    try {
      return await this.#look(questions);
    } catch (error) {
      if (!isAgentLost(error)) throw error;
      return this.#look(questions);
    }
  }

  async #look(questions: readonly Question[]): Promise<Sight> {
    const { result } = new AgentLook(await this.#ready(), questions);
    const sight = this.#explained(result);
    if (await withinLimit(sight, lookLimitMs)) return sight;
    throw new AtomclockError(
      'lab/look',
      `looking at the target has not ended within ${lookLimitMs / 1000} s; expected at most 40`,
      { exitCode: exitCodes.labUnavailable },
    );
  }

  async #run(argv: readonly string[], options: ExecOptions): Promise<ExecResult> {
    const startedAt = new Date();
    const began = performance.now();
    const link = await this.#ready();
    const stdout = new BoundedOutput();
    const stderr = new BoundedOutput();
    const command = new AgentCommand(link, argv, options, {
      stdout: (data) => stdout.push(data),
      stderr: (data) => stderr.push(data),
    });
    const result = this.#resultOf(command);
    const inTime = await withinLimit(result, options.timeoutMs);
    const exitCode = inTime || (await this.#kill(command, result)) ? await result : null;
    return {
      exitCode,
      stdout: stdout.text(),
      stderr: stderr.text(),
      startedAt: startedAt.toISOString(),
      ms: Math.round(performance.now() - began),
    };
  }

  /**
   * Called once when the machine is up: the service manager has moved what was there before it into a control group of
   * its own, with its limits. What the agent starts from now on is outside of it, as what the engine's exec starts.
   * @returns the inode of the target's pid namespace
   * @throws as `run`
   */
  async settle(): Promise<number> {
    const link = await this.#order('G', []);
    return link.pidNamespace as number;
  }

  /**
   * Has something done that has no answer but that it is done.
   * @param refused what the fields of a refusal mean
   */
  async #order(
    kind: string,
    fields: readonly (string | Uint8Array)[],
    refused = ([what, errno, why]: readonly Buffer[]) => refusal(String(what), Number(errno), String(why)),
  ): Promise<AgentLink> {
    const link = await this.#ready();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    link.ask(kind, fields, {
      hear: (answer) => {
        if (answer.kind === 'D') resolve();
        else reject(refused(answer.fields));
        return true;
      },
      lose: () => reject(new CommandLost(link)),
    });
    await this.#explained(promise);
    return link;
  }

  /** The agent, a fresh one where there is none, or none any more. */
  async #ready(): Promise<AgentLink> {
    if (this.#link && !this.#link.isOver) return this.#link;
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<AgentLink> {
    const link = await AgentLink.start(this.#container);
    await withinLimit(link.greeting, greetingLimitMs);
    if (link.pid === undefined) {
      link.close();
      throw await agentUnusable(link, this.#link === undefined);
    }
    this.#link = link;
    for (const { pid, startTime } of this.#orphans.splice(0)) link.tell('T', 0, [pid, startTime]);
    return link;
  }

  async #resultOf(command: AgentCommand): Promise<number | null> {
    try {
      return await this.#explained(command.result);
    } finally {
      if (command.birth) this.#orphans.push(command.birth);
      command.birth = undefined;
    }
  }

  /** What an agent that is gone left open, with the reason why it is gone. */
  async #explained<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      throw error instanceof CommandLost ? await agentLost(this.#container, error.link) : error;
    }
  }

  /**
   * Kills a command. Where it cannot be killed its container goes: nothing may outlive its time limit.
   * @returns whether its end is told
   */
  async #kill(command: AgentCommand, ended: Promise<unknown>): Promise<boolean> {
    command.kill();
    if (await withinLimit(ended, killLimitMs)) return true;
    await removeContainer(this.#container);
    return false;
  }
}

const writeFailed = (path: string, why: string): AtomclockError =>
  new AtomclockError('lab/write-failed', `cannot write ${path} in the target: ${why}`, {
    exitCode: exitCodes.labUnavailable,
  });

/* Against what hangs: a busy machine may take ten times as long as an idle one. */
const greetingLimitMs = 60_000;
const killLimitMs = 60_000;
/* The agent itself stops looking after 40 s (containers/agent/look.c). */
const lookLimitMs = 120_000;
