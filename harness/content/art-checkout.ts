// A whole checkout of Atomic Red Team: which of its files hold atomics, so that nothing else of it is looked at.

import type { FoundFile } from './folder.ts';

/** `atomics/T1053.003/T1053.003.yaml`, from the repository's folder or from `atomics` itself. */
const techniqueFile = /^(atomics\/)?(T\d{4}(?:\.\d{3})?)\/\2\.ya?ml$/;
/** Of a technique's folder what its tests use stands in folders of its own. */
const besideAtomics = /^(?:atomics\/)?T\d{4}(?:\.\d{3})?\/[^/]+$/;

/**
 * Leaves out what a checkout has besides its atomics: indexes, workflows, documentation, payloads that happen to be YAML.
 * @param files as found below what was given
 * @returns those in the folders of techniques, and expectations of the user's anywhere; all of them where the files do
 *   not lie as in a checkout
 * @source https://github.com/redcanaryco/atomic-red-team, `atomics/`
 */
export function withoutRestOfCheckout(
  files: readonly FoundFile[],
  isExpectation: (name: string) => boolean,
): readonly FoundFile[] {
  if (!isCheckout(files)) return files;
  return files.filter(
    ({ relativePath }) =>
      besideAtomics.test(relativePath) ||
      isExpectation(relativePath.slice(relativePath.lastIndexOf('/') + 1)),
  );
}

/** A folder of techniques alone is one, too: there is nothing to leave out beside its indexes. */
function isCheckout(files: readonly FoundFile[]): boolean {
  const prefixes = files.flatMap(({ relativePath }) => {
    const found = techniqueFile.exec(relativePath);
    return found ? [found[1] ?? ''] : [];
  });
  return prefixes.includes('atomics/') || (prefixes.length > 0 && files.some(isIndex));
}

const isIndex = ({ relativePath }: FoundFile): boolean => /^Indexes\//.test(relativePath);
