// Endgame's spelling of EQL in Elasticsearch's: quotes, `=`, and `==` that knew wildcards and could ignore case.

const string = String.raw`(?:\?'(?:\\'|[^'])*'|\?"(?:\\"|[^"])*"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")`;

const raw = String.raw`"""[\s\S]*?"""`;

/** A query or an expression of Endgame's as Elasticsearch would have it written. */
export function elasticSpelling(text: string, ignoreCase: boolean): string {
  const quoted = text.replace(new RegExp(string, 'g'), doubleQuoted);
  return quoted
    .replace(
      new RegExp(
        String.raw`\bmatch(?:Lite)?\(\s*((?:[^(),]|\([^()]*\))+?)\s*,\s*((?:${raw}|${string})(?:\s*,\s*(?:${raw}|${string}))*)\s*\)`,
        'g',
      ),
      (_, source: string, patterns: string) => `${source} regex${ignoreCase ? '~' : ''} (${patterns})`,
    )
    .replace(/(?<![<>=!])=(?!=)(?!\s*(?:true|false)?\s*\d+(?:ms|[smhd])\b)/g, '==')
    .replace(
      new RegExp(String.raw`(?<!\.)\b(\w+)\s*!=\s*(${string})`, 'g'),
      (whole, field: string, literal: string) =>
        /[*?]/.test(literal) ? `not ${field} ${ignoreCase ? ':' : 'like'} ${literal}` : whole,
    )
    .replace(new RegExp(String.raw`==\s*(${string})`, 'g'), (whole, literal: string) => {
      if (ignoreCase) return ` : ${literal}`;
      return /[*?]/.test(literal) ? ` like ${literal}` : whole;
    })
    .replace(new RegExp(String.raw`\bin\s*\(\s*(?=${string})`, 'g'), ignoreCase ? 'in~ (' : 'in (')
    .replace(
      /\b(between|endsWith|indexOf|startsWith|stringContains|wildcard)\(/g,
      ignoreCase ? '$1~(' : '$1(',
    );
}

function doubleQuoted(literal: string): string {
  if (literal.startsWith('?')) return `"""${literal.slice(2, -1)}"""`;
  return `"${literal.slice(1, -1).replaceAll("\\'", "'")}"`;
}
