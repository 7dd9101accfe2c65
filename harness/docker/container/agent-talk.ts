// One conversation that the agent holds with a socket in the target, from its first words to its end.

import type { Conversation } from '../../engine/ports.ts';
import { CommandLost } from './agent-command.ts';
import type { AgentFrame } from './agent-frames.ts';
import type { AgentLink, Errand } from './agent-link.ts';
import { refusal } from './agent-trouble.ts';

export class AgentTalk implements Errand, Conversation {
  readonly #link: AgentLink;
  readonly #number: number;
  readonly #limit: NodeJS.Timeout;
  readonly #explain: (error: unknown) => Promise<never>;
  #said: Buffer[] = [];
  #bytes = 0;
  #end: { readonly error: unknown } | undefined;
  #isHeard = Promise.withResolvers<void>();

  /**
   * Begins it. @throws AtomclockError `lab/too-large`
   * @param timeoutMs after this it is ended
   * @param explain says why an agent is gone
   */
  constructor(
    link: AgentLink,
    { path, words, timeoutMs }: { path: string; words: string | Uint8Array; timeoutMs: number },
    explain: (error: unknown) => Promise<never>,
  ) {
    this.#link = link;
    this.#explain = explain;
    this.#limit = setTimeout(() => this[Symbol.dispose](), timeoutMs);
    this.#number = link.ask('U', [path, words], this);
  }

  say(words: string | Uint8Array): void {
    this.#link.tell('I', this.#number, [words]);
  }

  async listen(): Promise<Buffer | null> {
    while (this.#said.length === 0 && !this.#end) await this.#isHeard.promise;
    if (this.#said.length > 0) return Buffer.concat(this.#said.splice(0));
    return this.#end?.error === null ? null : this.#explain(this.#end?.error);
  }

  hear({ kind, fields }: AgentFrame): boolean {
    switch (kind) {
      case 'O':
        this.#add(fields[0] ?? Buffer.alloc(0));
        return false;
      case 'X':
        this.#over(null);
        return true;
      case 'F':
        this.#over(refusal(String(fields[0]), Number(fields[1]), String(fields[2])));
        return true;
      default:
        return false;
    }
  }

  lose(link: AgentLink): void {
    this.#over(new CommandLost(link));
  }

  [Symbol.dispose](): void {
    if (this.#end) return;
    this.#link.tell('K', this.#number);
    // What it says until the agent has closed it is nobody's.
    this.#over(null);
  }

  #add(piece: Buffer): void {
    this.#bytes += piece.length;
    // Whoever listens there may be an attack's.
    if (this.#bytes > largestTalk) this[Symbol.dispose]();
    if (this.#end) return;
    this.#said.push(piece);
    this.#news();
  }

  #over(error: unknown): void {
    clearTimeout(this.#limit);
    this.#end ??= { error };
    this.#news();
  }

  #news(): void {
    this.#isHeard.resolve();
    this.#isHeard = Promise.withResolvers();
  }
}

/** What a service manager says of thousands of units is less. */
const largestTalk = 64 * 1024 * 1024;
