// The meaning of Sigma detections straight from the specification's words, without tree, lowering or engine: slow,
// and sharing no code with what it is held against.

/** A value of a rule or an event. */
export type Scalar = string | number | boolean | null;

export interface Item {
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly Scalar[];
}

/** Whether an event, flat, with single values or lists, is detected by an item. */
export function itemHolds(
  { field, modifiers, values }: Item,
  event: Readonly<Record<string, unknown>>,
): boolean {
  const matches = values.map((value) => valueHolds(value, field, modifiers, event));
  const together = modifiers.includes('all') ? matches.every(Boolean) : matches.some(Boolean);
  return modifiers.includes('neq') ? !together : together;
}

function valueHolds(
  value: Scalar,
  field: string,
  modifiers: readonly string[],
  event: Readonly<Record<string, unknown>>,
): boolean {
  const actual = Object.hasOwn(event, field) ? [event[field]].flat().filter((each) => each !== null) : [];
  if (value === null) return actual.length === 0;
  return actual.some((each) => oneHolds(value, modifiers, each));
}

function oneHolds(value: Exclude<Scalar, null>, modifiers: readonly string[], actual: unknown): boolean {
  const has = (name: string): boolean => modifiers.includes(name);
  const order = modifiers.find((name) => ['lt', 'lte', 'gt', 'gte'].includes(name));
  if (order !== undefined) return inOrder(order, actual, Number(value));
  const text = String(actual);
  if (has('re')) return new RegExp(String(value), has('i') ? 'i' : '').test(text);
  let glob = tokens(String(value));
  if (has('contains') || has('endswith')) glob = ['*', ...glob];
  if (has('contains') || has('startswith')) glob = [...glob, '*'];
  if (has('windash')) glob = withDashes(glob);
  return globMatches(glob, [...text], has('cased'));
}

function inOrder(order: string, actual: unknown, bound: number): boolean {
  if (typeof actual === 'boolean' || String(actual).trim() === '') return false;
  const number = Number(actual);
  if (order === 'lt') return number < bound;
  if (order === 'lte') return number <= bound;
  return order === 'gt' ? number > bound : number >= bound;
}

/** One token for a character: `*` and `?` as they are, literal characters with a mark before them. */
function tokens(text: string): string[] {
  const found: string[] = [];
  const characters = [...text];
  for (let at = 0; at < characters.length; at++) {
    const [character = '', next = ''] = [characters[at], characters[at + 1]];
    if (character === '\\' && ['*', '?', '\\'].includes(next)) {
      found.push(`=${next}`);
      at += 1;
    } else found.push(character === '*' || character === '?' ? character : `=${character}`);
  }
  return found;
}

/** A dash with a word after it and none before stands for each of the five. */
const withDashes = (glob: readonly string[]): string[] =>
  glob.map((token, at) => {
    const isWord = (other = ''): boolean => /^=[\p{L}\p{N}_]$/u.test(other);
    return ['=-', '=/', '=–', '=—', '=―'].includes(token) && isWord(glob[at + 1]) && !isWord(glob[at - 1])
      ? 'dash'
      : token;
  });

function globMatches(glob: readonly string[], text: readonly string[], cased: boolean): boolean {
  const [token, ...rest] = glob;
  if (token === undefined) return text.length === 0;
  if (token === '*')
    return text.some((_, at) => globMatches(rest, text.slice(at), cased)) || globMatches(rest, [], cased);
  const [first, ...others] = text;
  if (first === undefined) return false;
  const fits =
    token === '?' ||
    (token === 'dash' && '-/–—―'.includes(first)) ||
    token === `=${first}` ||
    (!cased && token.toLowerCase() === `=${first}`.toLowerCase());
  return fits && globMatches(rest, others, cased);
}
