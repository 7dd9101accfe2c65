// What the kernel calls a system call on a machine's architecture: records carry numbers only.

import { arm64 } from './arm64.ts';
import { i386 } from './i386.ts';
import { x8664 } from './x86-64.ts';

/** The architecture's name for the ELF machine number in a record's `arch` (libaudit's names); the number where unknown. */
export function archName(hex: string): string {
  return archNames.get(hex.toLowerCase()) ?? hex;
}

/** The call's name; undefined for architectures and numbers that are not in the tables. */
export function syscallName(arch: string, number: number): string | undefined {
  return tables.get(arch)?.().get(number);
}

const archNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    c000003e: 'x86_64',
    '40000003': 'i386',
    c00000b7: 'aarch64',
    '40000028': 'arm',
    c00000f3: 'riscv64',
    c0000015: 'ppc64le',
    '80000015': 'ppc64',
    '80000016': 's390x',
  }),
);

const tables: ReadonlyMap<string, () => ReadonlyMap<number, string>> = new Map(
  Object.entries({
    x86_64: once(x8664),
    i386: once(i386),
    aarch64: once(arm64),
  }),
);

/** Read when first asked for: a log has one architecture, rarely two. */
function once(runs: string): () => ReadonlyMap<number, string> {
  let table: Map<number, string> | undefined;
  return () => {
    if (table) return table;
    table = new Map();
    for (const [, first = '', names = ''] of runs.matchAll(/(\d+): ([^:]+?)(?=\s+\d+:|\s*$)/g))
      for (const [index, name] of names.split(/\s+/).entries()) table.set(Number(first) + index, name);
    return table;
  };
}
