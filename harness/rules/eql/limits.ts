// How much of a hostile query is read before it is refused. The largest rules in public use are a tenth of this.

/** Characters of one query. */
export const maxQueryLength = 1_000_000;
/** Tokens of one query. */
export const maxTokens = 100_000;
/** Parentheses, `not`, signs and function calls inside of one another. */
export const maxDepth = 200;
/** `with runs=N`; Elasticsearch's own bound. */
export const maxRuns = 100;
/** How many combinations of values of multi-valued fields one computed condition tries. */
export const maxCombinations = 10_000;
/** Characters of a regular expression on a field: Elasticsearch's default for `index.max_regex_length`. */
export const maxFieldRegexLength = 1000;
/** Characters of any other, or of one after its translation: compiling takes time for each. */
export const maxRegexLength = 10_000;
