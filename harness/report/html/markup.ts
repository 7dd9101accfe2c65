// HTML that is safe by construction: what is put into a template is text, unless it is markup from another template.

import { visibleControls } from '../printable.ts';

/** A piece of HTML; only `html` makes it. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type Content = Markup | string | number | false | null | undefined | readonly Content[];

/** Tag for templates. Attribute values must stand in double quotes; nothing may be put into `script` or `style`. */
export const html = (strings: TemplateStringsArray, ...contents: readonly Content[]): Markup =>
  new Markup(
    strings.map((part, index) => part + sourceOf(index < contents.length ? contents[index] : null)).join(''),
  );

function sourceOf(content: Content): string {
  if (content instanceof Markup) return content.source;
  if (content === false || content === null || content === undefined) return '';
  if (typeof content === 'object') return content.map(sourceOf).join('');
  return escapeText(`${content}`);
}

const escapeText = (text: string): string =>
  visibleControls(text).replace(/[&<>"']/g, (character) => entities[character as keyof typeof entities]);

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const;
