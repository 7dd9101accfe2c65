// One event of a bare stream, which has no ids of its own.

/** An event and the 1-based line that it came from. */
export interface NumberedEvent {
  line: number;
  event: object;
}
