// The files of which the page consists: its own, those that it has in common with the report, and the terminal's.
//
// Nothing else can be asked for: each has its address here. They lie as in the package, so that they find each other.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { style } from '../report/html/style.ts';

export interface PageFile {
  readonly type: string;
  readonly content: string;
}

/** Where packages lie is for Node to tell. */
const require = createRequire(import.meta.url);

const script = 'text/javascript; charset=utf-8';
const css = 'text/css; charset=utf-8';

const own = [
  'case-state',
  'case-view',
  'chooser',
  'compare',
  'lesson',
  'main',
  'process-rows',
  'runs',
  'socket',
  'terminal',
];
const shared = ['dom', 'event', 'links', 'process-tree'];

const files: ReadonlyMap<string, { readonly type: string; readonly read: () => string }> = new Map([
  ['/', { type: 'text/html; charset=utf-8', read: () => read('page/index.html') }],
  ['/lab/page/lab.css', { type: css, read: () => read('page/lab.css') }],
  ['/report/style.css', { type: css, read: () => style }],
  ...own.map((name) => pair(`/lab/page/${name}.js`, script, () => read(`page/${name}.js`))),
  ...shared.map((name) =>
    pair(`/report/html/client/${name}.js`, script, () => read(`../report/html/client/${name}.js`)),
  ),
  pair('/xterm/xterm.mjs', script, () => readFileSync(require.resolve('@xterm/xterm/lib/xterm.mjs'), 'utf8')),
  pair('/xterm/addon-fit.mjs', script, () =>
    readFileSync(require.resolve('@xterm/addon-fit/lib/addon-fit.mjs'), 'utf8'),
  ),
  pair('/xterm/xterm.css', css, () => readFileSync(require.resolve('@xterm/xterm/css/xterm.css'), 'utf8')),
]);

const known = new Map<string, PageFile>();

/** The file at an address; null where there is none. */
export function pageFile(path: string): PageFile | null {
  const file = files.get(path);
  if (!file) return null;
  const content = known.get(path) ?? { type: file.type, content: file.read() };
  known.set(path, content);
  return content;
}

function pair(path: string, type: string, read: () => string) {
  return [path, { type, read }] as const;
}

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
}
