// What JSON of other products says, looked at with care: any of it may be missing, or be something else.

export type Said = Readonly<Record<string, unknown>>;

export const isSaid = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text that says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value !== '<NA>' ? value : undefined;

/** A number, also one that is written as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'bigint') return Number(number);
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A time in ISO 8601; undefined where no date is so far away. */
export function isoOf(ms: number | undefined): string | undefined {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** `user` of an id and a name; of the id 0 the name is known. */
export function userOf(id: unknown, name?: unknown): object | undefined {
  const number = numberOf(id);
  const known = textOf(name) ?? (number === 0 ? 'root' : undefined);
  if (number === undefined && known === undefined) return undefined;
  return { ...(number !== undefined && { id: `${number}` }), ...(known !== undefined && { name: known }) };
}

/** Words of a command line, with those between quotes as one. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );

/** What happened, as Elastic Defend names it: the names that rules ask for. */
export interface Happening {
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly action: string;
}

const file = (type: string, action: string): Happening => ({ category: ['file'], type: [type], action });

export const happenings = {
  exec: { category: ['process'], type: ['start'], action: 'exec' },
  fork: { category: ['process'], type: ['start'], action: 'fork' },
  end: { category: ['process'], type: ['end'], action: 'end' },
  connect: { category: ['network'], type: ['start'], action: 'connection_attempted' },
  creation: file('creation', 'creation'),
  modification: file('change', 'modification'),
  permissions: file('change', 'permissions'),
  rename: file('change', 'rename'),
  deletion: file('deletion', 'deletion'),
  open: file('access', 'open'),
  /** Nothing that ECS has a category for. */
  other: { category: [], type: ['info'], action: 'log' },
} as const satisfies Readonly<Record<string, Happening>>;
