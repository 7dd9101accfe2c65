// Names of fields that several sensors give in the same shape.

/** `process.parent.pid`, … from `process.parent` and `pid`, …. */
export const below = (prefix: string, ...names: readonly string[]): string[] =>
  names.map((name) => `${prefix}.${name}`);

/** An account has an id, and a name where the target's tables know one. */
export const accounts = (...places: readonly string[]): string[] =>
  places.flatMap((place) => below(place, 'id', 'name'));

/** Of every event, whatever it is of. */
export const envelope: readonly string[] = [
  '@timestamp',
  ...below('event', 'id', 'kind', 'category', 'type', 'action', 'dataset', 'sequence'),
  'host.os.type',
];

/** Everything that the harness adds to ECS. */
export const ownFields = 'atomclock.';
