// An atomic's command with its input arguments filled in, as Atomic Red Team's own runner does it.

/**
 * Fills in `#{name}` and the atomics folder.
 *
 * Arguments are replaced one after the other in the order of `inputs`, so that a value may mention an argument that
 * comes later. A name without a value stays as it is: ART's runner leaves it to the shell, and so do we.
 *
 * @param text command, cleanup or dependency check
 * @param inputs values by argument name
 * @param atomicsFolder what `$PathToAtomicsFolder` and `PathToAtomicsFolder` stand for; absent: they stay
 */
export function renderCommand(
  text: string,
  inputs: Readonly<Record<string, string>>,
  atomicsFolder?: string,
): string {
  let rendered = text;
  for (const [name, value] of Object.entries(inputs))
    rendered = rendered.replaceAll(`#{${name}}`, () => value);
  if (atomicsFolder === undefined) return rendered;
  return rendered.replaceAll(/\$?PathToAtomicsFolder/gi, () => atomicsFolder);
}

/** The default of every input argument: what a run starts from. */
export const defaultInputs = (
  inputs: Readonly<Record<string, { default: string }>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]));

/** Names that a text refers to as `#{name}`, in order of appearance. */
export const referencedInputs = (text: string): string[] => [
  ...new Set([...text.matchAll(/#\{(.*?)\}/g)].map((match) => match[1] as string)),
];
