// Several attacks of one run, each found by its name.

import type { CaseMisses } from '../main/case-misses.ts';
import { procedureOf } from '../model/case-key.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { CaseRecord } from '../model/run-record.ts';
import { closestTo } from '../model/suggestion.ts';
import { Detonation } from './detonation.ts';
import type { Result } from './result.ts';
import { withHint } from './with-hint.ts';

export class Detonations {
  /** The run as a whole. */
  readonly result: Result;
  readonly #missesOf: (id: string) => Promise<CaseMisses | null>;

  constructor(result: Result, missesOf: (id: string) => Promise<CaseMisses | null>) {
    this.result = result;
    this.#missesOf = missesOf;
  }

  /** Ids of its cases. */
  get ids(): string[] {
    return this.result.record.cases.map(({ id }) => id);
  }

  /**
   * One of its cases.
   * @param name its id (`at-stdin@debian12+at-allow`), which may leave out the target where there is one such case
   *   (`at-stdin`, `at-stdin+at-allow`)
   * @throws AtomclockError `library/no-case`, `library/several-cases`; `evidence/…` where its evidence cannot be read
   */
  async case(name: string): Promise<Detonation> {
    const { record, problems } = this.result;
    return withHint(async () => {
      const of = caseNamed(name, record.cases);
      return new Detonation({ record, of, misses: await this.#missesOf(of.id), problems });
    });
  }
}

/** @throws AtomclockError `library/no-case`, `library/several-cases` */
function caseNamed(name: string, cases: readonly CaseRecord[]): CaseRecord {
  const wanted = name.toLowerCase();
  const found = cases.filter((one) =>
    [one.id, shortId(one), `${one.atomic.guid}${treatment(one)}`].some(
      (each) => each.toLowerCase() === wanted,
    ),
  );
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only)
    throw new AtomclockError('library/several-cases', `${found.length} cases are meant by ${name}`, {
      exitCode: exitCodes.badInput,
      hint: `Name one of them: ${found.map(({ id }) => id).join(', ')}.`,
    });
  const names = cases.flatMap((one) => [one.id, shortId(one)]);
  const closest = closestTo(name, names);
  throw new AtomclockError('library/no-case', `the run has no case ${name}`, {
    exitCode: exitCodes.nothingSelected,
    hint:
      closest === undefined
        ? `Its cases: ${cases.map(({ id }) => id).join(', ') || 'none'}.`
        : `Did you mean ${closest}?`,
  });
}

const treatment = ({ mitigation }: CaseRecord): string => (mitigation === null ? '' : `+${mitigation}`);
const shortId = (one: CaseRecord): string => `${procedureOf(one.id)}${treatment(one)}`;
