// Reads a dotted field out of an event, whether the event holds it nested, flat (`"process.name"`) or mixed.

/** The value of one field in an event: undefined when absent or null, arrays as they are. */
export type FieldReader = (event: object) => unknown;

/** Prepares reading of a field: every way to split its dotted path is worked out once. */
export function fieldReader(field: string): FieldReader {
  const steps = stepsOf(field.split('.'));
  return (event) => read(event as Node, steps);
}

/** The same for events that have no dotted key at their top, as `hasDottedKey` says: most look-ups are saved. */
export function nestedFieldReader(field: string): FieldReader {
  const steps = stepsOf(field.split('.')).slice(0, 1);
  return (event) => read(event as Node, steps);
}

/** Whether an event has a key with a dot in it, at its top. */
export function hasDottedKey(event: object): boolean {
  for (const key in event) if (key.includes('.')) return true;
  return false;
}

/** Prepares the question whether an event has a field, whatever its value is: null counts. */
export function fieldPresence(field: string): (event: object) => boolean {
  const steps = stepsOf(field.split('.'));
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

/** From the last segment to the first, so that the many ways share what they have in common. */
function stepsOf(segments: readonly string[]): readonly Step[] {
  const from: (readonly Step[])[] = [];
  for (let start = segments.length - 1; start >= 0; start--) {
    from[start] = segments.slice(start).map((_, length): Step => {
      const end = start + length + 1;
      const key = segments.slice(start, end).join('.');
      return { key, isInherited: key in Object.prototype, below: from[end] };
    });
  }
  return from[0] ?? [];
}

function read(node: Node, steps: readonly Step[]): unknown {
  let found: unknown;
  for (const { key, isInherited, below } of steps) {
    if (isInherited && !Object.hasOwn(node, key)) continue;
    const value = node[key];
    if (value === undefined || value === null) continue;
    const field = below === undefined ? value : readBelow(value, below);
    if (field === undefined) continue;
    found = found === undefined ? field : flattened([found, field]);
  }
  return found;
}

/** Arrays of objects count as one object with several values, as in Elasticsearch. */
function readBelow(value: unknown, steps: readonly Step[]): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return read(value as Node, steps);
  const found: unknown[] = [];
  for (const item of flattened(value)) {
    const field = isObject(item) ? read(item, steps) : undefined;
    if (field !== undefined) found.push(field);
  }
  return found.length <= 1 ? found[0] : flattened(found);
}

function isThere(value: unknown, steps: readonly Step[]): boolean {
  if (Array.isArray(value)) return flattened(value).some((item) => isObject(item) && isThere(item, steps));
  if (!isObject(value)) return false;
  return steps.some(({ key, below }) => {
    if (!Object.hasOwn(value, key)) return false;
    return below === undefined || isThere(value[key], below);
  });
}

/** Arrays within arrays as one, down to a depth that no honest event reaches and no stack minds. */
export const flattened = (values: readonly unknown[]): readonly unknown[] => values.flat(deepest);

export const deepest = 64;

const isObject = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
