// The arguments that a Dockerfile takes: a build does not fail for one that it is given and does not know.

/**
 * The names by ARG in a Dockerfile's build stages. One declared before the first FROM chooses images and reaches no stage.
 * @source Dockerfile reference, ARG, "Scope" and "Understand how ARG and FROM interact"
 */
export function argumentsOf(dockerfile: string): string[] {
  const names = new Set<string>();
  let isInStage = false;
  for (const instruction of instructions(dockerfile)) {
    const [, keyword = '', rest = ''] = /^([A-Za-z]+)\s+(.*)$/s.exec(instruction) ?? [];
    if (keyword.toUpperCase() === 'FROM') isInStage = true;
    if (!isInStage || keyword.toUpperCase() !== 'ARG') continue;
    for (const [word] of rest.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) names.add(word.replace(/=.*$/s, ''));
  }
  return [...names];
}

/** One text an instruction: comment lines left out, continued lines joined. */
const instructions = (dockerfile: string): string[] =>
  dockerfile
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\[ \t]*\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Docker knows these without ARG. */
export const predefinedArguments: readonly string[] = ['http', 'https', 'ftp', 'no', 'all'].flatMap(
  (kind) => [`${kind}_proxy`, `${kind}_proxy`.toUpperCase()],
);
