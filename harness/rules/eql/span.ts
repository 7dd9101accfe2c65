// What a token or a node of a query covers.

/** Offsets into the query, in UTF-16 code units from 0; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
