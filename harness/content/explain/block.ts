// What an explanation is made of; how it looks is for whoever shows it.

export type Block =
  | {
      readonly kind: 'title';
      readonly name: string;
      readonly text: string;
      readonly facts: readonly string[];
    }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] };

/** A heading with its list; nothing at all when the list is empty. */
export const listed = (heading: string, items: readonly string[]): Block[] =>
  items.length === 0
    ? []
    : [
        { kind: 'heading', text: heading },
        { kind: 'list', items },
      ];
