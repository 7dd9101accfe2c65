// The house as its files import each other, types included: no circles, and no floor but as harness/README.md says.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/model/package-root.ts';

/** A file below harness/ and the files there that it imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

const harness = join(packageRoot, 'harness');
const graph: Graph = graphOf(
  readdirSync(harness, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, readFileSync(join(harness, file), 'utf8')] as const),
);

describe('the walk', () => {
  it.each([
    ["import { a } from './b.ts';", ['x/b.ts']],
    ["import type { A } from '../y/b.ts';", ['y/b.ts']],
    ["import {\n  a,\n  type B,\n} from './b.ts';\nimport c from './c.ts';", ['x/b.ts', 'x/c.ts']],
    ["export { a } from './b.ts';\nexport type * from './c.ts';", ['x/b.ts', 'x/c.ts']],
    ["import './b.ts';", ['x/b.ts']],
    ["const { a } = await import('./b.ts');", ['x/b.ts']],
    ["const a = (b: import('./b.ts').B) => b;", ['x/b.ts']],
    ["import fs from 'node:fs';\n// taken from './b.ts'\nconst from = './c.ts';", []],
  ])('of %j finds each import', (text, expected) => {
    expect(graphOf([['x/a.ts', text]]).get('x/a.ts')).toEqual(expected);
  });

  it('has seen the house', () => {
    expect(graph.get('cli/commands/run.ts')).toContain('main/run.ts');
    expect([...graph.values()].flat().filter((file) => !graph.has(file))).toEqual([]);
  });
});

describe('circles', () => {
  it.each([
    [[], { a: ['b'], b: ['c'], c: [] }],
    [[], { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }],
    [['a → b → a'], { a: ['b'], b: ['a'] }],
    [['a → a'], { a: ['a'] }],
    [['b → c → d → b'], { a: ['b'], b: ['c'], c: ['d'], d: ['b'], e: ['d'] }],
    [['a → b → a', 'c → d → c'], { a: ['b', 'c'], b: ['a'], c: ['d'], d: ['c'] }],
  ])('are found: %j', (expected, made: Record<string, string[]>) => {
    expect(circlesIn(new Map(Object.entries(made)))).toEqual(expected);
  });

  it('there are none among the files', () => {
    expect(circlesIn(graph)).toEqual([]);
  });
});

describe('the floors', () => {
  const floors = floorsOf(readFileSync(join(harness, 'README.md'), 'utf8'));
  const folders = [...new Set([...graph.keys()].map(folderOf))];

  it('of all folders stand in harness/README.md', () => {
    expect([...floors.keys()].toSorted()).toEqual(folders.toSorted());
  });

  it('hold', () => {
    const wrong = [...graph].flatMap(([file, imports]) =>
      imports.filter((to) => !mayImport(floors, file, to)).map((to) => `${file} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['model/a.ts', 'model/b.ts', true],
    ['model/a.ts', 'rules/index.ts', false],
    ['docker/image/a.ts', 'engine/ports.ts', true],
    ['docker/image/a.ts', 'engine/run/plan.ts', false],
    ['docker/image/a.ts', 'content/targets.ts', false],
    ['main/a.ts', 'docker/image/a.ts', true],
    ['main/a.ts', 'cli/io.ts', false],
    ['main/a.ts', 'lab/server.ts', false],
    ['lab/a.ts', 'main/run.ts', true],
    ['lab/a.ts', 'content/lesson.ts', false],
    ['cli/a.ts', 'lab/server.ts', true],
    ['cli/a.ts', 'report/table.ts', true],
    ['cli/a.ts', 'engine/ports.ts', false],
  ])('say of %s that it imports %s: %s', (file, to, expected) => {
    expect(mayImport(floors, file, to)).toBe(expected);
  });
});

function graphOf(files: readonly (readonly [file: string, text: string])[]): Graph {
  const statement = /^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return new Map(
    files.map(([file, text]) => {
      const specifiers = [...text.matchAll(statement)].map(([, named, called]) => named ?? called ?? '');
      const paths = specifiers
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.normalize(posix.join(dirname(file), specifier)));
      return [file, [...new Set(paths)]];
    }),
  );
}

/** Every circle that a walk in depth comes upon, as the way around it. */
function circlesIn(graph: Graph): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return circles;
}

const folderOf = (file: string): string => file.slice(0, file.indexOf('/'));

/** The table of floors: folder, and what it may import (a folder, a file without its ending, or all but some). */
function floorsOf(readme: string): ReadonlyMap<string, string> {
  return new Map(
    [...readme.matchAll(/^\| `(\w+)\/` \| ([^|]+) \|/gm)].map(([, folder = '', allowed = '']) => [
      folder,
      allowed.trim(),
    ]),
  );
}

function mayImport(floors: ReadonlyMap<string, string>, file: string, to: string): boolean {
  const folder = folderOf(file);
  if (folderOf(to) === folder) return true;
  const allowed = floors.get(folder) ?? '';
  const but = /^all but (.*)$/.exec(allowed)?.[1];
  const named = (but ?? allowed).split(', ');
  const isNamed = named.includes(folderOf(to)) || named.includes(to.replace(/\.ts$/, ''));
  return but === undefined ? isNamed : !isNamed;
}
