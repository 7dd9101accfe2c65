// Runs where /run is a fresh one: finds out what is wrong with the engine there, mends it, says what happened as JSON.

import { readFileSync } from 'node:fs';
import { engineTrouble } from '../../../harness/docker/host/engine-fault.ts';
import { mendEngine } from '../../../harness/docker/host/install-engine.ts';
import { AtomclockError } from '../../../harness/model/errors.ts';

const trouble = await engineTrouble(undefined);
const progress: string[] = [];
let failure: string | null = null;
try {
  await mendEngine(trouble, null, (line) => progress.push(line));
  // The stub was started in a session of its own, to outlive whoever started it.
  process.kill(Number(readFileSync('/var/run/docker.pid', 'utf8')));
} catch (error) {
  if (!(error instanceof AtomclockError)) throw error;
  failure = error.message;
}
process.stdout.write(JSON.stringify({ kind: trouble.kind, progress, failure }));
