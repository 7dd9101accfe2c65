// What the agent saw when it was asked to look, from the question to its last answer.

import type { Found, Question, Sight } from '../../engine/ports.ts';
import { CommandLost } from './agent-command.ts';
import type { AgentFrame } from './agent-frames.ts';
import type { AgentLink, Errand } from './agent-link.ts';
import { refusal } from './agent-trouble.ts';

/** The fields of a question (containers/agent/look.h). */
function fieldsOf(question: Question): [kind: string, path: string, how: string, which: string] {
  switch (question.ask) {
    case 'clock':
      return ['K', '', '', ''];
    case 'processes':
      return ['P', question.names.join('\n'), '', ''];
    case 'program':
      return ['E', question.path, '', ''];
    case 'names':
      return ['N', question.path, '', ''];
    case 'files': {
      const { path, isPattern, withContents, throughLink, onOneDevice, depth, onlyIf } = question;
      const letters = [isPattern && 'g', withContents && 'c', throughLink && 'h', onOneDevice && 'x'];
      const how = letters.map((letter) => letter ?? '').join('');
      return [
        'T',
        path,
        depth === undefined ? how : `${how}${depth}`,
        onlyIf ? `${onlyIf.ending}\n${onlyIf.since}` : '',
      ];
    }
  }
}

export class AgentLook implements Errand {
  /** @throws CommandLost; AtomclockError of `refusal` */
  readonly result: Promise<Sight>;
  readonly #found: Found[][];
  readonly #end = Promise.withResolvers<Sight>();

  /** Asks. @throws AtomclockError `lab/too-large` */
  constructor(link: AgentLink, questions: readonly Question[]) {
    this.result = this.#end.promise;
    this.result.catch(() => {});
    this.#found = questions.map(() => []);
    link.ask('L', questions.flatMap(fieldsOf), this);
  }

  hear({ kind, fields }: AgentFrame): boolean {
    switch (kind) {
      case 'L':
        this.#add(fields);
        return false;
      case 'D':
        this.#end.resolve({ found: this.#found, isCut: fields.length > 0 });
        return true;
      case 'F':
        this.#end.reject(refusal(String(fields[0]), Number(fields[1]), String(fields[2])));
        return true;
      default:
        return false;
    }
  }

  lose(link: AgentLink): void {
    this.#end.reject(new CommandLost(link));
  }

  #add(fields: readonly Buffer[]): void {
    for (let at = 0; at + 4 < fields.length; at += 5) {
      const [question, path, facts, link, content] = fields.slice(at, at + 5) as Five;
      this.#found[Number(question)]?.push({
        path: String(path),
        facts: String(facts),
        link: String(link),
        content,
      });
    }
  }
}

type Five = [Buffer, Buffer, Buffer, Buffer, Buffer];
