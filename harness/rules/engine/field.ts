// Reads a dotted field out of an event, whether the event holds it nested, flat (`"process.name"`) or mixed.

/** The value of one field in an event: undefined when absent or null, arrays as they are. */
export type FieldReader = (event: object) => unknown;

/** Prepares reading of a field: every way to split its dotted path is worked out once. */
export function fieldReader(field: string): FieldReader {
  const steps = stepsFrom(field.split('.'), 0);
  return (event) => read(event as Node, steps);
}

/** Prepares the question whether an event has a field, whatever its value is: null counts. */
export function fieldPresence(field: string): (event: object) => boolean {
  const steps = stepsFrom(field.split('.'), 0);
  return (event) => isThere(event, steps);
}

/** One key to look up, and what remains of the path below it. */
interface Step {
  readonly key: string;
  /** Objects inherit a few names; only their own count. */
  readonly isInherited: boolean;
  /** Undefined: the key's value is the field's. */
  readonly below: readonly Step[] | undefined;
}

type Node = Readonly<Record<string, unknown>>;

function stepsFrom(segments: readonly string[], from: number): readonly Step[] {
  const steps: Step[] = [];
  for (let to = from + 1; to <= segments.length; to++) {
    const key = segments.slice(from, to).join('.');
    const below = to === segments.length ? undefined : stepsFrom(segments, to);
    steps.push({ key, isInherited: key in Object.prototype, below });
  }
  return steps;
}

function read(node: Node, steps: readonly Step[]): unknown {
  let found: unknown;
  for (const { key, isInherited, below } of steps) {
    if (isInherited && !Object.hasOwn(node, key)) continue;
    const value = node[key];
    if (value === undefined || value === null) continue;
    const field = below === undefined ? value : readBelow(value, below);
    if (field === undefined) continue;
    found = found === undefined ? field : [found, field].flat(Number.POSITIVE_INFINITY);
  }
  return found;
}

/** Arrays of objects count as one object with several values, as in Elasticsearch. */
function readBelow(value: unknown, steps: readonly Step[]): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return read(value as Node, steps);
  const found = value.map((item) => readBelow(item, steps)).filter((item) => item !== undefined);
  return found.length <= 1 ? found[0] : found.flat(Number.POSITIVE_INFINITY);
}

function isThere(value: unknown, steps: readonly Step[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => isThere(item, steps));
  return steps.some(({ key, below }) => {
    if (!Object.hasOwn(value, key)) return false;
    return below === undefined || isThere((value as Node)[key], below);
  });
}
