// One command that the agent runs, from the question to its end.

import type { ExecOptions } from '../../engine/ports.ts';
import type { AgentFrame } from './agent-frames.ts';
import type { AgentLink, Errand } from './agent-link.ts';
import { refusal } from './agent-trouble.ts';

export interface Outputs {
  stdout(data: Buffer): void;
  stderr(data: Buffer): void;
}

/** What names a process for good: no other one with this pid started then. */
export interface Birth {
  pid: string;
  startTime: string;
}

/** Its agent is gone: what became of it is not known. */
export class CommandLost extends Error {
  readonly link: AgentLink;

  constructor(link: AgentLink) {
    super('the agent is gone');
    this.link = link;
  }
}

export class AgentCommand implements Errand {
  /**
   * The exit code, null where `kill` made the end.
   * @throws CommandLost; AtomclockError of `refusal`
   */
  readonly result: Promise<number | null>;
  /** Resolves when it has a process; never where it gets none. */
  readonly started: Promise<void>;
  /** Of its process, once it has one and until it has ended. */
  birth: Birth | undefined;
  readonly #link: AgentLink;
  readonly #number: number;
  readonly #outputs: Outputs;
  readonly #user: string;
  readonly #end = Promise.withResolvers<number | null>();
  readonly #start = Promise.withResolvers<void>();

  /** Asks for it. @throws AtomclockError `lab/too-large` */
  constructor(link: AgentLink, argv: readonly string[], options: ExecOptions, outputs: Outputs) {
    const { user = 'root', workingDirectory = '/', env = {}, script } = options;
    this.#link = link;
    this.#outputs = outputs;
    this.#user = user;
    this.result = this.#end.promise;
    this.started = this.#start.promise;
    // Who follows a command need not ask for its end.
    this.result.catch(() => {});
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const scriptFields = [script?.path ?? '', script?.content ?? ''];
    const input = '';
    this.#number = link.ask(
      'R',
      [user, workingDirectory, ...scriptFields, input, String(variables.length), ...variables, ...argv],
      this,
    );
  }

  /** Kills it with all that it started. */
  kill(): void {
    this.#link.tell('K', this.#number);
  }

  /** Its output waits in the target, or comes again. */
  pause(): void {
    this.#link.tell('P', this.#number);
  }

  resume(): void {
    this.#link.tell('C', this.#number);
  }

  hear({ kind, fields }: AgentFrame): boolean {
    const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = fields;
    switch (kind) {
      case 'S':
        this.birth = { pid: String(first), startTime: String(second) };
        this.#start.resolve();
        return false;
      case 'O':
        this.#outputs.stdout(first);
        return false;
      case 'E':
        this.#outputs.stderr(first);
        return false;
      case 'X':
        this.birth = undefined;
        this.#end.resolve(String(second) === '1' ? null : Number(first));
        return true;
      case 'F':
        this.#refuse(String(first), Number(second), String(third));
        return true;
      default:
        return false;
    }
  }

  lose(link: AgentLink): void {
    this.#end.reject(new CommandLost(link));
  }

  #refuse(what: string, errno: number, why: string): void {
    if (what !== 'user') {
      this.#end.reject(refusal(what, errno, why));
      return;
    }
    this.#outputs.stderr(Buffer.from(`unable to find user ${this.#user}\n`));
    this.#end.resolve(126);
  }
}
