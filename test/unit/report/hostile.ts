// Text that no format may take for its own, put wherever a record has free text.

/** Control characters, markup, and the structure of each format, where a reporter expects words. */
export const hostile = [
  '\u001b[31mred\u001b]0;title\u0007\u009b2J', // ANSI, OSC, C1
  '</script><script>alert(1)</script><img src=x onerror=alert(1)>',
  ']]> --> <!-- <![CDATA[ & &lt; " \' `',
  'line one\nline two\r\n::error::injected\t| cell | *bold* [link](javascript:alert(1)) # title',
  '\u0000\u0008\ud800 lone \u202egnp.exe\u2028',
].join(' ');

/** Free text of a record; what the schema fixes (verdicts, kinds, times) stays. */
const freeText = new Set([
  'id',
  'guid',
  'slug',
  'name',
  'source',
  'target',
  'user',
  'executable',
  'commandLine',
  'scheduler',
  'command',
  'stdout',
  'stderr',
  'path',
  'rule',
  'nearest',
  'reason',
  'detail',
  'title',
  'file',
  'branch',
  'place',
  'error',
  'unavailable',
  'kernel',
  'docker',
  'harness',
  'case',
  'eventId',
  'atomic',
  'attack',
  'text',
  'message',
  'when',
  'value',
  'field',
  'owner',
]);
const freeLists = new Set([
  'lineage',
  'residue',
  'reasons',
  'technique',
  'sensors',
  'firedIn',
  'eventIds',
  'attacks',
]);

/** @param key the name that the value has in what holds it */
export function poison(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    return value.map((item) =>
      typeof item === 'string' && freeLists.has(key) ? `${item}${hostile}` : poison(item),
    );
  }
  if (typeof value === 'string') return freeText.has(key) ? `${value}${hostile}` : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, name)]));
}
