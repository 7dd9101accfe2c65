// The numbers of a range as a regular expression: Lucene's operator <n-m>.

/**
 * RE2 for the decimal numbers from one to another, in either order.
 * Written equally wide, they stand for numbers of that width; otherwise any number of zeros may stand in front.
 * Source: org.apache.lucene.util.automaton.RegExp, `<n-m>`, and Automata.makeDecimalInterval.
 */
export function decimalInterval(from: string, to: string): string {
  if (from.length === to.length) return from <= to ? between(from, to) : between(to, from);
  const [least = '', most = ''] = [BigInt(from), BigInt(to)].sort((a, b) => (a < b ? -1 : 1)).map(String);
  const byWidth: string[] = [];
  for (let width = least.length; width <= most.length; width++) {
    const first = width === least.length ? least : `1${'0'.repeat(width - 1)}`;
    byWidth.push(between(first, width === most.length ? most : '9'.repeat(width)));
  }
  return `0*(?:${byWidth.join('|')})`;
}

/** The digits from one text of digits to another of the same width. */
function between(first: string, last: string): string {
  if (/^0+$/.test(first) && /^9+$/.test(last)) return anyDigits(first.length);
  const [low = '', high = ''] = [first[0], last[0]];
  const [lowRest, highRest] = [first.slice(1), last.slice(1)];
  if (low === high) return low === '' ? '' : low + between(lowRest, highRest);
  const width = lowRest.length;
  const alternatives = [
    low + between(lowRest, '9'.repeat(width)),
    high + between('0'.repeat(width), highRest),
  ];
  const [afterLow, beforeHigh] = [Number(low) + 1, Number(high) - 1];
  if (afterLow <= beforeHigh) alternatives.push(`[${afterLow}-${beforeHigh}]${anyDigits(width)}`);
  return `(?:${alternatives.join('|')})`;
}

const anyDigits = (width: number): string => (width === 0 ? '' : `[0-9]{${width}}`);
