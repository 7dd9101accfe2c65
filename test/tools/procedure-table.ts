// `npm run table`: writes the table of procedures into atomics/README.md, from the atomics and their expectations.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAtomics } from '../../harness/content/atomics.ts';
import { procedureTable, withTable } from '../../harness/content/procedure-table.ts';
import { readTargets } from '../../harness/content/targets.ts';
import { packageRoot } from '../../harness/model/package-root.ts';

const file = join(packageRoot, 'atomics/README.md');
const { atomics, expectations } = loadAtomics({ bundled: true, foreign: [] });
writeFileSync(
  file,
  withTable(readFileSync(file, 'utf8'), procedureTable(atomics, expectations, readTargets())),
);
