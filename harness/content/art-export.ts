// Atomics and their variants as files in Atomic Red Team's layout, for its own runners and for everybody else's.

import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { Atomic } from '../model/atomic.ts';
import { type Variant, variantName, withVariant } from '../model/variant.ts';
import type { ParsedAtomic } from './atomic-file.ts';

/** An atomic as it is written, and what of it is exported. */
export interface Exported {
  readonly parsed: ParsedAtomic;
  readonly atomic: Atomic;
  /** Besides the atomic as it is. */
  readonly variants: readonly Variant[];
}

/** A reader of ours takes no larger file (source.ts), and no person wants one. */
const mostCharacters = 400_000;

/**
 * One file for each technique, `T1053.003/T1053.003.yaml`, with the tests in the order in which they are given. What does
 * not fit into one goes on in a folder of atomics of its own: `part-2/T1053.003/T1053.003.yaml`.
 * @returns path below the folder of atomics → text
 */
export function artFiles(exported: readonly Exported[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const [technique, those] of Map.groupBy(exported, ({ atomic }) => atomic.technique)) {
    const header = those[0]?.parsed.yaml.value as { display_name?: unknown };
    const head = text({ attack_technique: technique, display_name: header.display_name ?? technique });
    inParts(those.flatMap(testsOf).map((test) => text([test]))).forEach((tests, at) => {
      const folder = at === 0 ? technique : `part-${at + 1}/${technique}`;
      files.set(`${folder}/${technique}.yaml`, `${head}atomic_tests:\n${tests.join('')}`);
    });
  }
  return files;
}

const text = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

function inParts(tests: readonly string[]): string[][] {
  const parts: string[][] = [];
  let left = 0;
  for (const test of tests) {
    if (parts.length === 0 || test.length > left) {
      parts.push([]);
      left = mostCharacters;
    }
    parts.at(-1)?.push(test);
    left -= test.length;
  }
  return parts;
}

type Test = Readonly<Record<string, unknown>>;

function testsOf({ parsed, atomic, variants }: Exported): Test[] {
  const test = parsed.path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown>)[step],
    parsed.yaml.value,
  ) as Test;
  const own = { ...test, name: atomic.name, auto_generated_guid: atomic.guid };
  return [own, ...variants.map((variant) => variantOf(own, atomic, variant))];
}

/** The test with other defaults, under a name and a GUID that are the same each time. */
function variantOf(test: Test, atomic: Atomic, variant: Variant): Test {
  const { inputs } = withVariant(atomic, variant);
  const written = test.input_arguments as Readonly<Record<string, object>>;
  const id = variantName(atomic.slug, variant);
  return {
    ...test,
    name: `${atomic.name} (${Object.entries(variant.axes)
      .map(([axis, value]) => `${axis} ${value}`)
      .join(', ')})`,
    auto_generated_guid: guidOf(atomic.guid, id),
    description: `${atomic.description}\n\nVariant ${id}: it changes ${(variant.changes ?? []).join(', ')}.\n`,
    input_arguments: Object.fromEntries(
      Object.entries(written).map(([name, input]) => [
        name,
        Object.hasOwn(variant.inputs, name) ? { ...input, default: inputs[name]?.default } : input,
      ]),
    ),
  };
}

/** RFC 9562 version 8, the one for schemes of one's own. */
function guidOf(base: string, id: string): string {
  const hex = createHash('sha256').update(`${base}\n${id}`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
