// The `expand` modifier: `%name%` in a value stands for values that are given from outside.

/** Placeholder name → the values it stands for, as Sigma strings (wildcards allowed). */
export type Placeholders = Readonly<Record<string, readonly string[]>>;

/** What a value reads as: its placeholders' names, and how to put values in. */
export interface Template {
  readonly names: readonly string[];
  /** One text for every combination of the placeholders' values; undefined when there are more than `limit`. */
  fill(values: (name: string) => readonly string[], limit: number): readonly string[] | undefined;
}

/** Reads `%name%`; `\%` is a plain percent sign, as is one that no second one closes. */
export function parseTemplate(text: string): Template {
  const parts: { readonly literal: string; readonly name?: string }[] = [];
  let from = 0;
  for (const { 0: whole, 1: name = '', index } of text.matchAll(/(?<!\\)%(\w+)%/g)) {
    parts.push({ literal: plainPercent(text.slice(from, index)), name });
    from = index + whole.length;
  }
  const tail = plainPercent(text.slice(from));
  return {
    names: [...new Set(parts.flatMap(({ name }) => name ?? []))],
    fill(values, limit) {
      let texts = [''];
      for (const { literal, name } of parts) {
        const forms = name === undefined ? [''] : values(name);
        if (texts.length * forms.length > limit) return undefined;
        texts = texts.flatMap((before) => forms.map((form) => before + literal + form));
      }
      return texts.map((before) => before + tail);
    },
  };
}

const plainPercent = (text: string): string => text.replaceAll('\\%', '%');
