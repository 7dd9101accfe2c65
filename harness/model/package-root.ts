// Where the bundled content lies (atomics/, detections/, containers/), whether the code runs from source or from dist/.

import { fileURLToPath } from 'node:url';

/**
 * The folder that holds package.json, without a slash at the end. The build keeps the tree (harness/model → dist/model),
 * so that this file is two folders below it in both.
 */
export const packageRoot: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
