// Reads a dotted field out of an event, whether the event holds it nested, flat (`"process.name"`) or mixed.

/** The value of one field in an event: undefined when absent or null, arrays as they are. */
export type FieldReader = (event: object) => unknown;

/** Prepares reading of a field: every way to split its dotted path is worked out once. */
export function fieldReader(field: string): FieldReader {
  const steps = stepsFrom(field.split('.'), 0);
  return (event) => {
    const found: unknown[] = [];
    collect(event as Node, steps, found);
    if (found.length <= 1) return found[0];
    return found.flat(Number.POSITIVE_INFINITY);
  };
}

/** Every value that is neither an object nor an array, at any depth: what keywords look at. */
export function* leavesOf(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const item of value) yield* leavesOf(item);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) yield* leavesOf(item);
  } else if (value !== undefined && value !== null) {
    yield value;
  }
}

/** One key to look up, and what remains of the path below it (none: the value itself). */
interface Step {
  readonly key: string;
  readonly below: readonly Step[];
}

type Node = Readonly<Record<string, unknown>>;

function stepsFrom(segments: readonly string[], from: number): readonly Step[] {
  const steps: Step[] = [];
  for (let to = from + 1; to <= segments.length; to++) {
    steps.push({
      key: segments.slice(from, to).join('.'),
      below: to === segments.length ? [] : stepsFrom(segments, to),
    });
  }
  return steps;
}

function collect(node: Node, steps: readonly Step[], found: unknown[]): void {
  for (const { key, below } of steps) {
    if (!Object.hasOwn(node, key)) continue;
    const value = node[key];
    if (value === undefined || value === null) continue;
    if (below.length === 0) found.push(value);
    else descend(value, below, found);
  }
}

/** Arrays of objects count as one object with several values, as in Elasticsearch. */
function descend(value: unknown, below: readonly Step[], found: unknown[]): void {
  if (Array.isArray(value)) for (const item of value) descend(item, below, found);
  else if (typeof value === 'object' && value !== null) collect(value as Node, below, found);
}
