// The parser of all of YAML, loaded when a text needs it: most are plain (plain-yaml.ts), and loading it takes longer than
// reading them.

import { createRequire } from 'node:module';

type Yaml = typeof import('yaml');

let loaded: Yaml | undefined;

/** The library, the same every time. */
export function yamlLibrary(): Yaml {
  loaded ??= createRequire(import.meta.url)('yaml') as Yaml;
  return loaded;
}
