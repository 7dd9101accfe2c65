// Sections of a Markdown report, put together so that the whole is no longer than its reader takes.

export interface Section {
  /** Heading and the head of its table; always there. */
  readonly head: string;
  readonly rows: readonly Row[];
  /** What stands below the rows; always there. */
  readonly foot?: string;
}

export interface Row {
  readonly text: string;
  /** Whether it is kept before others where not all of them can be. */
  readonly urgent: boolean;
}

export interface Limit {
  readonly most: number;
  /** What is counted: characters or bytes. */
  readonly sizeOf: (text: string) => number;
  /** Where the reader finds what is left out, as a clause. */
  readonly elsewhere: string;
}

export const rowsOf = (texts: readonly string[]): Row[] => texts.map((text) => ({ text, urgent: false }));

/**
 * All sections as one text. Where that is too long, the longest sections lose rows until it is not, and say how many;
 * none loses any while a longer one still has more.
 */
export function joinSections(sections: readonly Section[], { most, sizeOf, elsewhere }: Limit): string {
  const textOf = (parts: readonly Part[]) => joinParts(parts, elsewhere);
  const whole = textOf(sections.map((section) => ({ section, kept: section.rows })));
  if (sizeOf(whole) <= most) return whole;
  const frame = sizeOf(textOf(sections.map((section) => ({ section, kept: [] }))));
  const lengths = sections.map(({ rows }) => rows.reduce((sum, { text }) => sum + sizeOf(text) + 1, 0));
  const share = fairShare(lengths, most - frame);
  return textOf(sections.map((section) => ({ section, kept: keptRows(section.rows, share, sizeOf) })));
}

interface Part {
  readonly section: Section;
  readonly kept: readonly Row[];
}

const joinParts = (parts: readonly Part[], elsewhere: string): string =>
  `${parts.map((part) => joinPart(part, elsewhere)).join('\n\n')}\n`;

function joinPart({ section: { head, rows, foot }, kept }: Part, elsewhere: string): string {
  const body = [head, ...kept.map(({ text }) => text)].join('\n');
  const left = rows.length - kept.length;
  const more = left > 0 ? [`… and ${left} more that this text has no room for; ${elsewhere}.`] : [];
  return [body, ...more, ...(foot === undefined ? [] : [foot])].join('\n\n');
}

/** How much each may have so that together they have no more than there is. */
function fairShare(lengths: readonly number[], room: number): number {
  let left = Math.max(0, room);
  const ascending = lengths.toSorted((a, b) => a - b);
  for (const [at, length] of ascending.entries()) {
    const share = left / (ascending.length - at);
    if (length > share) return share;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}

/** Urgent rows before others, in the order in which they all stand; one that alone is too long gives way to the next. */
function keptRows(rows: readonly Row[], room: number, sizeOf: Limit['sizeOf']): Row[] {
  const kept = new Set<Row>();
  let left = room;
  for (const row of [...rows.filter(({ urgent }) => urgent), ...rows.filter(({ urgent }) => !urgent)]) {
    const size = sizeOf(row.text) + 1;
    if (size > room) continue;
    if (size > left) break;
    left -= size;
    kept.add(row);
  }
  return rows.filter((row) => kept.has(row));
}
