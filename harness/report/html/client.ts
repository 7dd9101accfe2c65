// The page's script, put together from the modules in client/: they run in a browser, so they are no part of the harness.

// biome-ignore lint/style/noRestrictedImports: its own modules are constants, as if they stood here; Node cannot import text.
import { readFileSync } from 'node:fs';

/** Each after those that it imports. */
const modules = [
  'dom',
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

/** One script of all of them: they share its scope, so that what they import of each other is there by its name. */
export function clientScript(): string {
  joined ??= `'use strict';\n{\n${modules.map(moduleText).join('\n')}}\n`;
  return joined;
}

const moduleText = (name: string): string =>
  readFileSync(new URL(`client/${name}.js`, import.meta.url), 'utf8')
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export (?=const |let |function |class )/gm, '');
