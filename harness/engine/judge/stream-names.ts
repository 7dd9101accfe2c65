// Notes on the names that the events of a stream use: the wrong option reads nothing, and no rule can say so.

import { foreignTo, hasOnlyNamesOf, isOfAnyLog, type Rule } from '../../rules/index.ts';

/** Takes every event of a stream; says in the end what was odd, once for all of its kind, at the first of them. */
export class StreamNames {
  readonly #fields: 'ecs' | 'sigma';
  readonly #asksForLogs: boolean;
  readonly #otherNames: Sighting = { first: 0, count: 0 };
  readonly #ofAnyLog: Sighting = { first: 0, count: 0 };
  readonly #foreign: Sighting = { first: 0, count: 0 };
  readonly #isForeign: (event: object) => boolean;

  /** @param fields the names that were said to be used */
  constructor(fields: 'ecs' | 'sigma', rules: readonly Rule[]) {
    this.#fields = fields;
    this.#asksForLogs = fields === 'sigma' && rules.some(asksForLog);
    this.#isForeign = fields === 'ecs' ? foreignTo(rules) : () => false;
  }

  seen(event: object, line: number): void {
    const others = this.#fields === 'ecs' ? 'sigma' : 'ecs';
    if (hasOnlyNamesOf(others, event)) sight(this.#otherNames, line);
    else if (this.#asksForLogs && isOfAnyLog(event)) sight(this.#ofAnyLog, line);
    else if (this.#isForeign(event)) sight(this.#foreign, line);
  }

  /** @param file as it is shown to the user */
  notes(file: string): string[] {
    const at = ({ first }: Sighting): string => `${file}:${first}:1`;
    const others = ({ count }: Sighting): string =>
      count === 1 ? 'the only such event' : `the first of ${count} such events`;
    const [names, advice] =
      this.#fields === 'ecs' ? ['Sigma', 'add --fields sigma'] : ['ECS', 'leave out --fields sigma'];
    return [
      ...(this.#foreign.count > 0
        ? [
            `warning: ${at(this.#foreign)}: the field names are neither ECS's nor any that a rule asks for, ${others(this.#foreign)}: what rules ask for is not in it. Taken are events in ECS, with --fields sigma in Sigma's names, the journal as JSON, audit logs, syslog, Sysmon for Linux, and JSON of Falco, Tetragon and osquery`,
          ]
        : []),
      ...(this.#otherNames.count > 0
        ? [
            `warning: ${at(this.#otherNames)}: the field names are those of ${names}, ${others(this.#otherNames)}: ${advice}`,
          ]
        : []),
      ...(this.#ofAnyLog.count > 0
        ? [
            `note: ${at(this.#ofAnyLog)}: no channel, provider, event number or logsource tells what log this is of, ${others(this.#ofAnyLog)}: rules for every log source are tried on it`,
          ]
        : []),
    ];
  }
}

interface Sighting {
  first: number;
  count: number;
}

function sight(sighting: Sighting, line: number): void {
  sighting.first ||= line;
  sighting.count += 1;
}

const asksForLog = ({ source }: Rule): boolean =>
  source.kind === 'logsource' &&
  [source.product, source.category, source.service].some((part) => part !== undefined);
