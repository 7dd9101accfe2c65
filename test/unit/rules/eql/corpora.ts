// Where the test data of others is, which the repository does not hold.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** The folder of the corpora: `CORPORA`, else beside the repository. */
export const corpora = process.env.CORPORA ?? `${repository}../shared/corpora`;

/** For `describe.skipIf`: the corpus is not on this machine. */
export const isAbsent = (corpus: string): boolean => !existsSync(`${corpora}/${corpus}`);
