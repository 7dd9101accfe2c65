// Findings with the place of their case in the run: cases are judged as they end, and told in the order of the plan.

export interface Placed<What> {
  /** Place of the case. */
  readonly at: number;
  readonly what: What;
}

/** In the order of the run, whatever the order in which they came. */
export const inPlace = <What>(placed: readonly Placed<What>[]): What[] =>
  placed.toSorted((one, other) => one.at - other.at).map(({ what }) => what);
