// What stands in a page as it is: our own constants, and data as JSON.

import { compactJson } from '../json.ts';
import { Markup } from './markup.ts';

/** Our own constants, and JSON that `embedded` has made safe. */
export const trusted = (source: string): Markup => new Markup(source);

/** No `<` means no `</script>` and no `<!--`. */
export const embedded = (value: unknown): Markup => trusted(compactJson(value).replaceAll('<', '\\u003c'));
