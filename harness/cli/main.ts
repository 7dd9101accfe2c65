#!/usr/bin/env node
// Where the program begins: what Node compiles of it is kept, so that the next command starts three times as fast.

import { existsSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

// Below the user's own folder: in a shared one, somebody else could put code there. Node says nothing where it can't be
// written, and NODE_DISABLE_COMPILE_CACHE turns it off.
const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
// A Node that is too old has no such cache, and is told of in process.ts. This file is compiled before: package.json sets
// the same folder in the environment, so that Node needs no TypeScript parser for it either.
try {
  const kept = join(caches, 'atomclock/compile');
  // Node would make the folder with all above it, and never end where none can be made, as below /proc.
  for (const folder of [caches, dirname(kept), kept]) if (!existsSync(folder)) mkdirSync(folder);
  module.enableCompileCache?.(kept);
} catch {}
await import('./process.ts');
