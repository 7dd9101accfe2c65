// The page's script, put together from the modules in client/: they run in a browser, so they are no part of the harness.

// biome-ignore lint/style/noRestrictedImports: its own modules are constants, as if they stood here; Node cannot import text.
import { readFileSync } from 'node:fs';

/** Each after those that it imports. */
const modules = [
  'dom',
  'arrows',
  'links',
  'page-data',
  'rows',
  'event',
  'reading',
  'schedules',
  'timeline',
  'process-tree',
  'triage',
  'case',
  'rule',
  'tables',
  'filters',
  'print',
  'main',
];

let joined: string | undefined;

/** One script of all of them. */
export function clientScript(): string {
  joined ??= scriptOf(modules.map((name) => ({ name, text: moduleText(name) })));
  return joined;
}

export interface Module {
  readonly name: string;
  readonly text: string;
}

/**
 * Puts modules together, each in a scope of its own: what two of them call by the same name stays two things.
 * @param each after those that it imports, by `import { … } from './name.js';` alone
 */
export const scriptOf = (each: readonly Module[]): string =>
  `'use strict';\n{\nconst modules = {};\n${each.map(scoped).join('\n')}}\n`;

/** What a module exports is there by name once its text has run: nothing exported may be assigned later. */
function scoped({ name, text }: Module): string {
  const body = text
    .replace(
      /^import \{([^}]*)\} from '\.\/([\w-]+)\.js';\n/gm,
      (_, names: string, from: string) => `const {${names}} = modules['${from}'];\n`,
    )
    .replace(/^export (?=(?:const|function|class) )/gm, '');
  const exported = [...text.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, one]) => one);
  return `modules['${name}'] = (() => {\n${body}return { ${exported.join(', ')} };\n})();\n`;
}

const moduleText = (name: string): string =>
  readFileSync(new URL(`client/${name}.js`, import.meta.url), 'utf8');
